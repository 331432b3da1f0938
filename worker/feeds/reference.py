"""RSS and Atom by feedparser: the reference for what a feed says, and the only reader of broken ones.

feedparser gets a stream, never text or bytes, because it opens those that look like a path or a URL.
Its sanitiser and its link resolver are off: fields become plain text anyway, and both are slow on
hostile markup. `bozo` is no failure: what counts is whether there are entries.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from time import struct_time
from typing import Any

import feedparser
from feedparser.datetimes import _parse_date
from feedparser.html import _cp1252
from feedparser.mixin import _FeedParserMixin

from worker.errors import Reason, RejectedError
from worker.feeds.entry import absolute, make_entry, plain_text, utc
from worker.feeds.feed import Feed, FeedKind

_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)\b", re.IGNORECASE)
_MAX_TAGS = 300_000  # at about 20 us a tag, 6 s


def _keep_no_author(self: Any, key: str = "author") -> None:
    """Replace a regular expression that takes 48 s for an author of 97 KB; authors are not used here."""


def _keep_no_tag(self: Any, *_: object) -> None:
    """Replace a search through all earlier categories for each category; categories are not used here."""
    self._get_context()["tags"] = [{"term": True}]


#: Code points that are Windows-1252 in the place of C1 controls, and what they mean.
CP1252 = _cp1252

_FeedParserMixin._sync_author_detail = _keep_no_author  # noqa: SLF001
_FeedParserMixin._add_tag = _keep_no_tag  # noqa: SLF001


def read_with_feedparser(text: str, *, url: str, max_entries: int) -> Feed:
    """Read RSS 0.9x to 2.0, Atom 0.3 or 1.0, CDF, well-formed or not.

    Raises:
        RejectedError: NOT_A_FEED.
    """
    try:
        parsed = feedparser.parse(
            io.BytesIO(b"<?xml version='1.0' encoding='utf-8'?>\n" + _cut(text, max_entries).encode(errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # it lets through what its own parsers raise on malformed input
        raise RejectedError(Reason.NOT_A_FEED, url, f"feedparser could not read it: {error!r:.200}") from error
    if not parsed.version and not parsed.entries:
        raise RejectedError(Reason.NOT_A_FEED, url, "neither RSS nor Atom was found in it")
    return _feed(parsed, url)


def _cut(text: str, max_entries: int) -> str:
    """Return what can be read in seconds: so many entries and tags, the rest of the document is dropped."""
    beyond = next(islice(_ITEM.finditer(text), max_entries, None), None)
    text = text[: beyond.start()] if beyond else text
    if text.count("<") <= _MAX_TAGS:
        return text
    last = next(islice(re.finditer("<", text), _MAX_TAGS, None))
    return text[: last.start()]


def _feed(parsed: Any, url: str) -> Feed:
    head = parsed.feed
    kind: FeedKind = "atom" if parsed.version.startswith("atom") else "rss"
    links = {link.get("rel"): absolute(url, link.get("href")) for link in reversed(head.get("links", []))}
    return Feed(
        kind=kind,
        entries=tuple(filter(None, (_entry(raw, url) for raw in parsed.entries))),
        title=plain_text(head.get("title"), 500),
        link=absolute(url, head.get("link")),
        self_link=links.get("self"),
        hub=links.get("hub"),
        ttl=minutes(head.get("ttl")),
        prev_archive=links.get("prev-archive"),
        next_archive=links.get("next-archive"),
    )


def _entry(raw: Any, url: str) -> Any:
    content = raw.get("content") or [{}]
    return make_entry(
        url,
        url=raw.get("feedburner_origlink") or raw.get("link"),
        guid=raw.get("id"),
        title=raw.get("title"),
        summary=raw.get("summary") or content[0].get("value"),
        published=_moment(raw),
    )


def first_moment(texts: Iterable[str | None]) -> datetime | None:
    """Return the first that is a date, in any of the forms that feedparser knows."""
    stamp = next(filter(None, map(_parse_date, texts)), None)
    return utc(*stamp[:6]) if stamp else None


def minutes(text: object) -> timedelta | None:
    """Read a number of minutes; None when it is none."""
    digits = str(text).strip()
    return timedelta(minutes=int(digits)) if re.fullmatch(r"[0-9]{1,6}", digits) else None


def _moment(raw: Any) -> datetime | None:
    """Return when the entry was published, else updated, else created."""
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        stamp = dict.get(raw, key)  # not raw.get, which warns and substitutes one for the other
        if isinstance(stamp, struct_time):
            return utc(*stamp[:6])
    return None
