"""Counts the numbered rules of the landlords' documents: tested, or said to come later.

    python -m cases.tests.rule_count

A rule is tested where a test is marked `@pytest.mark.rule("K3-10")`. A rule that is not there yet
is told in docs/procedures.md, where every rule is restated, with the words "Comes in a later
release". Ends with exit code 1 if a rule has neither, or is not restated.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cases.tests.procedures.numbers import RULES

ROOT = Path(__file__).resolve().parents[2]
APPS = ("cases", "feedback", "reporting", "complaints_site")
LATER = "Comes in a later release"
_RESTATED = re.compile(
    r"^- \*\*([A-Z0-9]+-\d+)\*\*(.*?)(?=^- \*\*|^#|\Z)", re.MULTILINE | re.DOTALL
)


def marked_rules(source: str) -> set[str]:
    """Return the numbers by which the tests in a module are marked."""
    return {
        argument.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def restated_rules(text: str) -> dict[str, str]:
    """Return what the document says under each number."""
    return {number: " ".join(words.split()) for number, words in _RESTATED.findall(text)}


def faults(tested: Iterable[str], restated: dict[str, str]) -> Iterator[str]:
    """Yield what is missing or contradicts itself, a sentence each."""
    known = set(tested)
    for rule in RULES:
        if rule not in restated:
            yield f"{rule} is not restated in docs/procedures.md."
        elif LATER in restated[rule] and rule in known:
            yield f"{rule} is said to come later, and is tested."
        elif LATER not in restated[rule] and rule not in known:
            yield f"{rule} has neither a test nor a later release."
    for number in sorted(known - set(RULES)):
        yield f"{number} is no rule that there is."


def tests() -> Iterator[Path]:
    """Yield the modules that hold tests."""
    for app in APPS:
        yield from sorted((ROOT / app).glob("**/tests/**/test_*.py"))


def main() -> int:
    """Tell what is missing, and how many rules are tested and how many come later."""
    tested = {rule for path in tests() for rule in marked_rules(path.read_text(encoding="utf-8"))}
    restated = restated_rules((ROOT / "docs/procedures.md").read_text(encoding="utf-8"))
    found = list(faults(tested, restated))
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    later = [rule for rule in RULES if LATER in restated.get(rule, "")]
    count = len(tested & set(RULES))
    sys.stdout.write(f"{len(RULES)} rules: {count} tested, {len(later)} later\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
