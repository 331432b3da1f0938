"""The moment that a text states: ISO 8601, RFC 822, epochs, slashes, and words of the languages that CLDR knows.

What can be read in two ways is not read: no date is better than a wrong one. The language, where it is known, decides
about words ("mai", "listopad"), about the order of day and month, and about abbreviations of zones. Texts come from
strangers: only short ones are read, and every pattern here is linear.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, TypeAlias

from worker.core.calendar_words import CalendarWords, bare, words_of
from worker.core.zones import named_zone, offset

Precision = Literal["day", "minute", "second"]
Day: TypeAlias = tuple[int, int, int]  # year, month, day

_MAX_CHARS = 120
_FIRST_YEAR = 1950  # before it are the zeros of clocks and spreadsheets
_EPOCH_DAY = datetime(1970, 1, 1, tzinfo=UTC).date()  # another such zero
_AHEAD = timedelta(days=1)  # zones are confused, and editions carry the date of tomorrow
_BUDDHIST = range(2400, 2700)  # years as Thailand counts them: 543 more

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"\s+(GMT|UTC|UT|Z|[+-]\d{4})",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|(\d\d)(\d\d))"
    r"(?:(?:[Tt]\s?|\s+)(\d{1,2}):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,12})?)?\s{0,9}"
    r"(Z|z|[+-]\d\d:?(?:\d\d)?)?(?:\s?\[[\w/+-]{1,60}\])?)?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?", re.ASCII)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d{1,9})?", re.ASCII)

_CLOCKS = (
    re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?(?![\d:])"),
    re.compile(
        r"(?<!\d)(?P<hour>\d{1,2})\s?[时時點点시](?:\s?(?P<minute>\d{1,2})\s?[分분])?(?:\s?(?P<second>\d{1,2})\s?[秒초])?"
    ),
    re.compile(r"(?<![\d.])(?P<hour>\d{1,2})(?:[.]|\s?[hH]\s?)(?P<minute>\d\d)(?P<second>(?![\d.]))"),
)
_WORD = re.compile(r"\s?([^\s\d,;()]{1,20})")
#: They stand before the hour, without a space.
_STUCK_HALVES = {"午前": "am", "上午": "am", "오전": "am", "午後": "pm", "下午": "pm", "오후": "pm"}
_ZONE = re.compile(
    r"\s?\[?(?:(?:GMT|UTC|UT)\s?(?=[+\-\N{MINUS SIGN}]\d))?"
    r"(?:([+\-\N{MINUS SIGN}]\d{1,2}(?::?\d\d)?)(?![\d-])"
    r"|((?:[A-Z][a-z]{1,15}(?:/[A-Za-z_+-]{2,30}){1,2}|[A-Z]{1,5})\b))"
    r"\]?(?:\s?\([^()]{0,40}\))?"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)\s?[日일.]?")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|(?<=\.)\d\d|(?<=\.\s)\d\d)(?!\d)")
_VIETNAMESE = re.compile(r"\btháng\s(\d{1,2})\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d+|[^\s\d,،、;()|/\-\N{EN DASH}·]+")
_MONTH_FIRST_REGIONS = frozenset({"US", "PH"})


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A moment as a text states it: aware UTC, how exact it is, and whether a zone was named (UTC was taken if not)."""

    value: datetime
    precision: Precision
    zone_known: bool


def read_date(text: str, *, language: str = "", now: datetime | None = None) -> StatedTime | None:
    """Return the moment that a text states; None when it states none, one that cannot be, or may mean two.

    Args:
        text: A date with nothing much around it, as a feed or a field of a page has it.
        language: What it is written in (BCP 47: "de", "en-GB"); words of others are not read then. "" for unknown.
        now: Aware UTC; what is more than a day later is no date of something published. None: nothing is too late.
    """
    text = text.strip()
    if not text or len(text) > _MAX_CHARS:
        return None
    try:
        found = _exact(text) or _free(_plain(text), language, now)
    except (ValueError, OverflowError):  # 31 February, the hour 25, the year 9999 west of Greenwich
        return None
    return found if found and _is_possible(found.value, now) else None


def _is_possible(value: datetime, now: datetime | None) -> bool:
    in_time = now is None or value <= now + _AHEAD
    return value.year >= _FIRST_YEAR and value.date() != _EPOCH_DAY and in_time


def _exact(text: str) -> StatedTime | None:
    """Read the forms that standards have, which most dates are in."""
    if found := _RFC_822.fullmatch(text):
        month = _MONTHS.get(found[2].lower())
        if month:
            return _moment((int(found[3]), month, int(found[1])), found.group(4, 5, 6), found[7])
    if found := _ISO.fullmatch(text):
        day = (int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
        return _moment(day, found.group(6, 7, 8), found[9])
    if found := _COMPACT.fullmatch(text):
        return _moment((int(found[1]), int(found[2]), int(found[3])), found.group(4, 5, 6), None)
    if found := _EPOCH.fullmatch(text):
        return StatedTime(datetime.fromtimestamp(int(found[1]), UTC), "second", zone_known=True)
    return None


def _moment(day: Day, clock: tuple[str | None, ...], zone: str | None) -> StatedTime:
    hour, minute, second = clock
    if hour is None or minute is None:
        return StatedTime(datetime(*day, tzinfo=UTC), "day", zone_known=False)
    where = None if zone is None else UTC if zone[0].isalpha() else offset(zone)
    if zone and where is None:
        raise ValueError(f"{zone} is no offset")
    value = _clock_on(day, int(hour), int(minute), int(second or 0), where or UTC)
    return StatedTime(value, "second" if second else "minute", zone_known=where is not None)


def _clock_on(day: Day, hour: int, minute: int, second: int, zone: tzinfo) -> datetime:
    """Return the moment in UTC; 24:00 is the end of the day (ISO 8601), a leap second the last of the minute."""
    is_end = (hour, minute, second) == (24, 0, 0)
    value = datetime(*day, 0 if is_end else hour, minute, 59 if second == 60 else second, tzinfo=zone)
    if is_end:
        value += timedelta(days=1)
    return value if zone is UTC else value.astimezone(UTC)


def _plain(text: str) -> str:
    """Return a text with the digits of all scripts as ASCII, full-width forms as usual ones, and one kind of space."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")  # marks of direction
    return " ".join(text.split())


def _free(text: str, language: str, now: datetime | None) -> StatedTime | None:
    """Read a date in words or numbers, and the time beside it, in whatever order they stand."""
    if _DIGIT.search(text) is None:  # no date is without a number, and most lines of a page are
        return None
    words = words_of(language)
    clock = next(filter(None, (pattern.search(text) for pattern in _CLOCKS)), None)
    if clock is None:
        day = _day(text, _Context(words, language, now, is_twelve_hours=False))
        return StatedTime(datetime(*day, tzinfo=UTC), "day", zone_known=False) if day else None
    half, end = _half_beside(text, clock, words)
    zone, end = _zone_behind(text, end, words, language)
    beside = f"{text[: clock.start()]} ; {text[end:]}"
    day = _day(beside, _Context(words, language, now, is_twelve_hours=half is not None))
    if day is None:
        return None
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    value = _clock_on(day, _hour_of(hour, half), minute, second, zone or UTC)
    return StatedTime(value, "second" if clock["second"] else "minute", zone_known=zone is not None)


def _hour_of(hour: int, half: str | None) -> int:
    if half is None or not 1 <= hour <= 12:
        return hour
    return hour % 12 + (12 if half == "pm" else 0)


def _half_beside(text: str, clock: re.Match[str], words: CalendarWords) -> tuple[str | None, int]:
    """Return which half of the day is named beside a time, None if none is, and where the naming ends."""
    before = text[: clock.start()].rstrip()
    stuck = next((half for mark, half in _STUCK_HALVES.items() if before.endswith(mark)), None)
    behind = _WORD.match(text, clock.end())
    half = words.halves.get(bare(behind[1])) if behind else None
    return (half, behind.end()) if half and behind else (stuck, clock.end())


def _zone_behind(text: str, at: int, words: CalendarWords, language: str) -> tuple[tzinfo | None, int]:
    """Return the zone that stands behind a time, None if none does, and where it ends.

    Raises:
        ValueError: What stands there must be a zone, but nobody knows which.
    """
    found = _ZONE.match(text, at)
    if found is None:
        return None, at
    number, name = found.groups()
    if name and (bare(name) in words.months or bare(name) in words.weekdays):
        return None, at
    zone = offset(number) if number else named_zone(name, language)
    if zone is None and (number or "/" in name or name.endswith("T")):
        raise ValueError(f"{number or name} is no zone")
    return zone, found.end() if zone else at


@dataclass(frozen=True, slots=True)
class _Context:
    """What helps to understand a day."""

    words: CalendarWords
    language: str
    now: datetime | None
    is_twelve_hours: bool


def _day(text: str, context: _Context) -> Day | None:
    """Return year, month and day of a text without its time."""
    if found := _YEAR_FIRST.search(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.search(text):
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        return _in_order(int(found[1]), int(found[3]), year, context, is_dotted=found[2] == ".")
    return _worded(_VIETNAMESE.sub(_as_word, text), context.words)


def _checked(year: int, month: int, day: int) -> Day | None:
    year -= 543 if year in _BUDDHIST else 0
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _in_order(first: int, second: int, year: int, context: _Context, *, is_dotted: bool) -> Day | None:
    """Return the day of "10/11/2026", which Americans begin with the month; None where it may be either."""
    day_first, month_first = _checked(year, second, first), _checked(year, first, second)
    if is_dotted or month_first is None or first == second:
        return day_first
    if day_first is None:
        return month_first
    is_american = _is_american(context)
    if is_american is None:
        return _only_past(day_first, month_first, context.now)
    return month_first if is_american else day_first


def _is_american(context: _Context) -> bool | None:
    """Tell whether the month stands first; None in English of nobody knows where, without "am" or "pm"."""
    language, *rest = context.language.replace("_", "-").split("-")
    if {part.upper() for part in rest} & _MONTH_FIRST_REGIONS:
        return True
    if rest or language.lower() not in {"", "en"}:
        return False
    return context.is_twelve_hours or None


def _only_past(one: Day, other: Day, now: datetime | None) -> Day | None:
    """Return the day that is not in the future, if the other one is."""
    past = [day for day in (one, other) if now and _is_possible(datetime(*day, tzinfo=UTC), now)]
    return past[0] if len(past) == 1 else None


def _as_word(month: re.Match[str]) -> str:
    return f" {_MONTH_NAMES[int(month[1]) - 1]} " if 1 <= int(month[1]) <= 12 else month[0]


def _worded(text: str, words: CalendarWords) -> Day | None:
    """Read a month in words beside two numbers: "10 nov. 2026", "November 10, 2026", "2026. november 10."."""
    tokens = _TOKEN.findall(text)
    month = _month(tokens, words)
    numbers = [token for token in tokens if token.isdigit()]
    if month is None or len(numbers) != 2:
        return None
    day, year = sorted(numbers, key=len) if max(map(len, numbers)) == 4 else numbers
    if len(day) > 2 or len(year) not in {2, 4}:
        return None
    century = 0 if len(year) == 4 else 2000 if int(year) < 50 else 1900  # RFC 2822, section 4.3
    return _checked(century + int(year), month, int(day))


def _month(tokens: list[str], words: CalendarWords) -> int | None:
    """Return the month that is named, if it is just one."""
    named = [word for word in map(bare, tokens) if word in words.months]
    months = {words.months[word] for word in named}
    if len(months) > 1:  # "mar" is a Tuesday, and March
        months = {words.months[word] for word in named if word not in words.weekdays}
    return months.pop() if len(months) == 1 else None
