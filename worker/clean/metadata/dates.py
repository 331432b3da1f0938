"""When an article was published and modified, by what the page states and shows, in an order of trust."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from dateutil import parser as dateutil_parser

from worker.clean.html.class_names import BIT
from worker.clean.metadata.json_ld import text_of
from worker.clean.metadata.sources import UNRELATED, Sources, near_heading
from worker.core.records import Moment

_PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date",
              "cxenseparse:recs:publishtime", "article:published", "article:published:time",
              "dcterms.created", "dcterms.issued", "dc.date.issued",
              "dcterms.date", "dc.date", "pubdate", "publishdate", "publish-date", "publish_date",
              "publication_date",
              "last-modified-date", "date", "article.published", "article_date_original", "og:pubdate",
              "bt:pubdate",
              "dc.date.created", "published_time", "og:published_time", "sentdate",
              "rnews:datepublished")  # fmt: skip
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "lastmod",
    "last-modified",
)

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})(?:[T "
    r"]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:\D{1,12}(\d{1,2})[:.h](\d{2}))?")
_EASTERN = re.compile(r"(\d{4})\s*[-./年년]\s*(\d{1,2})\s*[-./月월]\s*(\d{1,2})(?:\D{1,8}(\d{1,2}):(\d{2}))?")
_IN_URL = re.compile(r"[/_-](20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:\D|$)")
_TIME = re.compile(r"\d[:.h]\d\d|T\d{4}|^\d{10,13}$")
#: Hours from UTC.
_ZONES = {
    "CEST": 2, "CET": 1, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "ET": -5, "BST": 1, "WEST": 1, "IST": 5.5, "JST": 9, "KST": 9,
    "MSK": 3, "EET": 2, "EEST": 3, "AEST": 10, "AEDT": 11, "SAST": 2, "EAT": 3, "WIB": 7,
    "HKT": 8, "SGT": 8,
}  # fmt: skip
_ZONE_SECONDS = {name: int(hours * 3600) for name, hours in _ZONES.items()}
#: Statements of a time that are read: a page's first ones are the article's.
_MOST_STATED = 1_000
#: A first publication among the fields of a page's scripts, and how much of a page is searched for it.
_IN_SCRIPTS = re.compile(
    r'"(?:date_?published|publish(?:ed)?_?(?:at|date|time|dt)?|deploy_?dt|reg_?date|created_?at)\\?"\s*+:\s*+\\?"([^"\\]{8,40})',
    re.IGNORECASE,
)
_MAX_SCRIPT_CHARS = 3_000_000
#: Longer blocks are no line of a date alone.
_DATE_LINE = 80
#: The default of fields that dateutil must not fill from today's clock.
_DEFAULT = datetime(1, 1, 1)  # noqa: DTZ001 - naive on purpose: tells that no zone was named


def read_published(sources: Sources, html: bytes) -> Moment | None:
    """Return when the article was first published.

    The order of trust: JSON-LD of the article; meta tags; JSON-LD of other objects; microdata; <time>; lines marked as
    dates; <title>; lines around the heading; the URL. Only where none of them states a day: the page's scripts.
    """
    return first_moment(_published(sources)) or parse_moment(_in_scripts(html), "script")


def _published(sources: Sources) -> Iterator[tuple[str, str]]:
    tree = sources.tree
    yield "json-ld", sources.linked("datePublished")
    yield from (("meta", sources.metas.get(name, "")) for name in _PUBLISHED)
    yield from (("json-ld", text_of(node.get("datePublished"))) for node in sources.nodes)
    yield from (("microdata", text) for text in sources.microdata("datepublished", "datecreated"))
    for stated, text, marks in tree.times:
        if not marks & UNRELATED:
            yield "time", stated
            yield "time", text
    yield from (
        ("text", block.text)
        for block in tree.blocks
        if len(block.text) < _DATE_LINE and tree.marks_around(block.element) & BIT["date"]
    )
    yield "title", tree.title
    yield from (("text", text) for text in near_heading(tree))
    yield "url", moment_of_url(sources.url)


def _in_scripts(html: bytes) -> str:
    found = _IN_SCRIPTS.search(html.decode("utf-8", "replace")[:_MAX_SCRIPT_CHARS])
    return found[1] if found else ""


def read_modified(sources: Sources) -> Moment | None:
    """Return when the article was last changed: by JSON-LD, then meta tags, then microdata."""
    stated = [("json-ld", sources.linked("dateModified"))]
    stated += [("meta", sources.metas.get(name, "")) for name in _MODIFIED]
    stated += [("microdata", text) for text in sources.microdata("datemodified")]
    return first_moment(stated)


def parse_moment(raw: str, source: str) -> Moment | None:
    """Return the moment that `raw` states, None if it states none."""
    text = raw.strip()[:80]
    found = _iso(text) or _numeric(text) or _worded(text)
    if found is None or not 1990 <= found.year <= 2100:
        return None
    known = found.tzinfo is not None
    value = found.astimezone(UTC) if known else found.replace(tzinfo=UTC)
    return Moment(value, raw.strip()[:80], source, known)


def first_moment(stated: Iterable[tuple[str, str]]) -> Moment | None:
    """Return the first of (source, raw) that states a time; else the first that states a day."""
    day: Moment | None = None
    for source, raw in islice(((source, raw) for source, raw in stated if raw), _MOST_STATED):
        moment = parse_moment(raw, source)
        if moment is None:
            continue
        if has_time(moment.raw):
            if day is None or abs(moment.value - day.value) < timedelta(days=2):
                return moment
            return day
        day = day or moment
    return day


def has_time(raw: str) -> bool:
    """Tell whether a wording names a time of day."""
    return bool(_TIME.search(raw))


def moment_of_url(url: str) -> str:
    """Return the date in a URL's path as ISO, "" if there is none."""
    found = _IN_URL.search(url)
    return "-".join(found.groups()) if found else ""


def _iso(text: str) -> datetime | None:
    if text.isdecimal() and len(text) in {10, 13}:
        return datetime.fromtimestamp(int(text[:10]), UTC)
    found = _ISO.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        value = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001
        return value if not zone else datetime.fromisoformat(value.isoformat() + _offset(zone))
    except ValueError:
        return None


def _offset(zone: str) -> str:
    if zone[0] not in "+-":
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _numeric(text: str) -> datetime | None:
    dotted, eastern = _DOTTED.search(text), _EASTERN.search(text)
    if not (dotted or eastern):
        return None
    parts = [int(part or 0) for part in (dotted or eastern).groups()]  # type: ignore[union-attr]
    if dotted:
        parts[:3] = parts[2::-1]
    try:
        return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, TypeError):
        return None


def _worded(text: str) -> datetime | None:
    if not re.search(r"\d", text) or not re.search(r"(?:19|20)\d\d", text):
        return None
    try:
        return dateutil_parser.parse(text, default=_DEFAULT, tzinfos=_ZONE_SECONDS, fuzzy=True)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
