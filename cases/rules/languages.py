"""Languages in which a letter may also be written: what they are called, and how they run."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its tag (BCP 47): in English, in itself, and whether it runs to the left."""

    tag: str
    name: str
    own_name: str
    is_to_the_left: bool = False

    @property
    def direction(self) -> str:
        """Return its direction as a page says it."""
        return "rtl" if self.is_to_the_left else "ltr"


# Those that the letters' fonts can write.
LANGUAGES: Mapping[str, Language] = {
    each.tag: each
    for each in (
        Language("sq", "Albanian", "Shqip"),
        Language("ar", "Arabic", "العربية", is_to_the_left=True),
        Language("bn", "Bengali", "বাংলা"),
        Language("bg", "Bulgarian", "Български"),
        Language("zh", "Chinese", "简体中文"),
        Language("cs", "Czech", "Čeština"),
        Language("fa", "Farsi", "فارسی", is_to_the_left=True),
        Language("fr", "French", "Français"),
        Language("de", "German", "Deutsch"),
        Language("el", "Greek", "Ελληνικά"),
        Language("gu", "Gujarati", "ગુજરાતી"),
        Language("hi", "Hindi", "हिन्दी"),
        Language("hu", "Hungarian", "Magyar"),
        Language("it", "Italian", "Italiano"),
        Language("ku", "Kurdish (Kurmanji)", "Kurdî"),
        Language("ckb", "Kurdish (Sorani)", "کوردی", is_to_the_left=True),
        Language("lv", "Latvian", "Latviešu"),
        Language("lt", "Lithuanian", "Lietuvių"),
        Language("ne", "Nepali", "नेपाली"),
        Language("ps", "Pashto", "پښتو", is_to_the_left=True),
        Language("pl", "Polish", "Polski"),
        Language("pt", "Portuguese", "Português"),
        Language("pa", "Punjabi", "ਪੰਜਾਬੀ"),
        Language("ro", "Romanian", "Română"),
        Language("ru", "Russian", "Русский"),
        Language("sk", "Slovak", "Slovenčina"),
        Language("so", "Somali", "Soomaali"),
        Language("es", "Spanish", "Español"),
        Language("sw", "Swahili", "Kiswahili"),
        Language("tl", "Tagalog", "Tagalog"),
        Language("ta", "Tamil", "தமிழ்"),
        Language("tr", "Turkish", "Türkçe"),
        Language("uk", "Ukrainian", "Українська"),
        Language("ur", "Urdu", "اردو", is_to_the_left=True),
        Language("vi", "Vietnamese", "Tiếng Việt"),
        Language("cy", "Welsh", "Cymraeg"),
        Language("yo", "Yoruba", "Yorùbá"),
    )
}


def language_called(words: str) -> Language | None:
    """Return the language that somebody named, in English or in itself; nothing if none is it."""
    said = words.strip().casefold()
    named = (
        each
        for each in LANGUAGES.values()
        if said in (each.name.casefold(), each.own_name.casefold(), each.tag)
    )
    return next(named, None) if said else None


def language_needed(words: str) -> str:
    """Return the written language that somebody needs, as it was noted; nothing for English.

    Whoever signs reads English letters, unless they say otherwise.
    """
    said = words.strip()
    plain = said.casefold()
    is_english = plain in ("english", "en", "en-gb", "bsl") or "sign" in plain.split()
    return "" if is_english else said


def is_the_needed(language: Language | None, words: str) -> bool:
    """Say whether a text is in the language that somebody needs, as far as that can be known."""
    known = language_called(words)
    return language is not None and (known is None or known.tag == language.tag)


def under_an_email(language: Language | None, text: str) -> str:
    """Return a text in another language under its name, as it stands under an e-mail."""
    return f"\n\n{language.own_name}\n\n{text.strip()}\n" if language else ""
