"""One entry from raw fields: links resolved, text plain and short, dates in UTC; nothing is trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from worker.core.dates import read_date
from worker.core.records import FeedEntry
from worker.core.text import nfc, unescaped

TITLE_CHARS = 500
SUMMARY_CHARS = 1_000
GUID_CHARS = 500
URL_CHARS = 2_048
_RAW_CHARS = 20_000  # what is looked at of a field that may be a whole article with markup

_TAG = re.compile(r"<[^<>]*>")
#: URLs that are their own resolution, whatever the base: most links, at a tenth of the cost of urljoin.
WHOLE_URL = re.compile(r"https?://[A-Za-z0-9.-]+/[\w/.,~%+:@!()*-]*(?:\?[\w/.,~%+:@!()*=&-]+)?", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b\u2028\u2029\u202a-\u202e\ufeff]+")


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the dates of one feed: in the language that it names, "" for none, as they can be at `now`."""

    language: str = ""
    now: datetime | None = None

    def first(self, texts: Iterable[object]) -> datetime | None:
        """Return the moment that the first of several texts states that states one; a number counts as seconds."""
        written = (str(text) for text in texts if text and isinstance(text, str | int | float))
        found = (read_date(text, language=self.language, now=self.now) for text in written)
        return next((stated.value for stated in found if stated), None)


def make_entry(
    base: str,
    *,
    url: str | None,
    guid: str | None = None,
    title: str | None = None,
    summary: str | None = None,
    published: datetime | None = None,
) -> FeedEntry | None:
    """Return the entry, or None when neither its link nor its guid is an http(s) URL, and there is nothing to fetch."""
    link = absolute(base, url)
    if link is None or (link.startswith(base) and link.partition("#")[0] == base):  # "#" is the feed itself
        link = guid if guid and guid.lower().startswith(("http://", "https://")) else None
        link = absolute(base, link)
    if link is None:
        return None
    return FeedEntry(
        url=link,
        guid=(_UNPRINTABLE.sub("", guid).strip()[:GUID_CHARS] or None) if guid else None,
        title=plain_text(title, TITLE_CHARS),
        summary=plain_text(summary, SUMMARY_CHARS),
        published=published,
    )


def absolute(base: str, link: str | None) -> str | None:
    """Resolve a link against its base; None for what is no http(s) URL of a sane length."""
    if not link:
        return None
    if WHOLE_URL.fullmatch(link):
        return link if len(link) <= URL_CHARS else None
    try:
        url = urljoin(base, _UNPRINTABLE.sub("", link).strip())
    except ValueError:
        return None
    return url if len(url) <= URL_CHARS and url.lower().startswith(("http://", "https://")) else None


def plain_text(markup: str | None, limit: int) -> str | None:
    """Return the words of a fragment of HTML or text on one line, NFC, at most `limit` characters."""
    if not markup:
        return None
    text = markup[:_RAW_CHARS]
    if "<" in text:
        text = _TAG.sub(" ", text)
    return one_line(unescaped(text), limit)


def one_line(text: str | None, limit: int) -> str | None:
    """Return the words of a text on one line, NFC, without controls, at most `limit` characters."""
    words = " ".join(nfc(text or "").split())
    if not words.isprintable():
        words = " ".join(_UNPRINTABLE.sub(" ", words).split())
    return words[:limit].rstrip() or None
