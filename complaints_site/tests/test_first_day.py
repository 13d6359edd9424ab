"""The first day of a new installation: it is empty, and is set up without a developer."""

import pytest
from django.core.management import call_command

from cases.models import Landlord
from cases.operations.set_up import CATEGORIES
from complaints_site.tests.installation import ROOT
from complaints_site.tests.servers import free_port

PASSWORD = "three words and a few more"
SERVICE = {
    "SECRET_KEY": "only-for-tests-" + "x" * 50,
    "DEMONSTRATION": "false",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "complaints.example",
    "PUBLIC_BASE_URL": "https://complaints.example",
    "MAIL_STAYS_HERE": "true",
}


@pytest.mark.django_db
def test_the_first_administrator_is_led_to_the_page_that_sets_the_landlord_up(client, monkeypatch):
    monkeypatch.setattr("cases.middleware.Memory.is_set_up", False)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", interactive=False, email="ines@landlord.example", name="Ines Costa"
    )
    assert "Not open yet" in client.get("/", follow=True).content.decode()

    page = client.post(
        "/sign-in/", {"email": "ines@landlord.example", "password": PASSWORD}, follow=True
    )
    assert page.redirect_chain[-1][0] == "/set-up/"
    landlord = {"name": "Harbourside Homes", "nation": "scotland", "procedure": "code-2024"}
    done = client.post("/set-up/", landlord, follow=True)

    assert done.redirect_chain[-1][0] == "/settings/"
    assert "Harbourside Homes is set up" in done.content.decode()
    assert Landlord.objects.get().nation == "scotland"
    client.logout()
    assert "Harbourside Homes" in client.get("/let-us-know/").content.decode()


@pytest.mark.servers
@pytest.mark.one_database
def test_a_production_installation_starts_empty_and_every_command_works_without_an_env_file(
    install,
):
    site = install(database="sqlite", **SERVICE)
    site.manage("migrate", "--verbosity", "0")

    assert site.rows("SELECT COUNT(*) FROM cases_user") == [(0,)]
    assert site.rows("SELECT COUNT(*) FROM cases_landlord") == [(0,)]
    commands = [
        path.stem
        for app in ("cases", "complaints_site")
        for path in (ROOT / app / "management" / "commands").glob("[a-z]*.py")
    ]
    for command in commands:
        assert site.manage(command, "--help").stdout.startswith("usage:"), command
    said = site.manage(
        "set_up", "--name", "Homes", "--nation", "scotland", "--procedure", "livv-two-stage"
    )
    assert "Homes is set up" in said.stdout
    assert (
        "set up already"
        in site.manage(
            "set_up",
            "--name",
            "Others",
            "--nation",
            "scotland",
            "--procedure",
            "code-2024",
            check=False,
        ).stderr
    )
    refused = site.manage("demonstrate", "--port", str(free_port()), check=False)
    assert (refused.returncode, "somebody’s real installation" in refused.stderr) == (1, True)
    assert site.rows("SELECT COUNT(*) FROM cases_user") == [(0,)]
    assert site.rows("SELECT COUNT(*) FROM cases_category") == [(len(CATEGORIES),)]
