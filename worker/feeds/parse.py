"""From the bytes of a feed to a `FeedDocument`, whatever the dialect, the encoding, and the state they are in."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import datetime

from worker.core.errors import Reason, RejectedError
from worker.feeds.budget import without_doctype
from worker.feeds.cut import whole_entries
from worker.feeds.encoding import decode
from worker.feeds.entry import DateReader
from worker.feeds.feed import FeedDocument
from worker.feeds.head import read_head
from worker.feeds.jsonfeed import read_json_feed
from worker.feeds.reference import read_with_feedparser
from worker.feeds.sitemap import read_sitemap
from worker.feeds.wellformed import read_wellformed

MAX_BYTES = 5 * 1024**2
MAX_ENTRIES = 5_000  # ten times the longest feed seen, five news sitemaps

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex|html|head|body)\b", re.IGNORECASE)
_HEAD_CHARS = 20_000  # comments and stylesheets may stand before the root
_COMPLETE = re.compile(r"<fh:complete\s{0,9}/?>")  # RFC 5005, section 2; the prefix is the one that everybody takes


def parse(body: bytes, *, url: str, content_type: str | None, now: datetime | None = None) -> FeedDocument:
    """Read a feed: RSS 0.9x to 2.0, Atom, JSON Feed, a sitemap or a sitemap index.

    Args:
        body: As received, content decoding undone; a sitemap may still be a gzip file. Of a body that is as long as
            `MAX_BYTES` or longer, the entries that are whole within them are read.
        url: Where it was read from; relative links are resolved against it.
        content_type: The header as sent; believed for the charset only.
        now: Aware UTC; an entry from a later day has no date. None: any day may have come.

    Raises:
        RejectedError: EMPTY, NOT_A_FEED or HOSTILE_MARKUP.
    """
    body = _unpacked(body, url)
    text = decode(body, content_type)
    if not text.strip():
        raise RejectedError(Reason.EMPTY, url, "the feed is empty")
    if len(body) == MAX_BYTES:
        text = whole_entries(text)
    if text.lstrip().startswith(("{", "[")):
        return read_json_feed(text, url=url, max_entries=MAX_ENTRIES, now=now)
    root = _ROOT.search(text[:_HEAD_CHARS])
    name = root[1].lower() if root else ""
    if name in {"urlset", "sitemapindex"}:
        return read_sitemap(text, url=url, max_entries=MAX_ENTRIES, now=now)
    if name in {"html", "head", "body"}:
        raise RejectedError(Reason.NOT_A_FEED, url, "an HTML page; `onrecord feeds add` finds the feeds that it names")
    if name not in {"rss", "feed", "rdf", "channel"}:
        raise RejectedError(Reason.NOT_A_FEED, url, "neither RSS nor Atom, nor another kind of feed")
    text = without_doctype(text, url=url)
    head = read_head(text)
    dates = DateReader(head.language, now)
    feed = read_wellformed(text, url=url, max_entries=MAX_ENTRIES, dates=dates)
    if feed is None:
        feed = read_with_feedparser(text, url=url, max_entries=MAX_ENTRIES, dates=dates)
    return replace(
        feed,
        skip_hours=head.skip_hours,
        skip_days=head.skip_days,
        period=head.period,
        is_complete=bool(_COMPLETE.search(text[:_HEAD_CHARS])),
    )


def _unpacked(body: bytes, url: str) -> bytes:
    """Return as much of the body as is read, gunzipped if it is a gzip file."""
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)
        except zlib.error as error:
            raise RejectedError(Reason.NOT_A_FEED, url, f"a broken gzip file: {error}") from error
    return body[:MAX_BYTES]
