"""“You said, we did”: who publishes it, what everybody reads, and that nobody is named."""

import pytest

from cases.models import SettingsChange
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from feedback.models import Lesson
from feedback.operations.remark_replies import decide_suggestion
from feedback.rules.kinds import Decision
from feedback.rules.lessons import names_a_contact, who_is_named
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise

pytestmark = pytest.mark.django_db
COORDINATOR = Role.COMPLAINTS_COORDINATOR
SAID = {"you_said": "The bus stop has no bench.", "we_did": "We put one there in May."}
ADD, LIST, PUBLIC = "/feedback/you-said/add/", "/feedback/you-said/", "/you-said-we-did/"


def words(answer) -> str:
    return answer.content.decode()


def suggestion(house, *, decision: Decision | None = Decision.TAKEN_UP):
    """Return a suggestion of somebody called Wei Chen, decided about as said."""
    remark = praise(
        kind="suggestion",
        received_on=NOW.date(),
        customer=CustomerFactory(name="Wei Chen"),
        acknowledge_by=None,
    )
    if decision:
        decide_suggestion(
            remark_id=remark.pk,
            by=house[COORDINATOR],
            now=NOW,
            decision=decision,
            answer="We will put a bench there.",
            way=None,
        )
    return remark


@pytest.mark.rule("K3-20")
def test_a_suggestion_that_was_taken_up_is_told_to_everybody(visitor, sign_in, house):
    remark = suggestion(house)
    coordinator = sign_in(COORDINATOR)
    page = words(coordinator.get(remark.get_absolute_url()))
    assert f"{ADD}?about={remark.reference}" in page
    assert "We will put a bench there." in words(coordinator.get(f"{ADD}?about={remark.reference}"))

    coordinator.post(f"{ADD}?about={remark.reference}", SAID)
    lesson = Lesson.objects.get()
    assert lesson.remark == remark
    assert SAID["you_said"] not in words(visitor.get(PUBLIC))

    coordinator.post(lesson.get_absolute_url(), {"do": "publish"})
    assert SAID["we_did"] in words(visitor.get(PUBLIC))

    coordinator.post(lesson.get_absolute_url(), {"do": "withdraw"})
    assert SAID["we_did"] not in words(visitor.get(PUBLIC))
    assert "Withdrawn" in words(coordinator.get(LIST))


def test_what_was_not_taken_up_is_not_told_as_done(sign_in, house):
    remark = suggestion(house, decision=Decision.NOT_TAKEN_UP)
    coordinator = sign_in(COORDINATOR)

    assert "you said" not in words(coordinator.get(remark.get_absolute_url())).split("<main")[1]
    answer = coordinator.post(f"{ADD}?about={remark.reference}", SAID)

    assert answer.status_code == 422
    assert not Lesson.objects.exists()


def test_whoever_suggested_it_is_not_named(sign_in, house):
    remark = suggestion(house)
    typed = {**SAID, "we_did": "Ms Chen was right: we put one there."}

    answer = sign_in(COORDINATOR).post(f"{ADD}?about={remark.reference}", typed)

    assert answer.status_code == 422
    assert "“Chen” is part of the name" in words(answer)
    assert "Ms Chen was right" in words(answer)


def test_changed_words_are_read_at_once(visitor, sign_in):
    coordinator = sign_in(COORDINATOR)
    coordinator.post(ADD, SAID)
    path = Lesson.objects.get().get_absolute_url()
    coordinator.post(path, {"do": "publish"})

    coordinator.post(
        path, {**SAID, "we_did": "We put two there.", "seen": seen_on(coordinator, path)}
    )

    assert "We put two there." in words(visitor.get(PUBLIC))
    lacking = {**SAID, "we_did": "", "seen": seen_on(coordinator, path)}
    assert coordinator.post(path, lacking).status_code == 422
    assert coordinator.post(path, {"do": "explode"}).status_code == 404


def seen_on(client, path) -> int:
    return client.get(path).context["form"]["seen"].value()


def test_of_two_who_change_the_words_neither_erases_the_other(sign_in, house):
    coordinator = sign_in(COORDINATOR)
    coordinator.post(ADD, SAID)
    path = Lesson.objects.get().get_absolute_url()
    seen = seen_on(coordinator, path)

    first = coordinator.post(path, {**SAID, "we_did": "We put two there.", "seen": seen})
    refused = coordinator.post(path, {**SAID, "we_did": "We put six there.", "seen": seen})

    assert first.status_code == 302
    assert refused.status_code == 422
    assert "changed this after you opened the page" in words(refused)
    assert "We put six there." in words(refused)
    assert Lesson.objects.get().we_did == "We put two there."
    assert coordinator.post(path, SAID).status_code == 422
    again = {**SAID, "we_did": "We put six there.", "seen": refused.context["form"]["seen"].value()}
    assert coordinator.post(path, again).status_code == 302
    assert ["We did", "We put two there.", "We put six there."] in (
        SettingsChange.objects.latest("pk").changes
    )


def test_who_published_and_withdrew_one_is_kept_also_where_it_comes_back(sign_in, house):
    coordinator = sign_in(COORDINATOR)
    coordinator.post(ADD, SAID)
    path = Lesson.objects.get().get_absolute_url()
    for do in ("publish", "withdraw", "publish"):
        coordinator.post(path, {"do": do})

    acts = SettingsChange.objects.order_by("pk").values_list("act", "by__name")

    published = ("“You said, we did” published", house[COORDINATOR].name)
    assert list(acts)[-3:] == [
        published, ("“You said, we did” withdrawn", house[COORDINATOR].name), published,
    ]  # fmt: skip


def test_colleagues_read_and_do_not_publish(sign_in, house):
    sign_in(COORDINATOR).post(ADD, SAID)
    officer = sign_in(Role.RESPONSIBLE_OFFICER)

    page = words(officer.get(LIST))

    assert SAID["you_said"] in page
    assert 'value="publish"' not in page
    assert officer.post(Lesson.objects.get().get_absolute_url(), SAID).status_code == 403


def test_before_anything_is_published_the_page_says_so(visitor):
    assert "There is nothing here yet" in words(visitor.get(PUBLIC))


def test_the_public_page_asks_the_same_few_questions_however_much_there_is(
    visitor, sign_in, house, django_assert_max_num_queries
):
    by = house[COORDINATOR]
    Lesson.objects.bulk_create(
        Lesson(**SAID, written_by=by, written_at=NOW, published_on=NOW.date(), published_by=by)
        for _ in range(45)
    )

    with django_assert_max_num_queries(4):
        page = words(visitor.get(f"{PUBLIC}?page=2"))
    assert page.count(SAID["you_said"]) == 20


@pytest.mark.one_database
def test_names_and_ways_to_reach_somebody_are_noticed():
    assert who_is_named("Thanks to Olu, we did it", "Mrs Olu Ade") == "Olu"
    assert who_is_named("The bench is there", "Mrs Bench The") == "Bench"
    assert who_is_named("The benches are there", "Al Bench") == ""
    assert names_a_contact("Ring 0151 555 0100")
    assert names_a_contact("Ring 020 7946 0958")
    assert names_a_contact("Her number, +44 7700 900123, was wrong")
    assert names_a_contact("wei@example.org said so")
    assert not names_a_contact("In 2026 we mended 1,200 lifts")
