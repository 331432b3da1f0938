"""Time zones as feeds and pages name them: what is a number of hours, and whose abbreviation it is.

Abbreviations are no standard: IST is Indian, Irish or Israel time. Each has here the meaning that it has in most
news; a language or a region that is known to mean another one outranks that. A name that nobody knows is no zone.

Source: the abbreviations of the IANA time zone database and RFC 822, section 5.1; names such as Europe/Oslo and the
hours of "ET" in summer are looked up in that database.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: Hours east of UTC.
_HOURS: dict[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0,
    "CET": 1, "MEZ": 1, "MET": 1, "WEST": 1, "BST": 1, "WAT": 1,
    "CEST": 2, "MESZ": 2, "MEST": 2, "EET": 2, "CAT": 2, "SAST": 2,
    "MSK": 3, "EEST": 3, "TRT": 3, "EAT": 3, "IDT": 3, "AST": -4, "ADT": -3,
    "IRST": 3.5, "GST": 4, "AZT": 4, "GET": 4, "AMT": -4, "SAMT": 4, "AFT": 4.5,
    "PKT": 5, "UZT": 5, "YEKT": 5, "IST": 5.5, "NPT": 5.75, "BDT": 6, "OMST": 6, "MMT": 6.5,
    "ICT": 7, "WIB": 7, "KRAT": 7, "NOVT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "MYT": 8, "WITA": 8, "AWST": 8, "IRKT": 8,
    "JST": 9, "KST": 9, "WIT": 9, "YAKT": 9, "ACST": 9.5, "AEST": 10, "VLAT": 10, "ACDT": 10.5, "AEDT": 11, "MAGT": 11,
    "NZST": 12, "NZDT": 13,
    "NST": -3.5, "NDT": -2.5, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3, "UYT": -3, "CLT": -4, "CLST": -3, "BOT": -4, "VET": -4,
    "COT": -5, "PET": -5, "ECT": -5,
}  # fmt: skip
#: What an abbreviation means instead, where the language or the region is known (ISO 639, ISO 3166).
_ELSEWHERE: dict[str, dict[str, float]] = {
    "IST": {"IE": 1, "ga": 1, "IL": 2, "he": 2},
    "BST": {"BD": 6, "bn": 6},
    "CST": {"CN": 8, "TW": 8, "HK": 8, "MO": 8, "zh": 8, "CU": -5},
    "CDT": {"CU": -4},
    "EST": {"AU": 10},
    "EDT": {"AU": 11},
    "PST": {"PH": 8, "fil": 8, "tl": 8},
    "AST": {"ar": 3, "SA": 3, "IQ": 3, "KW": 3, "QA": 3},
    "AMT": {"AM": 4, "hy": 4},
    "GST": {"GS": -2},
    "MST": {"MY": 8, "ms": 8},
    "SST": {"SG": 8, "AS": -11, "WS": -11},
    "ADT": {"IQ": 4},
}
#: Names without "standard" or "daylight": the clock of a place decides which of both it is.
_CLOCKS = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_PLACE = re.compile(r"[A-Z][A-Za-z]{1,15}(?:/[A-Z][A-Za-z_+-]{1,30}){1,2}")
_OFFSET = re.compile(r"([+\-\N{MINUS SIGN}])(\d{1,2}):?(\d{2})?")
_MOST_MINUTES = 14 * 60  # Kiritimati


@lru_cache(maxsize=256)
def offset(text: str) -> tzinfo | None:
    """Return the zone of "+0530", "-05:00" or "+1"; None for what is no offset on Earth."""
    found = _OFFSET.fullmatch(text)
    minutes = int(found[2]) * 60 + int(found[3] or 0) if found else _MOST_MINUTES + 1
    if found is None or minutes > _MOST_MINUTES or int(found[3] or 0) > 59:
        return None
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


@lru_cache(maxsize=1024)
def named_zone(name: str, language: str = "") -> tzinfo | None:
    """Return the zone of an abbreviation or of a name such as Europe/Oslo; None for what is none.

    Args:
        name: As written; abbreviations in capitals.
        language: A tag such as "en-IE" that says whose abbreviation it is; "" when it is not known.
    """
    hours = _hours(name, language)
    if hours is not None:
        return timezone(timedelta(hours=hours))
    place = _CLOCKS.get(name, name)
    try:
        return ZoneInfo(place) if _PLACE.fullmatch(place) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _hours(name: str, language: str) -> float | None:
    meant = _ELSEWHERE.get(name, {})
    first, *rest = language.replace("_", "-").split("-")
    tags = (*(part.upper() for part in rest), first.lower())  # a region says more than a language
    return next((meant[tag] for tag in tags if tag in meant), _HOURS.get(name))
