"""What can be chosen on the Let Us Know form, in words."""

from django.utils.translation import gettext_lazy as _

from cases.rules.customers import CustomerCategory
from cases.rules.wording import marked
from feedback.rules.kinds import Kind
from feedback.rules.told import WHOLE

YES_NO = [("yes", _("Yes")), ("no", _("No"))]

KINDS = [
    (Kind.COMPLAINT.value, _("Something has gone wrong, or I am unhappy with something")),
    (Kind.COMPLIMENT.value, _("Somebody or something was good")),
    (Kind.SUGGESTION.value, _("I have an idea")),
]
KIND_HINTS = {
    Kind.COMPLAINT.value: _("A complaint. You do not have to call it one."),
    Kind.COMPLIMENT.value: _("A compliment. We tell the people it is about."),
    Kind.SUGGESTION.value: _("A suggestion. We tell you what we decide."),
}
# What somebody is to the landlord, as they would say it themselves (K3-1, KF-1, LV-1).
CATEGORIES = [
    (CustomerCategory.TENANT.value, _("I rent my home from you")),
    (CustomerCategory.SHARED_OWNER.value, _("I own part of my home and rent the rest from you")),
    (CustomerCategory.LEASEHOLDER.value, _("I own my home and hold a lease from you")),
    (
        CustomerCategory.LICENSEE.value,
        _("I have a licence to live in my home, such as a hostel room"),
    ),
    (CustomerCategory.APPLICANT.value, _("I am applying for a home")),
    (CustomerCategory.FORMER_CUSTOMER.value, _("I used to live in one of your homes")),
    (CustomerCategory.RESIDENTS_GROUP.value, _("I write for a residents’ group")),
    (
        CustomerCategory.ELECTED_REPRESENTATIVE.value,
        _("I am a councillor, an MP or another elected representative"),
    ),
    (CustomerCategory.ADVOCACY_AGENCY.value, _("I work for an advice or advocacy agency")),
    (CustomerCategory.BOARD_MEMBER.value, _("I am a member of your Board")),
    (
        CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
        _("None of these, for example a neighbour or a visitor"),
    ),
]
# The same of somebody else.
PERSON_CATEGORIES = [
    (CustomerCategory.TENANT.value, _("They rent their home from you")),
    (CustomerCategory.SHARED_OWNER.value, _("They own part of their home and rent the rest")),
    (CustomerCategory.LEASEHOLDER.value, _("They own their home and hold a lease from you")),
    (CustomerCategory.LICENSEE.value, _("They have a licence to live in their home")),
    (CustomerCategory.APPLICANT.value, _("They are applying for a home")),
    (CustomerCategory.FORMER_CUSTOMER.value, _("They used to live in one of your homes")),
    (CustomerCategory.MEMBER_OF_THE_PUBLIC.value, _("None of these, or I do not know")),
]
RELATIONSHIPS = [
    marked("Family or friend"),
    marked("Carer or support worker"),
    marked("Councillor, MP or other elected representative"),
    marked("Advice or advocacy agency"),
    marked("Residents’ group"),
    marked("Member of your Board"),
    marked("Solicitor"),
    marked("Somebody else"),
]
PERMISSIONS = [
    ("yes", _("Yes, they know and agree")),
    ("no", _("No, I have not asked them")),
    ("cannot", _("They cannot, for example because they are a child or too ill")),
]
UNSAFE = {
    "phone": _("Do not ring me"),
    "email": _("Do not email me"),
    "post": _("Do not send letters to my address"),
}
PREFERRED = {"phone": _("By telephone"), "email": _("By email"), "post": _("By letter")}

EMAIL_SAYS = [
    ("notice", _("Only that there is a letter for me, with a link to read it")),
    (WHOLE, _("The whole letter")),
]
EMAIL_HINT = _("If others may read your emails, choose the link.")
# Whoever speaks for somebody may not know how they read.
UNKNOWN = "unknown"
FORMATS = [
    ("standard", _("In ordinary print")),
    ("large_print", _("In large print")),
    ("giant_print", _("In giant print")),
    ("easy_read", _("In easy read, in short and plain sentences")),
    ("braille", _("In braille")),
    ("audio", _("As a recording to listen to")),
]
PERSON_FORMATS = [*FORMATS, (UNKNOWN, _("I do not know"))]
PERSON_UNSAFE = [
    ("phone", _("Do not ring them")),
    ("email", _("Do not email them")),
    ("post", _("Do not send them letters")),
]
