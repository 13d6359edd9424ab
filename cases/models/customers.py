"""Customers and those who speak for them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from cases.models.constraints import one_of
from cases.rules.authority import Authority, Established, SpeakerKind, Standing
from cases.rules.customers import Channel, LetterFormat, format_badges, new_customer_code
from cases.rules.reaching import Reached, how_reached
from cases.rules.restrictions import ContactWay


class Customer(models.Model):
    """Somebody who complains, or for whom somebody complains."""

    # Names the customer in addresses of pages; random, so that nothing can be counted by it.
    code = models.CharField(max_length=16, unique=True, default=new_customer_code, editable=False)
    name = models.CharField(max_length=200)
    category = models.CharField(
        max_length=40,
    )
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    # The building with many homes in it, if they live in one.
    block = models.CharField(max_length=120, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    preferred_channel = models.CharField(max_length=40, default=Channel.POST.value)
    letter_format = models.CharField(max_length=20, default=LetterFormat.STANDARD.value)
    language = models.CharField(max_length=40, blank=True)
    needs = models.TextField(blank=True, help_text="Adjustments: ring first, text relay, signer.")
    is_vulnerable = models.BooleanField(default=False)
    # Channels by which nobody may ever write or ring: others might see or hear.
    email_unsafe = models.BooleanField(default=False)
    phone_unsafe = models.BooleanField(default=False)
    post_unsafe = models.BooleanField(default=False)
    # They asked for whole letters by e-mail; else an e-mail only says that there is a letter.
    letters_by_email = models.BooleanField(default=False)
    # What of their contact is restricted now, in words; kept by the operations of restrictions.
    restricted_contact = models.TextField(blank=True)
    # Found to be the same as another row, which has their complaint: offered to nobody.
    is_double = models.BooleanField(default=False)
    # Since when the e-mail address is another: at first it opens no complaint (decision 39).
    email_changed_at = models.DateTimeField(null=True, blank=True)
    # The same of the telephone number, which may get a code by text.
    phone_changed_at = models.DateTimeField(null=True, blank=True)
    # Given by somebody who says that they speak for them: they prove nothing, and open nothing,
    # until the customer has said themselves that they are theirs (decision 92).
    email_by_another = models.BooleanField(default=False)
    phone_by_another = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(Lower("name"), name="cases_customer_name"),
            models.Index(Lower("email"), name="cases_customer_email"),
            models.Index(fields=["postcode"], name="cases_customer_postcode"),
            models.Index(fields=["block"], name="cases_customer_block"),
        ]
        constraints = [
            one_of("letter_format", LetterFormat),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        """Return the address and postcode, a line each."""
        lines = [line.strip() for line in self.address.splitlines() if line.strip()]
        return lines + ([self.postcode] if self.postcode and self.postcode not in lines else [])

    @property
    def usable_ways(self) -> list[ContactWay]:
        """Return the ways by which they can reach the landlord safely."""
        usable = {
            ContactWay.PHONE: bool(self.phone) and not self.phone_unsafe,
            ContactWay.EMAIL: bool(self.email) and not self.email_unsafe,
            ContactWay.IN_PERSON: True,
            ContactWay.POST: not self.post_unsafe,
        }
        return [way for way, is_usable in usable.items() if is_usable]

    @property
    def reached(self) -> Reached:
        """Return how to reach them, in words with their heading."""
        unsafe = {
            ContactWay.PHONE: self.phone_unsafe,
            ContactWay.EMAIL: self.email_unsafe,
            ContactWay.POST: self.post_unsafe,
        }
        # A letter needs an address; by post they reach the landlord without one.
        has_address = bool(self.address_lines)
        return how_reached(
            self.preferred_channel,
            usable=[e for e in self.usable_ways if e is not ContactWay.POST or has_address],
            unsafe=[way for way, is_unsafe in unsafe.items() if is_unsafe],
            is_restricted=bool(self.restricted_contact),
        )

    @property
    def needs_words(self) -> list[str]:
        """Return what must be kept in mind about reaching them, short enough for badges."""
        found = []
        if self.restricted_contact:
            found.append("Contact restricted")
        found += format_badges(self.letter_format)
        if self.language:
            found.append(f"Speaks {self.language}")
        if self.is_vulnerable:
            found.append("Vulnerable")
        for unsafe, words in (
            (self.email_unsafe, "Do not e-mail"),
            (self.phone_unsafe, "Do not ring"),
            (self.post_unsafe, "Do not write by post"),
        ):
            if unsafe:
                found.append(words)
        return found


class CustomerChange(models.Model):
    """What somebody changed of a customer's particulars, when, and what it was.

    `by` is empty for what customers changed themselves where they follow their complaint.
    `changes` has a list [what, old, new] for each, in words. They are the customer's own, so they
    can be erased with them; the event of a complaint never holds them.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="cases_change_of_customer")]

    def __str__(self) -> str:
        return f"Change of a customer on {self.at:%-d %B %Y}"

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Return each particular with what it was and what it became."""
        return [(str(what), str(old), str(new)) for what, old, new in self.changes]


class Representative(models.Model):
    """Somebody who speaks for the customer of a complaint."""

    complaint = models.ForeignKey(
        "cases.Complaint", on_delete=models.PROTECT, related_name="representatives"
    )
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=80, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    kind = models.CharField(max_length=20, default=SpeakerKind.PERSON.value)
    authority = models.CharField(max_length=20, default=Authority.CLAIMED.value)
    established_by = models.CharField(max_length=20, blank=True)
    authority_seen = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=200, blank=True)
    # Whether they may also see what else is held about the customer.
    covers_data = models.BooleanField(default=False)
    gets_letters = models.BooleanField(default=False)
    # Whether an e-mail to them is the whole letter, or says only that there is one (decision 62).
    letters_by_email = models.BooleanField(default=False)
    # The format of their copies, and what else to keep in mind about them: their language too.
    letter_format = models.CharField(max_length=20, default=LetterFormat.STANDARD.value)
    needs = models.TextField(blank=True)
    authority_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_representative_confirmed_on_a_day",
                condition=~models.Q(authority="confirmed") | models.Q(authority_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_representative_confirmed_somehow",
                condition=~models.Q(authority="confirmed") | ~models.Q(established_by=""),
            ),
            one_of("authority", Authority),
            one_of("kind", SpeakerKind),
            one_of("established_by", Established, blank=True),
            one_of("letter_format", LetterFormat),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        """Return the address, a line each."""
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    @property
    def is_solicitor(self) -> bool:
        """Say whether they are a solicitor, who speaks as an advocate only (KF-2)."""
        return self.kind == SpeakerKind.SOLICITOR

    @property
    def authority_words(self) -> str:
        """Return how far their authority is established."""
        return Authority(self.authority).words

    @property
    def needs_words(self) -> list[str]:
        """Return in which format they have letters, where it is not the ordinary one."""
        return format_badges(self.letter_format)

    def standing_on(self, day: date) -> Standing:
        """Return how they stand on a day."""
        return Standing(
            Authority(self.authority),
            SpeakerKind(self.kind),
            has_ended=self.ends_on is not None and day > self.ends_on,
            covers_data=self.covers_data,
            decides=self.established_by == Established.POWER_OF_ATTORNEY,
            is_limited=bool(self.scope.strip()),
        )


class JointComplainant(models.Model):
    """Another customer who complains together with the first: a joint tenant, a neighbour."""

    complaint = models.ForeignKey(
        "cases.Complaint", on_delete=models.PROTECT, related_name="joint_complainants"
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="joint_in")
    capacity = models.CharField(max_length=80, default="Joint tenant")
    # Whether each letter goes to them as well, to their own address and in their own format.
    gets_letters = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "customer"], name="cases_jointcomplainant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer}, {self.capacity.lower()}"
