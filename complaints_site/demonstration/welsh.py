"""The invented landlord's own words for customers in Welsh: made by a machine, read by nobody."""

from datetime import datetime

from django.conf import settings

from cases.models import User
from cases.operations.landlords_words import SaidThere, say_in_language
from cases.rules.landlords_words import tidy
from cases.rules.periods import london_day
from cases.selectors.landlords_texts import SECTIONS, in_language, texts_of

WELSH = "cy"
WORDS = {
    "Monday to Friday, 8.30am to 5pm": "Dydd Llun i ddydd Gwener, 8.30am i 5pm",
    "Harbour House\n1 Dock Road\nHarbourside\nHB1 4AA": (
        "Tŷ’r Harbwr\n1 Ffordd y Doc\nHarbourside\nHB1 4AA"
    ),
    "Data Protection Officer, Harbour House\ndata@harbourside.example": (
        "Y Swyddog Diogelu Data, Tŷ’r Harbwr\ndata@harbourside.example"
    ),
    "Six years after a complaint is closed. Then it is deleted.": (
        "Chwe blynedd ar ôl cau cwyn. Yna caiff ei dileu."
    ),
    "Write to web@harbourside.example: we answer within 5 days.": (
        "Ysgrifennwch at web@harbourside.example: rydym yn ateb o fewn 5 diwrnod."
    ),
    "Office closed": "Y swyddfa ar gau",
    "PO Box 1484, Unit D, Preston, PR2 0ET": "Blwch Post 1484, Uned D, Preston, PR2 0ET",
    "New complaints by the form on their website, by telephone or by post": (
        "Cwynion newydd drwy’r ffurflen ar eu gwefan, dros y ffôn neu drwy’r post"
    ),
    "You had to ring again and again to hear when somebody comes.": (
        "Roedd rhaid ichi ffonio dro ar ôl tro i glywed pryd y byddai rhywun yn dod."
    ),
    "Whoever books a visit now sends you a text with the day and the half of the day.": (
        "Mae pwy bynnag sy’n trefnu ymweliad bellach yn anfon neges destun atoch gyda’r diwrnod, "
        "a bore neu brynhawn."
    ),
    "Letters about service charges were hard to follow.": (
        "Roedd llythyrau am daliadau gwasanaeth yn anodd eu deall."
    ),
    "We rewrote them with a panel of residents. Each begins with what you have to do.": (
        "Fe’u hailysgrifennwyd gennym gyda phanel o breswylwyr. Mae pob un yn dechrau gyda’r hyn "
        "y mae’n rhaid ichi ei wneud."
    ),
}


def say_it_in_welsh(by: User, now: datetime) -> None:
    """Say in Welsh whatever it typed, where the public pages are in Welsh too."""
    if WELSH not in settings.PUBLIC_LANGUAGES:
        return
    for section in SECTIONS:
        texts = in_language(texts_of(section, today=london_day(now)), WELSH)
        given = {
            each.text.key: SaidThere(each.text.mark, words)
            for each in texts
            if (words := WORDS.get(tidy(each.text.english)))
        }
        say_in_language(given, section=section, language=WELSH, by=by, now=now, seen=None)
