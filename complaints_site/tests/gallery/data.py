"""What the gallery shows: an invented landlord, its staff and its complaints, on a fixed day."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from cases.templatetags.parts import (
    Action,
    Cell,
    Column,
    FileRow,
    Link,
    Refusal,
    SummaryRow,
    Tab,
    Task,
)
from reporting.templatetags.charts import Bar, Series

TODAY = date(2026, 11, 23)
LANDLORD = SimpleNamespace(
    name="Harbourside Homes",
    telephone="0800 000 0000",
    email="complaints@harbourside.example",
    website="https://harbourside.example/",
    logo_url="",
)
OFFICER = SimpleNamespace(is_authenticated=True, get_full_name="Priya Shah", code="PRIYA")
NOBODY = SimpleNamespace(is_authenticated=False)
MENU = [
    SimpleNamespace(label=label, url=f"#{label.lower().replace(' ', '-')}", is_current=current)
    for label, current in [
        ("My work", False),
        ("Complaints", True),
        ("Requests", False),
        ("Compliments and suggestions", False),
        ("Letters to post", False),
        ("Dashboard", False),
        ("Reports", False),
        ("Settings", False),
        ("Operations", False),
    ]
]

PEOPLE = ["Gareth Evans", "Olu Adeyemi", "Margaret Shaw", "Precious Moyo", "Siân Lloyd", "Wei Chen"]
SUBJECTS = ["Damp and mould", "Lettings", "Staff conduct", "Repairs delay", "Service charge"]
LETTERS = "BCDFGHJKMNPQRTVWXYZ"
STATES = [
    ("Being looked into", "purple"),
    ("Received", "blue"),
    ("Waiting for the customer", "grey"),
]
WORDS = {-3: "Overdue by 3 working days", -1: "Overdue by 1 working day", 4: "4 working days left"}


def complaint(number: int) -> SimpleNamespace:
    """Return the complaint with this number in the queue."""
    days = [-3, -1, 0, 1, 4, 4, 9, 12][number % 8]
    status, tone = STATES[number % 3]
    return SimpleNamespace(
        reference=f"C-{LETTERS[number % 19]}{number % 10}K4-92Q{number % 9}",
        person=PEOPLE[number % 6],
        subject=SUBJECTS[number % 5],
        stage=f"Stage {1 + number % 2}",
        status=status,
        tone=tone,
        due_on=TODAY + timedelta(days=days),
        due_words=WORDS.get(days, "9 working days left"),
        is_soon=days == 4 and number % 2 == 0,
        officer="" if number % 7 == 3 else "Kelly O’Brien",
        needs=["Large print"] if number % 4 == 0 else [],
    )


COMPLAINTS = [complaint(number) for number in range(1, 241)]
COLUMNS = [
    Column("Reference", sort="reference"),
    Column("Customer", sort="customer"),
    Column("Subject"),
    Column("Stage"),
    Column("Status"),
    Column("Answer due", sort="due"),
    Column("Officer", sort="officer"),
]
VIEWS = [
    Tab("All open", "?view=open", 240, is_current=True),
    Tab("Due this week", "?view=week", 9),
    Tab("Overdue", "?view=overdue", 31),
    Tab("Nobody’s", "?view=unassigned", 0),
]
CRUMBS = [Link("Complaints", "#queue"), Link("C-7K4M-92QX")]
CASE_TABS = [
    Tab("Overview", "#overview", is_current=True),
    Tab("Letters", "#letters", 3),
    Tab("Files", "#files", 5),
    Tab("Commitments", "#commitments", 2),
    Tab("History", "#history"),
]
ALLOWED = [
    Action("Write the answer", "#answer", kind="primary"),
    Action("Add a note", "#note"),
    Action("Extend the time", "#extend"),
    Action("Withdraw", "#withdraw", kind="warning"),
]
REFUSED = [
    Refusal(
        "Escalate to Stage 2", "The customer has not asked for it, and Stage 1 is not answered."
    ),
    Refusal("Close", "A complaint is closed after its answer was sent."),
]
FACTS = [
    SummaryRow("Contact by", "Telephone, after 4pm", "#contact", "Change"),
    SummaryRow("Address", "14 Dock Road\nBristol\nBS1 4AA"),
    SummaryRow("Speaks for them", ""),
]
ANSWERS = [
    SummaryRow("About", "A repair, damp or mould", "#about"),
    SummaryRow("What happened", "The lift has been out since 2 November.", "#happened"),
    SummaryRow("What would put it right", "", "#wish"),
]
FILES = [
    FileRow(
        "kitchen-wall.jpg", "#f1", "photo, 1.2 MB", "Added by Gareth Evans on 18 Nov", "#remove-1"
    ),
    FileRow("Photo.jpg", "", "JPEG, 80 KB", held="Held: not yet checked for viruses"),
    FileRow("Letter of 3 November.pdf", "#f2", "PDF, 42 KB"),
]
TASKS = [
    Task("Agree what the complaint is about", "#agree", status="Completed"),
    Task("Record findings and reasons", "#findings", status="In progress", tone="blue"),
    Task("Send the answer", hint="After the findings are recorded"),
]
HISTORY = [
    {
        "title": "Surveyor’s visit agreed",
        "by": "Priya Shah",
        "at": datetime(2026, 11, 20, 14, 12, tzinfo=UTC),
        "kind": "event",
        "words": "Visit on 1 December between 9am and 1pm.",
    },
    {
        "title": "Note",
        "by": "Kelly O’Brien",
        "at": datetime(2026, 11, 19, 9, 5, tzinfo=UTC),
        "kind": "note",
        "words": "The contractor says the part is on order. Chase on Thursday.",
    },
    {
        "title": "Message",
        "by": "Gareth Evans",
        "at": datetime(2026, 11, 18, 17, 40, tzinfo=UTC),
        "kind": "received",
        "words": "It is worse since the rain. I have added photos.",
    },
    {
        "title": "Acknowledgement by email",
        "by": "Priya Shah",
        "at": datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
        "kind": "sent",
        "words": "Dear Gareth Evans, thank you for telling us.",
    },
    {
        "title": "Accepted at Stage 1",
        "by": "Priya Shah",
        "at": date(2026, 11, 17),
        "kind": "decision",
        "words": "",
    },
]

MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"]
CAUSES = [
    Bar("Damp and mould", 31, "#damp"),
    Bar("Repairs not done in the time that was promised", 24, "#repairs"),
    Bar("Staff conduct", 8, "#conduct"),
    Bar("Service charge", 3, "#charge"),
    Bar("Lettings", 0, "#lettings"),
]
ON_TIME = [Bar(m, v) for m, v in zip(MONTHS, [88, 91, 93, 90, 84, 86, 92], strict=True)]
RECEIVED = [
    Series("Stage 1", [42, 47, 39, 55, 61, 58, 66]),
    Series("Stage 2", [6, 5, 7, 9, 8, 11, 10]),
    Series("Ombudsman", [1, 0, 2, 6, 7, 9, 9]),
]
COLUMNS_TEAMS = [
    Column("Team"),
    Column("Open", is_numeric=True),
    Column("In time", is_numeric=True),
]
TEAMS = [[Cell("North", "#north"), 41, "96%"], [Cell("South", "#south"), 25, "88%"]]
NEEDS = ["Large print", "Do not telephone before 4pm"]
TONES = ["grey", "blue", "teal", "green", "yellow", "orange", "red", "purple"]
NOTHING: list[object] = []
DUE = COMPLAINTS[:8]
LATER = date(2028, 1, 4)
