"""Papers set as tagged PDF by typst. What they say goes in as data and means nothing to it."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fontpkg_atkinson_hyperlegible
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import manimgx_fonts
import pylopdf_fonts_zh_cn
from django.conf import settings

from cases.later import Later

if TYPE_CHECKING:
    import typst
else:
    typst = Later("typst")

FONTS = (fontpkg_atkinson_hyperlegible, fontpkg_noto_sans, fontpkg_noto_sans_arabic)
# Of packages with many fonts only these, so that none stands in for another of the same name.
SOME = {
    manimgx_fonts: ("NotoSansBengali", "NotoSansGujarati", "NotoSansGurmukhi", "NotoSansTamil"),
    pylopdf_fonts_zh_cn: ("NotoSansSC-Regular",),
}
# Stands for a sign that none of the fonts has.
UNKNOWN_SIGN = "□"
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Signs that show nothing, and that some fonts lack: all control signs but the ends of lines.
_CONTROLS = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    folders = [str(Path(font.__file__).parent / "files") for font in FONTS]
    folders.append(str(_chosen()))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def _chosen() -> Path:
    """Return the folder with the chosen fonts of large packages, links to where they lie."""
    folder = Path(settings.DATA_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for package, names in SOME.items():
        for path in Path(package.__file__).parent.iterdir():
            link = folder / path.name
            if path.name.startswith(names) and link.resolve() != path.resolve():
                fresh = folder / f".{secrets.token_hex(8)}"
                fresh.symlink_to(path)
                fresh.replace(link)
    return folder


def set_paper(paper: Mapping[str, Any], *, at: datetime, logo: bytes = b"") -> bytes:
    """Return a paper as PDF/UA-1. The same paper at the same instant gives the same bytes.

    A sign that no font has is shown as □, and a logo that cannot be drawn is left out: a letter
    is never held up by one.
    """
    words = json.dumps(_cleaned(paper), ensure_ascii=False)
    while True:
        try:
            return _compile(words, logo, at)
        except typst.TypstError as error:
            unshown = _unshown(f"{error.message}\n{error.diagnostic}") & set(words)
            if not unshown and logo:
                logo = b""
                continue
            if not unshown:
                raise
            words = words.translate({ord(sign): UNKNOWN_SIGN for sign in unshown})


def _compile(words: str, logo: bytes, at: datetime) -> bytes:
    folder = Path(settings.BASE_DIR) / "templates" / "papers"
    compiler = typst.Compiler(
        input=str(folder / "paper.typ"), root=str(folder), font_paths=_fonts()
    )
    made = compiler.compile(
        format="pdf",
        sys_inputs={"paper": words} | ({"logo": json.dumps(list(logo))} if logo else {}),
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("One document was to be made.")
    return made


def _cleaned(value: Any) -> Any:
    """Return the same without signs that show nothing."""
    if isinstance(value, str):
        return _CONTROLS.sub(" ", value)
    if isinstance(value, Mapping):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value


def _unshown(told: str) -> set[str]:
    """Return the signs that the fonts lack, as the refusal names them."""
    found: set[str] = set()
    for text in _UNSHOWN.findall(told):
        found |= set(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))
    return found - {UNKNOWN_SIGN}
