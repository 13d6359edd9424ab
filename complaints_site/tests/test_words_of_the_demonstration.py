"""What the demonstration writes in letters needs none of our advice about promises."""

import ast
from datetime import date
from pathlib import Path

import pytest

from cases.rules.written_promises import promises_in
from complaints_site.demonstration import afterwards, arrivals, mail, play, scripts, stories


@pytest.mark.parametrize(
    "module", [afterwards, arrivals, mail, play, scripts, stories], ids=lambda each: each.__name__
)
def test_nothing_that_the_demonstration_writes_is_taken_for_a_promise(module):
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]

    found = [each for text in texts for each in promises_in(str(text), today=date(2026, 6, 22))]

    assert found == []
