"""What languages call months, days of the week, and the halves of the day: CLDR, as Babel has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from babel import Locale
from babel.core import UnknownLocaleError

Value = TypeVar("Value")

#: Whose words are read where nobody says which language it is.
_LANGUAGES = """
    af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn
    ko ky lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl ps pt ro ru si sk sl so sq sr sr_Latn sv sw ta te th tr uk
    ur uz vi zh zh_Hant zu
"""
#: Abbreviations that are written, but are not those of CLDR.
_MONTHS_TOO = {
    "en": {"sept": 9, "june": 6, "july": 7},
    "de": {"mär": 3, "mrz": 3, "sept": 9, "jänner": 1, "feber": 2},
    "es": {"set": 9, "setiembre": 9},
    "pt": {"set": 9},
    "fr": {"fev": 2, "fevrier": 2, "aout": 8, "dec": 12, "decembre": 12, "jui": 7},
    "ru": {"май": 5, "сен": 9, "сент": 9, "ноя": 11, "нояб": 11, "фев": 2, "февр": 2, "мар": 3},
    "nl": {"mrt": 3},
    "sv": {"sept": 9},
    "da": {"maj": 5},
}
_WEEKDAYS_TOO = {
    "en": ("tues", "thur", "thurs", "weds"),
    "de": ("mon", "die", "mit", "don", "fre", "sam", "son"),
}
_HALVES_TOO = {"am": "am", "pm": "pm", "a.m": "am", "p.m": "pm"}
#: "Of" and "in", where they are part of the word: Catalan "d'abril", Hebrew.
_PREFIXES = ("d'", "d\N{RIGHT SINGLE QUOTATION MARK}", "\N{HEBREW LETTER BET}")


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """Words as `bare` leaves them: the month of each (1 to 12), those of weekdays, and "am" or "pm" of each half."""

    months: Mapping[str, int]
    weekdays: frozenset[str]
    halves: Mapping[str, str]


def bare(word: str) -> str:
    """Return a word without case and the marks around it: "Nov." and "NOV" are "nov"."""
    word = word.casefold().strip(".:'\"\N{RIGHT SINGLE QUOTATION MARK}")
    return next((word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)), word)


def words_of(language: str) -> CalendarWords:
    """Return the words of a language and of English; of all languages, where each has one meaning, if it is unknown.

    Args:
        language: A tag such as "de" or "pt-BR".
    """
    locale = _locale(language.replace("-", "_").lower()[:20]) if language else None
    return _of_all() if locale is None else _of_one(locale)


@lru_cache(maxsize=256)
def _locale(tag: str) -> str | None:
    """Return the name of the closest locale that there is, None for what is none."""
    for name in (tag, tag.partition("_")[0]):
        try:
            found = Locale.parse(name)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        return str(found)
    return None


@lru_cache(maxsize=128)
def _of_one(locale: str) -> CalendarWords:
    own, english = _words([locale]), _words(["en"])
    return CalendarWords(
        {**english.months, **own.months}, own.weekdays | english.weekdays, {**english.halves, **own.halves}
    )


@lru_cache(maxsize=1)
def _of_all() -> CalendarWords:
    return _words(_LANGUAGES.split())


def _words(locales: Iterable[str]) -> CalendarWords:
    found = [Locale.parse(name) for name in locales]
    return CalendarWords(
        _unambiguous(pair for locale in found for pair in _months(locale)),
        frozenset(word for locale in found for word in _weekdays(locale)),
        _unambiguous(pair for locale in found for pair in _halves(locale)),
    )


def _unambiguous(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    meanings: defaultdict[str, set[Value]] = defaultdict(set)
    for word, value in pairs:
        meanings[word].add(value)
    return {word: next(iter(values)) for word, values in meanings.items() if len(values) == 1}


def _months(locale: Locale) -> Iterator[tuple[str, int]]:
    for names in _by_width(locale.months):
        for number, name in names.items():
            word = bare(name.split()[-1])  # Catalan: "de novembre"
            if word and not any(char.isdecimal() for char in word):
                yield word, number
    yield from _MONTHS_TOO.get(locale.language, {}).items()


def _weekdays(locale: Locale) -> Iterator[str]:
    for names in _by_width(locale.days):
        yield from (bare(name) for name in names.values())
    yield from _WEEKDAYS_TOO.get(locale.language, ())


def _halves(locale: Locale) -> Iterator[tuple[str, str]]:
    for names in _by_width(locale.day_periods):
        yield from ((bare(names[half]), half) for half in ("am", "pm") if half in names)
    yield from _HALVES_TOO.items()


def _by_width(names: Any) -> Iterator[Mapping[Any, str]]:
    """Yield the names as they stand in a date and alone, in full and short; one letter is no name."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            if width in names.get(context, {}):
                yield names[context][width]
