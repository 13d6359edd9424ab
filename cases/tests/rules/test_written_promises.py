"""What a letter promises in free words is found, and calm words are left in peace."""

from datetime import date, timedelta

import pytest

from cases.rules.letter_sentences import sentences_of
from cases.rules.letter_templates import LETTERS, shipped
from cases.rules.written_promises import promises_in
from cases.tests.rules.strategies import TERMS

TODAY = date(2026, 6, 22)
PROMISED = [
    "We will send a plasterer by Friday.",
    "We'll ring you on Tuesday.",
    "We’ll ring you on 30 June.",
    "We shall pay this into your account within ten working days.",
    "I will write to you by 10 July 2026.",
    "A surveyor will visit you on Thursday 2 July.",
    "The contractor will mend the lift by the end of the week.",
    "You will hear from us by 3 July.",
    "You will be paid within 14 days.",
    "You will have our answer by Monday 6 July.",
    "The work will be finished in August.",
    "The lift will be out of order no longer than that: it will run again on the 26th of June.",
    "A plasterer comes on Friday.",
    "We ring you tomorrow.",
    "On Friday our engineer will look at the boiler.",
    "By 1 August we will have replaced the windows.",
    "We are going to inspect the roof next week.",
    "We promise to call back within 24 hours.",
    "If you agree, we will start on Monday.",
    "We aim to complete the repair by 31 July.",
]
CALM = [
    "We looked into it on Friday.",
    "You told us on 3 June that the lift was out of order.",
    "We will look at what happened on Friday.",
    "We will consider your letter of 10 June.",
    "Please tell us by 10 July if you disagree.",
    "If you tell us by Friday we will look at it again.",
    "You will need to tell us by 10 July.",
    "Will you be at home on Friday?",
    "We will not be able to do this by Friday.",
    "We are sorry that nobody came on Monday.",
    "Our office will be closed on 25 December.",
    "The surveyor will be on holiday until Monday.",
    "We have changed how we work: every repair is now checked.",
    "We will do better.",
    "The Ombudsman will tell you by Friday whether they take it on.",
    "The contractor was to come within two weeks and did not.",
    "We said that we would come on Friday.",
    "We visit each block on Mondays.",
    "From now on we ring every resident within two hours.",
    "Your right to ask will end on 10 July.",
    "We wrote to you on 12 June and will keep the record right.",
    "We will mend what was broken on 5 June.",
    "We will put right what we told you on Tuesday.",
]


@pytest.mark.parametrize("sentence", PROMISED)
def test_a_promise_in_free_words_is_found(sentence):
    [found] = promises_in(f"We are sorry. {sentence} Thank you.", today=TODAY)

    assert found in sentence.replace("’", "'").replace("We'll", "We will")


@pytest.mark.parametrize("sentence", CALM)
def test_what_promises_nothing_is_left_in_peace(sentence):
    assert promises_in(sentence, today=TODAY) == []


def test_the_corpus_has_forty_sentences_and_more():
    assert len({*PROMISED, *CALM}) >= 40


def test_what_is_recorded_or_owed_by_that_day_is_not_told_again():
    text = "We will mend it by 3 July. We will paint it by 10 July."

    assert promises_in(text, today=TODAY, recorded=[date(2026, 7, 3)]) == [
        "We will paint it by 10 July."
    ]
    assert promises_in(text, today=TODAY, known=[date(2026, 7, 3), date(2026, 7, 10)]) == []
    assert promises_in("We will come on Friday.", today=TODAY, known=[date(2026, 7, 3)]) == []
    assert promises_in("We will come on Monday.", today=TODAY, known=[date(2026, 7, 3)])


def test_a_weekday_is_that_of_the_days_to_come_and_not_of_weeks_ahead():
    text = "We will ring you on Friday."
    friday = TODAY + timedelta(days=(4 - TODAY.weekday()) % 7)

    kept = [friday + timedelta(weeks=weeks) for weeks in (0, 3, -1)]

    assert [promises_in(text, today=TODAY, known=[day]) for day in kept] == [[], [text], [text]]


def test_a_length_of_time_is_taken_for_the_promise_that_is_recorded_or_for_the_answer():
    text = "We will mend it within two weeks."

    assert promises_in(text, today=TODAY, known=[date(2026, 7, 3)]) == [text]
    assert promises_in(text, today=TODAY, recorded=[date(2026, 7, 3)]) == []
    answer = "We will send our answer within ten working days."
    assert promises_in(answer, today=TODAY, known=[date(2026, 7, 3)]) == []
    assert promises_in(answer, today=TODAY) == [answer]


def test_another_day_for_the_answer_than_is_due_is_found():
    text = "You will have our answer by 20 July."

    assert promises_in(text, today=TODAY, known=[date(2026, 7, 3)]) == [text]


@pytest.mark.parametrize("text", ["", " \n", "31 February", "We will come on 31 February.", "will"])
def test_odd_texts_are_read_without_harm(text):
    assert promises_in(text, today=TODAY) == []


def test_a_day_that_is_past_is_none_to_come_and_one_long_past_is_next_years():
    assert promises_in("We will mend it by 1 June.", today=TODAY) == []
    assert promises_in("We will mend it by 10 January.", today=date(2026, 11, 2))


def test_a_sentence_is_named_once():
    assert len(promises_in("We will come on Friday.\nWe will come on Friday.", today=TODAY)) == 1


def test_the_words_that_are_shipped_are_not_taken_for_promises():
    shipped_words = [shipped(letter) for letter in LETTERS]
    added = [each for terms in TERMS.values() for each in sentences_of(terms)]

    assert [p for text in (*shipped_words, *added) for p in promises_in(text, today=TODAY)] == []
