"""What programs send, field by field; what it means for the procedure is for the operations."""

import secrets
from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from cases.forms.acts.asking import LONGEST_NOTE
from cases.models import Category, Level, ServiceArea, User
from cases.operations.customers import Particulars
from cases.operations.log import AsComplaint, Logged
from cases.rules.customers import Channel, CustomerCategory, LetterFormat, preferred_of
from cases.rules.lateness import NOT_ASKED, Lateness
from cases.rules.periods import london_day
from cases.rules.state import Status
from cases.selectors.api_complaints import Wanted, customer_known_by

WAYS = ("email", "phone", "post")


class Strict(serializers.Serializer[Any]):
    """Takes the fields it names and no other, so that nothing misspelt is lost unseen."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what it does not know.

        :raises ValidationError: of each such field, and of each that is wrong.
        """
        if hasattr(data, "keys") and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {each: ["There is no such field."] for each in unknown}
            )
        return super().to_internal_value(data)


class OneOfOurs(serializers.SlugField):
    """A code of something that the landlord set up and still uses; cleaned to its key."""

    default_error_messages = {"unknown": "There is none of this code, or it is no longer in use."}

    def __init__(self, model: Any, **kwargs: Any) -> None:
        super().__init__(max_length=60, required=False, allow_null=True, **kwargs)
        self.model = model

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return its key, nothing for nothing. One query.

        :raises ValidationError: if there is none.
        """
        code = super().run_validation(data)
        if code is None:
            return None
        found = self.model.objects.filter(code=code, is_retired=False)
        key = found.values_list("pk", flat=True).first()
        if key is None:
            self.fail("unknown")
        return key


def _choices(members: Iterable[Any]) -> list[str]:
    return [each.value for each in members]


class CustomerSent(Strict):
    """Who it is: a customer of a complaint that the key reads by `code`, or a new one."""

    code = serializers.SlugField(max_length=16, required=False)
    name = serializers.CharField(max_length=200, required=False)
    category = serializers.ChoiceField(_choices(CustomerCategory), required=False)
    address = serializers.CharField(max_length=500, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=12, required=False, allow_blank=True)
    block = serializers.CharField(max_length=120, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    letter_format = serializers.ChoiceField(_choices(LetterFormat), required=False)
    language = serializers.CharField(max_length=40, required=False, allow_blank=True)
    needs = serializers.CharField(max_length=500, required=False, allow_blank=True)
    never_by = serializers.ListField(
        child=serializers.ChoiceField(list(WAYS)), required=False, max_length=3
    )

    def validate(self, attrs: Any) -> Any:
        """Ask for a code alone, or for a name and category.

        :raises ValidationError: for neither, or both.
        """
        if "code" in attrs and len(attrs) > 1:
            raise serializers.ValidationError("Send the code alone, or a new customer without one.")
        if "code" not in attrs and not {"name", "category"} <= set(attrs):
            raise serializers.ValidationError("Send a name and a category, or a code.")
        return attrs


def particulars_of(given: dict[str, Any]) -> Particulars:
    """Return a new customer, as the operation takes them."""
    unsafe = set(given.get("never_by", ()))
    told: dict[str, Any] = {name: value for name, value in given.items() if name != "never_by"}
    told |= {f"{way}_unsafe": way in unsafe for way in WAYS}
    told["preferred_channel"] = preferred_of(
        email=given.get("email", ""),
        phone=given.get("phone", ""),
        address=given.get("address", ""),
        unsafe=unsafe,
    )
    return Particulars(**told)


class LateSent(Strict):
    """Why it is logged late, where the procedure asks."""

    because = serializers.CharField(max_length=LONGEST_NOTE)
    avoidable = serializers.BooleanField()


class ComplaintSent(Strict):
    """A complaint to log."""

    received_on = serializers.DateField()
    received_at = serializers.DateTimeField(required=False)
    channel = serializers.ChoiceField(_choices(Channel))
    summary = serializers.CharField(max_length=LONGEST_NOTE)
    desired_outcome = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, default=""
    )
    service_area = OneOfOurs(ServiceArea)
    category = OneOfOurs(Category)
    level = serializers.ChoiceField(
        [Level.NORMAL.value, Level.SENSITIVE.value], default=Level.NORMAL.value
    )
    about_staff = serializers.BooleanField(default=False)
    customer = CustomerSent()
    late = LateSent(required=False)

    def validate(self, attrs: Any) -> Any:
        """Compare the instant with the day, and find the customer.

        :raises ValidationError: if they differ, or the key reads of no such customer.
        """
        at = attrs.get("received_at")
        if at is not None and london_day(at) != attrs["received_on"]:
            raise serializers.ValidationError({"received_at": ["This is not on that day."]})
        if code := attrs["customer"].get("code"):
            program: User = self.context["program"]
            attrs["customer_id"] = customer_known_by(program, code)
            if attrs["customer_id"] is None:
                told = {"code": ["This key reads no complaint of such a customer."]}
                raise serializers.ValidationError({"customer": told})
        return attrs

    @property
    def logged(self) -> Logged:
        """Return what is logged of everything."""
        given = self.validated_data
        known = given.get("customer_id")
        return Logged(
            key=secrets.token_hex(16),
            customer_id=known,
            particulars=None if known else particulars_of(given["customer"]),
            channel=given["channel"],
            received_on=given["received_on"],
            received_at=given.get("received_at"),
            words=given["summary"],
            area_id=given.get("service_area"),
            category_id=given.get("category"),
        )

    @property
    def told(self) -> AsComplaint:
        """Return what is told of a complaint besides."""
        given = self.validated_data
        level = Level.RESTRICTED if given["about_staff"] else Level(given["level"])
        return AsComplaint(desired_outcome=given["desired_outcome"], level=level)

    @property
    def why_late(self) -> Lateness:
        """Return why it is late, if that was said."""
        given = self.validated_data.get("late")
        return Lateness(given["because"], given["avoidable"]) if given else NOT_ASKED


class Filters(Strict):
    """What the list is narrowed to."""

    is_open = serializers.BooleanField(required=False, allow_null=True, default=None)
    status = serializers.ChoiceField(_choices(Status), required=False)
    stage = serializers.SlugField(max_length=40, required=False)
    service_area = serializers.SlugField(max_length=60, required=False)
    category = serializers.SlugField(max_length=60, required=False)
    received_from = serializers.DateField(required=False)
    received_to = serializers.DateField(required=False)
    due_before = serializers.DateField(required=False)
    changed_since = serializers.DateTimeField(required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=100, required=False)
    cursor = serializers.CharField(max_length=200, required=False)

    @property
    def wanted(self) -> Wanted:
        """Return what the list is narrowed to, as the selector takes it."""
        pages = ("page_size", "cursor")
        given = self.validated_data
        return Wanted(**{name: value for name, value in given.items() if name not in pages})
