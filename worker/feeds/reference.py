"""RSS and Atom by feedparser: the reference for what a feed says, and the only reader of broken ones.

feedparser gets a stream, never text or bytes, because it opens those that look like a path or a URL.
Its sanitiser and its link resolver are off: fields become plain text anyway, and both are slow on
hostile markup. `bozo` is no failure: what counts is whether there are entries.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from types import FunctionType
from typing import Any

from feedparser import api
from feedparser.html import _cp1252

from worker.core.errors import Reason, RejectedError
from worker.core.records import FeedEntry
from worker.feeds.budget import affordable
from worker.feeds.entry import DateReader, absolute, make_entry, plain_text
from worker.feeds.feed import FeedDocument, FeedKind

#: Where feedparser keeps what an entry says of its date, in the order in which it is believed.
MOMENTS = ("published", "updated", "created")

_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)\b", re.IGNORECASE)

_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+))|nbsp|ensp|emsp|thinsp);")
_LINE_CODES = (9, 10, 13)  # in an attribute they are something else than a space
_LINE_ENDS = re.compile(
    r"(&#(?:0{0,9}(?:9|10|13)|[xX]0{0,9}[9aAdD]);)(?:\s*&#(?:0{0,9}(?:9|10|13)|[xX]0{0,9}[9aAdD]);)+"
)


class _BoundedParser:
    """What costs feedparser's parsers too much, and is not used here, left out."""

    def _sync_author_detail(self, key: str = "author") -> None:
        """Keep no author: a regular expression takes 48 s for one of 97 KB."""

    def _add_tag(self, *_: object) -> None:
        """Keep no category: for each one all earlier ones are searched."""
        context: dict[str, Any] = self._get_context()  # type: ignore[attr-defined]
        context["tags"] = [{"term": True}]


#: `feedparser.parse` with such parsers for its own: it looks them up here, and feedparser itself stays as it is.
_PARSERS = {name: type(name, (_BoundedParser, vars(api)[name]), {}) for name in ("StrictFeedParser", "LooseFeedParser")}
_parse = FunctionType(api.parse.__code__, vars(api) | _PARSERS, argdefs=api.parse.__defaults__)


def read_with_feedparser(text: str, *, url: str, max_entries: int, dates: DateReader) -> FeedDocument:
    """Read RSS 0.9x to 2.0, Atom 0.3 or 1.0, CDF, well-formed or not.

    Raises:
        RejectedError: NOT_A_FEED or HOSTILE_MARKUP.
    """
    text = affordable(_cut(_digestible(text), max_entries), url=url)
    try:
        parsed = _parse(
            io.BytesIO(b"<?xml version='1.0' encoding='utf-8'?>\n" + text.encode(errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # it lets through what its own parsers raise on malformed input
        raise RejectedError(Reason.NOT_A_FEED, url, f"feedparser could not read it: {error!r:.200}") from error
    if not parsed.version and not parsed.entries:
        raise RejectedError(Reason.NOT_A_FEED, url, "neither RSS nor Atom was found in it")
    return _feed(parsed, url, dates)


def _character(reference: re.Match[str]) -> str:
    """Drop what is no character, such as half an emoji, at which feedparser raises; make a space a space."""
    if not (reference[1] or reference[2]):
        return "\u00a0"
    code = int(reference[1], 16) if reference[1] else int(reference[2][:9])
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return ""
    return chr(code) if chr(code).isspace() and code not in _LINE_CODES else reference[0]


def _digestible(text: str) -> str:
    """Return a text without the references that feedparser raises at, or takes quadratic time for: runs of spaces."""
    return _LINE_ENDS.sub(r"\1", _REFERENCE.sub(_character, text))


def _cut(text: str, max_entries: int) -> str:
    """Return the text up to where there are enough entries; the rest of the document is dropped."""
    beyond = next(islice(_ITEM.finditer(text), max_entries, None), None)
    return text[: beyond.start()] if beyond else text


def _feed(parsed: Any, url: str, dates: DateReader) -> FeedDocument:
    head = parsed.feed
    kind: FeedKind = "atom" if parsed.version.startswith("atom") else "rss"
    named = [link for link in reversed(head.get("links", [])) if isinstance(link, dict)]
    links = {link.get("rel"): absolute(url, _text(link, "href")) for link in named}
    return FeedDocument(
        kind=kind,
        entries=tuple(filter(None, (_entry(raw, url, dates) for raw in parsed.entries))),
        title=plain_text(_text(head, "title"), 500),
        link=absolute(url, _text(head, "link")),
        self_link=links.get("self"),
        hub=links.get("hub"),
        ttl=minutes(_text(head, "ttl")),
        prev_archive=links.get("prev-archive"),
        next_archive=links.get("next-archive"),
        next_page=links.get("next"),
    )


def _entry(raw: Any, url: str, dates: DateReader) -> FeedEntry | None:
    content = raw.get("content") or [{}]
    return make_entry(
        url,
        url=_text(raw, "feedburner_origlink") or _text(raw, "link"),
        guid=_text(raw, "id"),
        title=_text(raw, "title"),
        summary=_text(raw, "summary") or _text(content[0], "value"),
        published=dates.first(dict.get(raw, name) for name in MOMENTS),  # raw.get takes one for the other, and warns
    )


def _text(found: Any, name: str) -> str | None:
    """Return a value that is text; where an element surprised it, feedparser keeps its attributes instead."""
    value = found.get(name)
    return value if isinstance(value, str) else None


def repaired(text: str) -> str:
    """Undo UTF-8 that was taken for Latin-1, and map what Windows-1252 has in the place of C1 controls."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252)


def minutes(text: str | None) -> timedelta | None:
    """Read a number of minutes; None when it is none."""
    digits = (text or "").strip()
    return timedelta(minutes=int(digits)) if re.fullmatch(r"[0-9]{1,6}", digits) else None
