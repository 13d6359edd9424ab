"""Complaints that belong together: linked, parted, divided, and who may know of it."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, ComplaintLink, Exclusion, Level, SearchEntry
from cases.operations import correct, customers, links, merging, points
from cases.operations.access import change_access
from cases.operations.evidence import make_bundle, taken
from cases.operations.links import Division
from cases.operations.rebuild import rebuild_projections
from cases.rules.acts import Act
from cases.rules.events import Outcome
from cases.rules.links import CHOOSABLE, LinkKind
from cases.rules.permissions import permission
from cases.rules.points import ALL_OURS, NOT_SAID
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.case_links import linked_with
from cases.selectors.case_page import case_page
from cases.selectors.search import How, Searched, find
from cases.tests.case_page.situations import TODAY, Story
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.papers.test_bundles import opened, pages_of

OFFICER, MANAGER = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER
COORDINATOR, DIRECTOR = Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR
TUESDAY = date(2026, 6, 9)


@pytest.fixture
def story(house):
    return Story(house, "code-2024")


@pytest.fixture
def elsewhere(house, story):
    """A complaint about a team that is not the first one's."""
    return house.lodge(area_id=house.other_team.pk, officer_id=None, by=house[COORDINATOR])


def link(story, other, *, kind=LinkKind.CAUSED_BY, by=COORDINATOR):
    return story.act(links.link, by, TUESDAY, kind=kind, other_reference=other.reference)


def told(complaint, house, role):
    found = linked_with(complaint, user=house[role])
    return [(line.words, line.complaint.reference) for line in found.lines], found.hidden


@pytest.mark.parametrize("kind", CHOOSABLE)
def test_both_complaints_say_how_they_belong_together(story, house, kind):
    other = house.lodge()
    link(story, other, kind=kind, by=OFFICER)

    assert told(story.complaint, house, OFFICER) == ([(kind.words, other.reference)], 0)
    back = [(kind.words_back, story.complaint.reference)]
    assert told(other, house, OFFICER) == (back, 0)
    assert case_page(other, user=house[OFFICER], today=TUESDAY).links == []


def test_whoever_may_not_open_the_other_learns_only_that_there_is_one(
    story, house, elsewhere, client, time_machine
):
    time_machine.move_to(at(TODAY), tick=False)
    link(story, elsewhere)

    assert told(story.complaint, house, COORDINATOR) == (
        [(LinkKind.CAUSED_BY.words, elsewhere.reference)],
        0,
    )
    assert told(story.complaint, house, OFFICER) == ([], 1)
    client.force_login(house[OFFICER])
    page = client.get(story.complaint.get_absolute_url()).content.decode()
    assert "1 linked complaint is not open to you" in page
    assert elsewhere.reference not in page


def test_whoever_a_complaint_is_about_learns_nothing_of_it_from_a_link(story, house, elsewhere):
    link(story, elsewhere)
    Exclusion.objects.create(complaint=elsewhere, user=house[OFFICER], reason="subject")

    assert told(story.complaint, house, OFFICER) == ([], 0)


PAPERS = ("sheet/", "copy/?notes=yes")
WHY = "Zebra: he shouted at the tenant"


def linked(story, other):
    story.act(
        links.link, COORDINATOR, TUESDAY,
        kind=LinkKind.CAUSED_BY, other_reference=other.reference, reason=WHY,
    )  # fmt: skip


def parted(story, other):
    link(story, other)
    story.act(links.unlink, COORDINATOR, TUESDAY, other=other.pk, reason=WHY)


def divided(story, _other):
    divide(story.with_two_points(), reason=WHY)


def close_to_officer(house, complaint, *, by_level=False):
    """Close a complaint to the officer, as being about them or by its level."""
    if not by_level:
        Exclusion.objects.create(complaint=complaint, user=house[OFFICER], reason="subject")
        return
    change_access(
        complaint_id=complaint.pk, by=house[COORDINATOR], now=at(TUESDAY),
        seen=complaint.version, level=Level.RESTRICTED,
        listed=[house[each].pk for each in (COORDINATOR, DIRECTOR)], subjects=[], conflicted=[],
        reason="About staff.",
    )  # fmt: skip


@pytest.mark.parametrize("by_level", [False, True], ids=["shut out", "restricted"])
@pytest.mark.parametrize(
    ("done", "title"),
    [
        (linked, "Linked with another complaint"),
        (parted, "Parted from another complaint"),
        (divided, "Divided: part of it became"),
    ],
)
def test_the_story_tells_nothing_of_a_complaint_that_was_closed_to_its_reader(
    story, house, client, time_machine, django_assert_max_num_queries, done, title, by_level
):
    time_machine.move_to(at(TODAY), tick=False)
    done(story, house.lodge())
    address = story.complaint.get_absolute_url()

    def shown(role):
        client.force_login(house[role])
        client.get(address)
        with django_assert_max_num_queries(12):
            page = client.get(address).content.decode()
        return [page, *(client.get(f"{address}{paper}").content.decode() for paper in PAPERS)]

    assert all(title in page and "Zebra" in page for page in shown(OFFICER))
    close_to_officer(house, Complaint.objects.latest("pk"), by_level=by_level)

    for page in shown(OFFICER):
        assert title not in page
        assert "Zebra" not in page
    assert all(title in page and "Zebra" in page for page in shown(COORDINATOR))


@pytest.mark.parametrize("done", [linked, parted, divided])
def test_why_complaints_belong_together_is_found_by_nobody(story, house, done):
    done(story, house.lodge())

    def entries():
        return [f"{each.words} {each.notes}" for each in SearchEntry.objects.order_by("pk")]

    kept = entries()
    call_command("rebuild_search", verbosity=0)
    assert entries() == kept
    assert "zebra" not in str(kept).lower()
    officer = house[OFFICER]
    searched = find(
        Searched(Complaint.objects.readable_by(officer)), "zebra", officer, needed=26, limit=100
    )
    assert searched.how is How.SPELT_ALIKE or not searched.keys


def test_nobody_links_with_what_is_closed_to_somebody_to_whom_this_one_is_not(story, house):
    other = Story(house, "code-2024")
    close_to_officer(house, other.complaint)

    with pytest.raises(ActionNotAllowed, match="from its own page"):
        link(story, other.complaint)
    close_to_officer(house, story.complaint)
    link(story, other.complaint)


def test_evidence_that_others_open_later_tells_nothing_of_what_is_closed_to_any_of_them(
    story, house
):
    other = house.lodge()
    linked(story, other)

    def bundle():
        made = make_bundle(complaint_id=story.complaint.pk, by=house[COORDINATOR], now=at(TODAY))
        return " ".join(pages_of(opened(made[0])))

    assert "Zebra" in bundle()
    Exclusion.objects.create(complaint=other, user=house[DIRECTOR], reason="subject")
    assert "Zebra" not in bundle()


def test_a_restricted_complaint_leaves_no_trace_on_the_page_of_another(story, house):
    secret = Story(house, "code-2024")
    secret.act(
        change_access,
        COORDINATOR,
        TUESDAY,
        level=Level.RESTRICTED,
        listed=[house[each].pk for each in (COORDINATOR, DIRECTOR)],
        subjects=[],
        conflicted=[],
        reason="About staff.",
    )

    with pytest.raises(ActionNotAllowed, match="from its own page"):
        link(story, secret.complaint)
    before = Complaint.objects.get(pk=story.complaint.pk).version
    link(secret, story.complaint)

    assert Complaint.objects.get(pk=story.complaint.pk).version == before
    assert told(story.complaint, house, OFFICER) == ([], 0)
    assert told(story.complaint, house, COORDINATOR)[0] == [
        (LinkKind.CAUSED_BY.words_back, secret.complaint.reference)
    ]


def test_nobody_links_with_what_is_not_open_to_them_or_twice(story, house, elsewhere):
    with pytest.raises(ActionNotAllowed, match="open to you"):
        link(story, elsewhere, by=OFFICER)
    with pytest.raises(ActionNotAllowed, match="open to you"):
        link(story, story.complaint)
    link(story, elsewhere)
    with pytest.raises(ActionNotAllowed, match="already"):
        link(story, elsewhere, kind=LinkKind.FOLLOW_UP)


def test_of_two_people_who_link_them_from_both_pages_at_once_one_is_refused(story, house):
    other = house.lodge()

    def first(execute, sql, params, many, context):
        # The other person's link comes between looking for one and adding one.
        if sql.startswith("INSERT") and "cases_complaintlink" in sql and not met:
            met.append(sql)
            ComplaintLink.objects.create(
                complaint=other, other=story.complaint, kind="follow-up", event_number=1
            )
        return execute(sql, params, many, context)

    met: list[str] = []
    version = story.complaint.version
    with connection.execute_wrapper(first), pytest.raises(ActionNotAllowed, match="already"):
        link(story, other)

    assert met
    assert not ComplaintLink.objects.filter(complaint=story.complaint).exists()
    assert Complaint.objects.get(pk=story.complaint.pk).version == version
    ComplaintLink.objects.create(
        complaint=other, other=story.complaint, kind="follow-up", event_number=1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintLink.objects.create(
            complaint=story.complaint, other=other, kind="caused-by", event_number=1
        )


def test_a_link_is_undone_from_either_page_with_a_reason(story, house):
    other = house.lodge()
    link(story, other)
    whole = Story.__new__(Story)
    whole.house, whole.complaint = house, other
    with pytest.raises(ReasonMissing):
        whole.act(links.unlink, OFFICER, TODAY, other=story.complaint.pk, reason=" ")
    whole.act(links.unlink, OFFICER, TODAY, other=story.complaint.pk, reason="Another lift.")

    assert not ComplaintLink.objects.exists()
    page = case_page(whole.complaint, user=house[OFFICER], today=TODAY)
    assert page.entries[0].title == "Parted from another complaint"
    with pytest.raises(ActionNotAllowed, match="not linked"):
        whole.act(links.unlink, OFFICER, TODAY, other=story.complaint.pk, reason="Again.")


def divide(story, *, by=COORDINATOR, numbers=(2,), on=MONDAY, reason="Two matters."):
    division = Division(set(numbers), on, reason)
    story.complaint.refresh_from_db()
    return links.divide(
        complaint_id=story.complaint.pk, by=story.house[by], now=at(TODAY),
        seen=story.complaint.version, division=division,
    )  # fmt: skip


@pytest.mark.rule("HH-17")
def test_a_complaint_is_divided_and_the_part_keeps_the_day_on_which_it_came(story, house):
    whole, part = divide(story.with_two_points())

    assert part.received_on == whole.received_on == MONDAY
    assert part.customer == whole.customer
    assert part.responsible_officer == whole.responsible_officer
    assert part.next_due_on == house.lodge().next_due_on
    assert [each.number for each in whole.points.all()] == [1]
    page = case_page(part, user=house[OFFICER], today=TODAY)
    assert [line.words.text for line in page.points.lines] == ["Nobody rang back."]
    assert told(part, house, OFFICER)[0] == [("Divided from", whole.reference)]
    assert told(whole, house, OFFICER)[0] == [("Part of it became", part.reference)]
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


def test_a_part_that_the_customer_told_later_counts_from_that_day(story):
    story.with_two_points()
    for day in (date(2026, 6, 5), date(2026, 6, 23)):
        with pytest.raises(WrongDate):
            divide(story, on=day)
    _, part = divide(story, on=TUESDAY)

    assert part.received_on == TUESDAY


@pytest.mark.parametrize("numbers", [(), (1, 2), (7,)])
def test_something_goes_and_something_stays(story, numbers):
    with pytest.raises(ActionNotAllowed, match="at least one"):
        divide(story.with_two_points(), numbers=numbers)


def test_only_the_coordinator_divides_with_a_reason_and_between_points(story):
    with pytest.raises(ActionNotAllowed, match="fewer than two"):
        divide(story)
    story.with_two_points()
    with pytest.raises(NotEntitled):
        divide(story, by=OFFICER)
    with pytest.raises(ReasonMissing):
        divide(story, reason=" ")
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("answered", "is_refused"), [(2, True), (1, False), (0, False)], ids=["all", "one", "none"]
)
def test_what_is_answered_in_all_its_points_is_not_divided_and_it_is_said_why(
    story, answered, is_refused
):
    found = history_of(story.with_two_points().complaint)
    points_then = tuple(
        replace(each, finding=Outcome.UPHELD) if place < answered else each
        for place, each in enumerate(found.state.points)
    )

    told = permission(
        Act.DIVIDE, replace(found.state, points=points_then), found.terms, TODAY
    ).why_not

    assert told.startswith("Its points are answered") is is_refused
    assert bool(told) is is_refused


def test_the_part_is_open_to_nobody_to_whom_the_whole_is_closed(story, house):
    story.with_two_points()
    Exclusion.objects.create(complaint=story.complaint, user=house[MANAGER], reason="conflict")
    Complaint.objects.filter(pk=story.complaint.pk).update(level=Level.SENSITIVE.value)
    _, part = divide(story)

    assert part.level == Level.SENSITIVE.value
    assert not Complaint.objects.visible_to(house[MANAGER]).filter(pk=part.pk).exists()
    assert Complaint.objects.readable_by(house[OFFICER]).filter(pk=part.pk).exists()


def test_the_part_is_closed_to_the_same_people_for_the_same_reasons(story, house):
    story.with_two_points()
    for role, reason in ((MANAGER, "conflict"), (DIRECTOR, "subject")):
        Exclusion.objects.create(complaint=story.complaint, user=house[role], reason=reason)
    for each in divide(story):
        shut_out = each.exclusions.values_list("user", "reason")
        assert set(shut_out) == {
            (house[MANAGER].pk, "conflict"), (house[DIRECTOR].pk, "subject"),
        }  # fmt: skip


def test_the_part_is_also_of_those_who_complain_too_and_those_who_speak_for_the_customer(
    story, house
):
    story.with_two_points()
    common = {"complaint_id": story.complaint.pk, "by": house[COORDINATOR], "now": at(TODAY)}
    customers.add_joint_complainant(
        **common, customer_id=CustomerFactory(name="Olu Adeyemi").pk, capacity="Neighbour"
    )
    speaker = customers.Speaker(
        name="Dr Quill", authority="confirmed", authority_on=MONDAY, authority_seen="Her letter",
        established_by="signed_form", gets_letters=True,
    )  # fmt: skip
    customers.save_representative(speaker, **common)
    whole, part = divide(story)

    standing = [
        "name", "authority", "authority_on", "authority_seen", "established_by", "gets_letters"
    ]  # fmt: skip
    for each in (whole, part):
        joint = each.joint_complainants.get()
        assert (joint.customer.name, joint.capacity) == ("Olu Adeyemi", "Neighbour")
        assert each.representatives.values_list(*standing).get() == (
            "Dr Quill", "confirmed", MONDAY, "Her letter", "signed_form", True,
        )  # fmt: skip
        names = SearchEntry.objects.get(complaint=each).names
        assert "adeyemi" in names
        assert "quill" in names
    titles = [e.title for e in case_page(part, user=house[OFFICER], today=TODAY).entries]
    assert {"Joint complainant added", "Representative confirmed: Dr Quill"} <= set(titles)
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


# Code 6.8
@pytest.mark.rule("HH-17")
def test_a_new_matter_logged_at_a_stage_that_takes_none_says_so(house):
    review = Story(house, "code-2024").answered(by=OFFICER).asked()
    new = house.lodge(linked_to_id=review.complaint.pk)

    assert told(new, house, COORDINATOR)[0] == [
        (LinkKind.NEW_MATTER.words, review.complaint.reference)
    ]


def test_a_complaint_linked_when_it_was_logged_is_no_new_matter_at_the_first_stage(story, house):
    house.lodge(linked_to_id=story.complaint.pk)

    assert not ComplaintLink.objects.exists()


def test_a_merger_is_undone_and_the_links_stay(story, house):
    other = house.lodge()
    link(story, other)
    story.act(merging.merge, COORDINATOR, TODAY, into_reference=other.reference, reason="The same.")
    merged = story.complaint.events.get(kind="merged").number
    story.act(correct.retract, COORDINATOR, TODAY, number=merged, reason="It is not.")

    assert story.complaint.is_open
    assert ComplaintLink.objects.count() == 1


def test_parting_is_offered_where_there_is_something_to_part(story, house):
    user = house[COORDINATOR]

    def offered():
        page = case_page(story.complaint, user=user, today=TODAY)
        return "unlink" in [offer.act.value for offer in page.offers]

    assert not offered()
    link(story, house.lodge())
    assert offered()


def test_the_points_of_the_whole_keep_their_numbers_and_what_was_sought(story, house):
    story.act(
        points.define_points, OFFICER, TUESDAY, on=TUESDAY,
        definition=points.Definition(
            [(None, "The lift"), (None, "The call")], sought="Mend it", is_all_ours=True
        ),
    )  # fmt: skip
    whole, _ = divide(story, numbers=(1,))

    page = case_page(whole, user=house[OFFICER], today=TODAY)
    assert [(line.words.point.number, line.words.text) for line in page.points.lines] == [
        (2, "The call")
    ]
    assert page.points.sought == "Mend it"


# Code 5.6, 5.7
def test_what_is_sought_and_what_is_ours_goes_with_the_part(story, house):
    told = {"sought": "Mend it", "responsible": "The lift", "not_responsible": "The road"}
    story.act(
        points.define_points, OFFICER, TUESDAY, on=TUESDAY,
        definition=points.Definition([(None, "The lift"), (None, "The call")], **told),
    )  # fmt: skip
    Complaint.objects.filter(pk=story.complaint.pk).update(desired_outcome="A lift by Friday")

    both = divide(story, numbers=(1,))

    for each in both:
        shown = case_page(each, user=house[OFFICER], today=TODAY).points
        assert {name: getattr(shown, name) for name in told} == told
        assert each.desired_outcome == "A lift by Friday"


def test_the_page_leads_to_the_form_and_says_the_reference_of_the_part(
    story, house, client, time_machine
):
    time_machine.move_to(at(TODAY), tick=False)
    story.with_two_points()
    client.force_login(house[COORDINATOR])
    url = reverse("cases:divide", args=[story.complaint.reference])
    sent = {
        "seen": story.complaint.version, "points": ["1"], "received_on_day": "8",
        "received_on_month": "6", "received_on_year": "2026", "category": "", "reason": "Two.",
    }  # fmt: skip

    page = client.post(url, sent, follow=True).content.decode()

    part = Complaint.objects.latest("pk")
    assert f"The new one is {part.reference}." in page


def test_a_page_with_links_takes_no_more_queries_than_one_without(
    story, house, elsewhere, client, time_machine, django_assert_max_num_queries
):
    time_machine.move_to(at(TODAY), tick=False)
    for other in (house.lodge(), house.lodge(), elsewhere):
        link(story, other)
    client.force_login(house[OFFICER])
    client.get(story.complaint.get_absolute_url())

    with django_assert_max_num_queries(12):
        page = client.get(story.complaint.get_absolute_url()).content.decode()
    assert page.count("Caused by") == 2


def test_evidence_kept_from_before_a_link_was_closed_to_somebody_is_not_handed_to_them(
    story, house, client, time_machine
):
    time_machine.move_to(at(TODAY), tick=False)
    other = house.lodge()
    link(story, other)
    whole = story.complaint
    older = make_bundle(complaint_id=whole.pk, by=house[COORDINATOR], now=at(TODAY))[0]
    director = house[DIRECTOR]
    take = {"complaint": whole, "by": director, "now": at(TODAY)}
    assert taken(key=older.file.key, **take) == older.file
    change_access(
        complaint_id=other.pk,
        by=house[COORDINATOR],
        now=at(TODAY, 12),
        seen=other.version,
        level=Level.NORMAL,
        listed=[],
        subjects=[director.pk],
        conflicted=[],
        reason="It is about them.",
    )

    with pytest.raises(ActionNotAllowed, match="made again"):
        taken(key=older.file.key, **take)
    client.force_login(director)
    papers = reverse("cases:case-papers", args=[whole.reference])
    page = client.get(papers, {"document": older.file.key}, follow=True)
    assert "Have it made again." in page.content.decode()
    take["by"] = house[COORDINATOR]
    assert taken(key=older.file.key, **take) == older.file
    newer = make_bundle(complaint_id=whole.pk, by=house[COORDINATOR], now=at(TODAY, 13))[0]
    assert taken(key=newer.file.key, **{**take, "by": director}) == newer.file


# Code 5.6, 5.7
def test_that_all_of_it_is_ours_and_nothing_was_said_to_be_sought_goes_with_the_part(story, house):
    both = divide(story.with_two_points())

    for each in both:
        shown = case_page(each, user=house[OFFICER], today=TODAY).points
        assert (shown.sought, shown.responsible) == (NOT_SAID, ALL_OURS)
        facts = each.events.filter(kind="points_defined").latest("number").facts
        assert (facts["sought_unsaid"], facts["all_ours"]) == (True, True)
