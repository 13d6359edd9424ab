"""A procedure's mapping as the text of a procedure file, which reads back as the same mapping."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 100
INDENT = "    "


def procedure_text(words: Mapping[str, Any]) -> str:
    """Return the file of a procedure, as under `cases/procedures/`: TOML, tables in order."""
    return "\n".join(_table(words, "", 0)).strip("\n") + "\n"


def _table(table: Mapping[str, Any], name: str, depth: int) -> Iterator[str]:
    """Yield the lines of a table: plain values first, as TOML wants them, then what hangs below."""
    indent = INDENT * depth
    for key, value in table.items():
        if not _is_below(value):
            yield indent + _pair(key, value, indent)
    for key, value in table.items():
        if not _is_below(value):
            continue
        below = f"{name}.{key}" if name else key
        deeper = depth + 1 if name else depth
        head = f"[{below}]" if isinstance(value, Mapping) else f"[[{below}]]"
        for each in [value] if isinstance(value, Mapping) else value:
            yield ""
            yield INDENT * deeper + head
            yield from _table(each, below, deeper)


def _is_below(value: Any) -> bool:
    """Say whether the value is a table, or a list of tables."""
    if isinstance(value, Mapping):
        return True
    return bool(isinstance(value, list) and value and isinstance(value[0], Mapping))


def _pair(key: str, value: Any, indent: str) -> str:
    line = f"{key} = {_value(value)}"
    if not isinstance(value, list) or len(indent) + len(line) <= WIDTH:
        return line
    items = "".join(f"{indent}{INDENT}{_value(each)},\n" for each in value)
    return f"{key} = [\n{items}{indent}]"


def _value(value: Any) -> str:
    """Return a value as TOML writes it.

    :raises ValueError: for what a procedure file never holds.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # What JSON escapes TOML escapes in the same way, and besides the delete character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    raise ValueError(f"{value!r} has no place in a procedure file.")
