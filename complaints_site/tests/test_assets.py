"""What is built from static/: small enough, complete, and from nowhere else."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
KILOBYTE = 1024


@pytest.mark.parametrize(
    ("name", "most"),
    [("public.css", 16), ("public.rtl.css", 16), ("staff.css", 22), ("house.js", 15)],
)
def test_a_file_stays_within_what_a_slow_telephone_can_fetch(
    built_assets: Path, name: str, most: int
):
    size = len(gzip.compress((built_assets / name).read_bytes(), 9))

    assert size <= most * KILOBYTE


@pytest.mark.parametrize("name", ["public.css", "public.rtl.css", "staff.css"])
def test_a_style_sheet_asks_for_no_other_file(built_assets: Path, name: str):
    asked = re.findall(r"url\(([^)]*)\)|@import", (built_assets / name).read_text())

    assert [address for address in asked if not address.strip("\"'").startswith("data:")] == []


def test_the_style_sheet_to_the_left_turns_round_what_has_a_side(built_assets: Path):
    """The arrow of the way back, and its place beside the words."""
    plain, turned = (
        "".join(re.findall(r"\.govuk-back-link\{[^}]*\}", (built_assets / name).read_text()))
        for name in ("public.css", "public.rtl.css")
    )

    assert "padding-left:" in plain
    assert turned == plain.replace("padding-left:", "padding-right:")


def test_the_script_evaluates_no_text_and_names_no_map(built_assets: Path):
    script = (built_assets / "house.js").read_text()

    assert not re.search(r"\beval\(|new Function|sourceMappingURL", script)


def test_nothing_of_the_crown_is_used(built_assets: Path):
    style = (built_assets / "staff.css").read_text()

    assert "GDS Transport" not in style
    assert "govuk-header" not in style
    assert "govuk-footer" not in style


def test_the_lock_file_names_versions_and_no_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


def test_production_can_collect_and_compress_all_of_it(built_assets: Path, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    assert {"house.js", "icon.svg", "public.css", "staff.css"} <= set(
        json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    )
