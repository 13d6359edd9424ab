"""The files with which the system is put on a machine agree with the settings and each other."""

import re
import shlex

import pytest
import yaml

from complaints_site.tests.installation import ROOT

pytestmark = pytest.mark.one_database
# Read by the compose file for PostgreSQL's own roles, not by the settings.
OF_THE_DATABASE = {"OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD"}
# Given by the image or by compose itself; nobody writes them into an .env.
GIVEN = {"DATABASE_URL", "DATABASE_APP_ROLE", "REDIS_URL", "DATA_DIR"}
# For a demonstration, for errors, or settled when the image is built.
NOT_IN_COMPOSE = {"DEBUG", "DEMONSTRATION", "ENV_FILE", "STATIC_ROOT", "STATICFILES_STORAGE"}
SECRETS = {"SECRET_KEY", "EMAIL_URL", *OF_THE_DATABASE}


def read_by_the_settings():
    """Return the names that the settings read from the environment."""
    source = (ROOT / "complaints_site" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"""env\.\w+\(\s*["'](\w+)["']""", source))


@pytest.fixture
def compose():
    """The compose file, read as Compose reads it."""
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def dockerfile():
    """The lines of the Dockerfile without comments, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_compose_sets_nothing_that_the_settings_do_not_read(compose):
    for name in ("migrate", "web", "worker", "beat"):
        assert set(compose["services"][name]["environment"]) <= read_by_the_settings(), name


def test_compose_hands_on_every_setting_but_those_that_the_image_or_nobody_sets(compose):
    for name in ("migrate", "web", "worker", "beat"):
        handed_on = set(compose["services"][name]["environment"])
        assert read_by_the_settings() - handed_on - NOT_IN_COMPOSE <= {"DATABASE_APP_ROLE"}, name


def test_compose_reads_from_its_env_what_the_example_explains_and_the_passwords_of_the_roles():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    asked_for = set(re.findall(r"(?<!\$)\$\{(\w+)", text))

    assert asked_for >= OF_THE_DATABASE
    assert asked_for - OF_THE_DATABASE <= read_by_the_settings() - GIVEN


def test_compose_starts_nothing_without_its_secrets(compose):
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for name in SECRETS:
        used = set(re.findall(rf"\$\{{{name}(.?.?)", text))
        assert used == {":?"}, name


def test_the_serving_processes_use_the_role_that_cannot_change_the_record(compose):
    for name in ("web", "worker", "beat"):
        assert "complaints_app:" in compose["services"][name]["environment"]["DATABASE_URL"]
    migrate = compose["services"]["migrate"]["environment"]
    assert "complaints_owner:" in migrate["DATABASE_URL"]
    assert migrate["DATABASE_APP_ROLE"] == "complaints_app"


def test_what_migrates_also_loads_the_procedures_of_the_release(compose):
    command = " ".join(compose["services"]["migrate"]["command"])

    assert command.endswith("manage.py migrate --noinput && python manage.py load_procedures")


def test_everything_waits_for_the_migration_and_for_what_it_needs(compose):
    services = compose["services"]
    for name in ("web", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["redis"]["condition"] == "service_healthy"
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert all("healthcheck" in services[name] for name in ("database", "redis"))


def test_what_must_last_lies_in_volumes(compose):
    used = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service["volumes"]
    }

    assert used == set(compose["volumes"])
    assert compose["services"]["web"]["environment"]["DATA_DIR"] == "/data"


def test_the_site_is_published_to_this_machine_only(compose):
    published = [port for each in compose["services"].values() for port in each.get("ports", ())]

    assert published == ["127.0.0.1:8000:8000"]


def test_the_image_runs_as_a_user_of_its_own_with_everything_built_into_it(dockerfile):
    at = {line: place for place, line in enumerate(dockerfile)}
    starts = [place for line, place in at.items() if line.startswith("FROM ")]
    user = at["USER complaints"]

    assert len(starts) == 2
    assert user > max(place for line, place in at.items() if "collectstatic" in line)
    assert any(line.startswith("HEALTHCHECK") and "/health/live" in line for line in dockerfile)
    assert not any("SECRET_KEY" in line for line in dockerfile)


def test_the_image_takes_in_only_what_is_there_and_not_ignored(dockerfile):
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    let_in = {name.removeprefix("!") for name in ignored if name.startswith("!")}

    copied = set()
    for line in dockerfile:
        if line.startswith("COPY") and "--from=" not in line:
            words = [word for word in shlex.split(line)[1:] if not word.startswith("--")]
            copied |= set(words[:-1])

    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert ignored[0] == "*"
