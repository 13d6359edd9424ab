"""What somebody with every power over the database could do to the record."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from cases.models import Anchor, Complaint, EventWords, RecordedEvent
from cases.operations.anchors import hashes_of
from cases.operations.record import chained_fields
from cases.rules.sealing import day_hash, event_hash
from cases.triggers import install_triggers, remove_triggers


@contextmanager
def without_triggers():
    """Change what the triggers protect, as the owner of the database can."""
    # PostgreSQL alters no table on which checks are still to be made.
    connection.check_constraints()
    remove_triggers(connection)
    yield
    connection.check_constraints()
    install_triggers(connection)


def chain(complaint):
    """Return the events of a complaint in their order."""
    return list(RecordedEvent.objects.filter(complaint=complaint).order_by("number"))


def edit_a_field(complaint, other):
    """Change what happened."""
    RecordedEvent.objects.filter(pk=chain(complaint)[1].pk).update(facts={"officer": 1})
    return 2


def edit_the_time(complaint, other):
    """Change when it was recorded."""
    event = chain(complaint)[1]
    event.recorded_at -= timedelta(hours=1)
    event.save()
    return 2


def delete_from_the_middle(complaint, other):
    """Take an event out."""
    event = chain(complaint)[1]
    EventWords.objects.filter(event=event).delete()
    event.delete()
    return 3


def delete_the_end(complaint, other):
    """Cut the end off and make the complaint fit."""
    event = chain(complaint)[-1]
    EventWords.objects.filter(event=event).delete()
    event.delete()
    Complaint.objects.filter(pk=complaint.pk).update(version=event.number - 1)


def insert_an_event(complaint, other):
    """Put an event in between and number the rest on, with hashes of their own."""
    events = chain(complaint)
    for event in reversed(events[1:]):
        RecordedEvent.objects.filter(pk=event.pk).update(number=event.number + 1)
    forged = events[1]
    forged.pk, forged.kind = None, "noted"
    forged.hash = event_hash(chained_fields(forged), forged.previous_hash)
    forged.save(force_insert=True)
    Complaint.objects.filter(pk=complaint.pk).update(version=len(events) + 1)
    return 3


def swap_two_events(complaint, other):
    """Exchange the places of two events."""
    _, second, third, *_ = chain(complaint)
    for key, number in ((second.pk, 999), (third.pk, 2), (second.pk, 3)):
        RecordedEvent.objects.filter(pk=key).update(number=number)
    return 2


def copy_from_another_complaint(complaint, other):
    """Put an event of another complaint, hash and all, in the place of one of this."""
    ours, theirs = chain(complaint)[1], chain(other)[1]
    copied = {
        field.attname: getattr(theirs, field.attname)
        for field in RecordedEvent._meta.concrete_fields
        if field.name not in ("id", "complaint")
    }
    RecordedEvent.objects.filter(pk=ours.pk).update(**copied)
    return 2


def rebuild_the_chain(complaint, other):
    """Change an event and work out every hash after it anew, and every seal."""
    events = chain(complaint)
    events[1].facts = {"forged": True}
    head = ""
    for event in events:
        event.previous_hash = head
        event.hash = head = event_hash(chained_fields(event), head)
        event.save()
    reseal()


def reseal():
    """Work out every seal in the database anew."""
    previous = ""
    for seal in Anchor.objects.order_by("day"):
        hashes = hashes_of(seal.day)
        seal.events, seal.previous_hash = len(hashes), previous
        seal.hash = previous = day_hash(seal.day, hashes, previous)
        seal.save()
