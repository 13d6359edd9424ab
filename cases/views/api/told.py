"""What programs are told, field by field; the description is made of it, and tests check both."""

from typing import Any

from rest_framework import serializers

from cases.models import Level
from cases.rules.customers import Register
from cases.rules.events import Outcome
from cases.rules.state import Status


class Standing(serializers.Serializer[Any]):
    """How a complaint stands. Days are those of the landlord, in the United Kingdom."""

    reference = serializers.CharField()
    procedure = serializers.CharField(help_text="The code of the landlord’s procedure.")
    register = serializers.ChoiceField([each.value for each in Register])
    stage = serializers.CharField()
    status = serializers.ChoiceField([each.value for each in Status])
    is_open = serializers.BooleanField()
    level = serializers.ChoiceField([Level.NORMAL.value, Level.SENSITIVE.value])
    channel = serializers.CharField()
    service_area = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField([each.value for each in Outcome], allow_null=True)
    received_on = serializers.DateField()
    acknowledged_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    closed_as = serializers.CharField(allow_null=True)
    next_due = serializers.CharField(allow_null=True, help_text="What is promised next.")
    next_due_on = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()


class CustomerTold(serializers.Serializer[Any]):
    """Who complains. Nobody reaches them by what stands under `never_by`."""

    code = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField()
    address = serializers.CharField()
    postcode = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    never_by = serializers.ListField(child=serializers.ChoiceField(["email", "phone", "post"]))


class ComplaintTold(Standing):
    """A complaint. The last four are there for a key with `complaints:words`, of normal ones."""

    customer = CustomerTold(required=False)
    summary = serializers.CharField(required=False)
    desired_outcome = serializers.CharField(required=False)
    responsible_officer = serializers.CharField(required=False, allow_null=True)


class Page(serializers.Serializer[Any]):
    """A page of the list, and where the next and the previous one are."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Standing(many=True)


class EventTold(serializers.Serializer[Any]):
    """Something that happened, as in the export. What is optional needs `complaints:words`."""

    number = serializers.IntegerField()
    event = serializers.CharField()
    occurred_at = serializers.CharField(help_text="A day, or a day with its time.")
    stage = serializers.CharField()
    outcome = serializers.CharField()
    new_due_on = serializers.CharField()
    channel = serializers.CharField(required=False)
    amount = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    importable = serializers.BooleanField(required=False)
    facts = serializers.DictField(required=False)


class Events(serializers.Serializer[Any]):
    """What happened, the earliest first."""

    events = EventTold(many=True)


class DeadlineTold(serializers.Serializer[Any]):
    """A promise of the procedure, as in the export."""

    stage = serializers.CharField()
    visit = serializers.IntegerField()
    timescale = serializers.CharField()
    anchor_event = serializers.CharField(allow_null=True)
    anchor_on = serializers.DateField(allow_null=True)
    period = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    original_due_on = serializers.DateField(allow_null=True)
    met_on = serializers.DateField(allow_null=True)
    working_days_taken = serializers.IntegerField(allow_null=True)
    working_days_late = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()


class Deadlines(serializers.Serializer[Any]):
    """The promises of the procedure in every stage so far."""

    deadlines = DeadlineTold(many=True)


class LoggedTold(serializers.Serializer[Any]):
    """What was logged: 201 when it was now, 200 when the same was sent before."""

    reference = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A refusal: what happened, what was kept, what to do."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    kept = serializers.CharField()
    what_to_do = serializers.CharField()
    errors = serializers.JSONField(required=False, help_text="Each mistake under its field.")
    asks = serializers.ListField(child=serializers.CharField(), required=False)
