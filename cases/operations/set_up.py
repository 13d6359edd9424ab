"""Setting a landlord up: its nation's calendar, the shipped procedures, the one it runs."""

from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ProcedureInvalid
from cases.models import (
    Adoption,
    BankHoliday,
    Category,
    Landlord,
    OutsideBodyDetails,
    Procedure,
    ProcedureVersion,
    Thing,
    User,
)
from cases.operations.calendars import publish_calendar
from cases.operations.settings_changes import note_change
from cases.rules.bank_holidays import Nation, bank_holidays
from cases.rules.checker import problems
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.wording import marked

# Shipped versions count for every complaint, however old.
SINCE_EVER = date(2000, 1, 1)

CATEGORIES = (
    ("repairs", marked("Repairs and maintenance")),
    ("damp-and-mould", marked("Damp and mould")),
    ("planned-works", marked("Planned works and improvements")),
    ("asb", marked("How we dealt with anti-social behaviour")),
    ("lettings", marked("Lettings and transfers")),
    ("rent-and-charges", marked("Rent and service charges")),
    ("estates", marked("Estates, cleaning and grounds")),
    ("staff-conduct", marked("Conduct of staff or contractors")),
    ("communication", marked("Communication and information")),
    ("complaint-handling", marked("How an earlier complaint was handled")),
    ("other", marked("Something else")),
)

# The Ombudsman's details as they were and are. New cases by e-mail ended on 13 January 2026.
OMBUDSMAN = (
    (
        date(2000, 1, 1),
        "0300 111 3000",
        "https://www.housing-ombudsman.org.uk",
        "PO Box 152\nLiverpool\nL33 7WQ",
        "",
    ),
    (
        date(2022, 10, 1),
        "0300 111 3000",
        "https://www.housing-ombudsman.org.uk",
        "PO Box 1484, Unit D\nPreston\nPR2 0ET",
        "",
    ),
    (
        date(2026, 1, 13),
        "0300 111 3000",
        "https://www.housing-ombudsman.org.uk",
        "PO Box 1484, Unit D\nPreston\nPR2 0ET",
        "New complaints by the form on their website, by telephone or by post",
    ),
)


@transaction.atomic
def set_up_landlord(
    *,
    name: str,
    nation: Nation,
    procedure: str,
    now: datetime,
    telephone: str = "",
    email: str = "",
    by: User | None = None,
) -> Landlord:
    """Create the landlord with its calendar, all shipped procedures, and the one it runs.

    :raises ActionNotAllowed: if a landlord is set up already, or the procedure does not ship.
    """
    if Landlord.objects.exists():
        raise ActionNotAllowed("A landlord is set up already.")
    if procedure not in shipped_codes():
        raise ActionNotAllowed(
            f"“{procedure}” is not a procedure. Choose from {', '.join(shipped_codes())}."
        )
    landlord = Landlord.objects.create(
        pk=1, name=name, nation=nation.value, telephone=telephone, email=email
    )
    load_procedures(now=now)
    Adoption.objects.create(procedure=Procedure.objects.get(code=procedure), from_on=SINCE_EVER)
    BankHoliday.objects.bulk_create(
        BankHoliday(on=day, name=words) for day, words in bank_holidays(nation).items()
    )
    note_change(
        thing=Thing.LANDLORD,
        act="Set up",
        by=by,
        now=now,
        name=name,
        changes=[("Nation", "", nation.words), ("Procedure", "", procedure)],
    )
    publish_calendar(by=by, now=now)
    Category.objects.bulk_create(
        Category(code=code, name=words, position=place)
        for place, (code, words) in enumerate(CATEGORIES)
    )
    OutsideBodyDetails.objects.bulk_create(
        OutsideBodyDetails(
            code="ombudsman",
            name="Housing Ombudsman Service",
            from_on=from_on,
            telephone=telephone_,
            website=website,
            address=address,
            words=words,
        )
        for from_on, telephone_, website, address, words in OMBUDSMAN
    )
    return landlord


@transaction.atomic
def load_new_procedures(*, now: datetime) -> list[ProcedureVersion]:
    """Publish the procedures that came with a new release, once a landlord is set up.

    What was published or drafted before stays as it is, and so does what the landlord runs.

    :raises ProcedureInvalid: if a shipped file contradicts itself.
    """
    # One at a time: each machine may do this when it starts.
    if not list(Landlord.objects.select_for_update()):
        return []
    published = load_procedures(now=now)
    for each in published:
        note_change(
            thing=Thing.PROCEDURE,
            act="Version 1 published",
            by=None,
            now=now,
            key=each.procedure.code,
            name=each.procedure.name,
            changes=[("Came with", "", "a new release")],
        )
    return published


def load_procedures(*, now: datetime) -> list[ProcedureVersion]:
    """Publish the first version of every shipped procedure that is not there yet.

    :raises ProcedureInvalid: if a shipped file contradicts itself.
    """
    published = []
    for code in shipped_codes():
        words = read_shipped(code)
        terms = terms_from(words)
        if found := problems(terms):
            raise ProcedureInvalid(found)
        row, _ = Procedure.objects.get_or_create(code=code, defaults={"name": terms.name})
        if not row.versions.exists():
            published.append(
                ProcedureVersion.objects.create(
                    procedure=row,
                    number=1,
                    effective_on=SINCE_EVER,
                    terms_words=words,
                    published_at=now,
                )
            )
    return published
