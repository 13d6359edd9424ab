"""The settings and their example."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Names the settings file, so it cannot stand in it.
NOT_IN_THE_FILE = {"ENV_FILE"}


def test_the_example_lists_every_setting_that_is_read_and_no_other():
    source = (ROOT / "complaints_site" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""env\.\w+\(\s*["'](\w+)["']""", source))

    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^(\w+)=", example, re.MULTILINE))

    assert listed == read - NOT_IN_THE_FILE


def test_every_setting_in_the_example_has_a_comment_above_its_group():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    groups = [group for group in example.split("\n\n") if "=" in group]

    assert all(group.startswith("#") for group in groups)


def test_every_requirement_says_why_it_is_there_and_which_version():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        packages = [line for line in lines if line and not line.startswith(("#", "-r"))]

        assert all(re.match(r"^[\w.\[\],-]+==[\w.]+\s+# \w+", line) for line in packages), name
