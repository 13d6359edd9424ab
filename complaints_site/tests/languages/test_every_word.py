"""No word of ours on any public page is left out of the catalogues, in whatever state it is."""

import pytest

from complaints_site.tests.languages.reading import left_in_english
from complaints_site.tests.languages.states import FORMS, every_state
from complaints_site.tests.permissions.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What people typed, who they are, and what the landlord is called.
BY_HAND = ("words", "effect", "wanted", "regarding", "staff_named", "person_name", "name")
TYPED = {
    answers[name]
    for form in FORMS.values()
    for answers in form.values()
    for name in (*BY_HAND, "address", "postcode", "needs", "call_when")
    if answers.get(name)
}
DATA = (
    *TYPED,
    *("Harbourside Homes", "Second", "Ada Advocate", "Bob Moyo", "Other officer", "bench.txt"),
    "The lift has been out of order since Friday.",
)


def test_every_word_of_every_public_page_can_be_translated(speak, clock):
    world = build_world()
    speak("xx")

    found = {
        f"{name}: {words}"
        for name, page in every_state(world, "xx")
        for words in left_in_english(page, data=DATA)
    }

    assert not found, "\n".join(sorted(found))
