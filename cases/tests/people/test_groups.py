"""One complaint of several: one letter each, to their own address, in their own format."""

import pytest

from cases.errors import ActionNotAllowed
from cases.models import Letter, OutboundMessage
from cases.operations.customers import add_joint_complainant
from cases.operations.letter_templates import change_template
from cases.operations.letters_posted import mark_posted
from cases.rules.letter_templates import fields_in, shipped
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.people.conftest import NOW, write


@pytest.fixture
def join(complaint, coordinator):
    def add(gets_letters=True, **particulars):
        member = CustomerFactory(**particulars)
        add_joint_complainant(
            complaint_id=complaint.pk,
            customer_id=member.pk,
            capacity="Neighbour",
            gets_letters=gets_letters,
            by=coordinator,
            now=NOW,
        )
        return member

    return add


@pytest.mark.rule("K3-4")
def test_each_of_a_group_gets_a_letter_of_their_own(complaint, coordinator, customer, join):
    by_post = join(
        name="Ada Nkemelu",
        address="2 Dock Road",
        preferred_channel="post",
        letter_format="large_print",
    )
    by_email = join(
        name="Tom Reid", email="tom@example.org", preferred_channel="email", post_unsafe=True
    )

    write(complaint, coordinator)

    letters = {each.to_name: each for each in Letter.objects.order_by("pk")}
    assert list(letters) == [customer.name, by_post.name, by_email.name]
    assert letters["Ada Nkemelu"].channel == "post"
    assert letters["Ada Nkemelu"].letter_format == "large_print"
    assert "2 Dock Road" in letters["Ada Nkemelu"].to_address
    assert letters["Tom Reid"].message.to_address == "tom@example.org"
    numbers = [each.event_number for each in letters.values()]
    assert len(set(numbers)) == 3


@pytest.mark.rule("K3-4")
def test_no_letter_of_one_tells_anything_of_another(complaint, coordinator, join):
    members = [
        join(name="Ada Nkemelu", email="ada@example.org", address="2 Dock Road"),
        join(name="Tom Reid", email="tom@example.org", address="9 Mill Lane"),
    ]

    write(complaint, coordinator)

    for member in members:
        letter = Letter.objects.get(to_customer=member)
        others = [each for each in (*members, complaint.customer) if each != member]
        told = f"{letter.body} {letter.to_address} {letter.message.body if letter.message else ''}"
        assert not [x for each in others for x in (each.name, each.email) if x and x in told]


@pytest.mark.rule("K3-4")
@pytest.mark.promise("P18")
def test_no_words_of_the_landlord_tell_one_reader_of_another(
    house, complaint, coordinator, customer, join
):
    join(name="Ada Nkemelu", email="ada@example.org", address="2 Dock Road")
    coordinator.job_title = "Officer"
    fields = " / ".join(f"{{{name}}}" for name in fields_in("acknowledgement"))
    change_template(
        procedure_id=complaint.procedure_version.procedure_id,
        letter="acknowledgement",
        text=f"{shipped('acknowledgement')}\n\nFields: {fields}",
        by=house[Role.SYSTEM_ADMINISTRATOR],
        now=NOW,
        seen=None,
    )

    write(complaint, coordinator)

    copy = Letter.objects.get(to_name="Ada Nkemelu")
    told = f"{copy.body} {copy.to_address}"
    assert "\n\nFields: " in told
    assert not [each for each in (customer.name, customer.address_lines[0]) if each in told]


def test_a_joint_tenant_gets_no_letters_by_themselves(complaint, coordinator, join):
    join(gets_letters=False, name="Ada Nkemelu", email="ada@example.org")

    write(complaint, coordinator)

    assert Letter.objects.count() == 1


def test_whoever_cannot_be_written_to_safely_is_not_put_down_for_letters(join):
    with pytest.raises(ActionNotAllowed, match="no safe address"):
        join(name="Ada Nkemelu", email_unsafe=True, post_unsafe=True)


@pytest.mark.promise("P18")
def test_no_letter_goes_to_anybody_when_one_way_has_become_unsafe(complaint, coordinator, join):
    member = join(name="Ada Nkemelu", email="ada@example.org")
    member.email_unsafe = member.post_unsafe = True
    member.save()

    with pytest.raises(ActionNotAllowed, match="Ada Nkemelu complains too"):
        write(complaint, coordinator)

    assert not Letter.objects.exists()
    assert not OutboundMessage.objects.filter(kind="letter_acknowledgement").exists()


def test_posting_a_copy_moves_no_deadline(complaint, coordinator, join):
    join(name="Ada Nkemelu", address="2 Dock Road", preferred_channel="post")
    write(complaint, coordinator)
    complaint.refresh_from_db()
    version = complaint.version
    copy = Letter.objects.get(to_name="Ada Nkemelu")

    mark_posted(letter_id=copy.pk, by=coordinator, now=NOW, on=MONDAY)

    complaint.refresh_from_db()
    copy.refresh_from_db()
    assert complaint.version == version
    assert copy.posted_on == MONDAY
