"""Sitemaps, news sitemaps and sitemap indexes (sitemaps.org 0.9, Google News 0.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from xml.etree.ElementTree import Element

from worker.core.records import FeedEntry
from worker.feeds.entry import DateReader, make_entry
from worker.feeds.feed import FeedDocument
from worker.feeds.tree import read_tree


def read_sitemap(text: str, *, url: str, max_entries: int, now: datetime | None) -> FeedDocument:
    """Read a sitemap: its pages become entries, those of an index become `sitemaps`.

    Raises:
        RejectedError: As `read_tree`.
    """
    root = read_tree(text, url=url)
    found = tuple(islice(_entries(root, url, DateReader(now=now)), max_entries))
    if _local(root) == "sitemapindex":
        return FeedDocument("sitemap_index", sitemaps=found, link=url)
    return FeedDocument("sitemap", entries=found, link=url)


def _entries(root: Element, base: str, dates: DateReader) -> Iterator[FeedEntry]:
    for page in root:
        fields = _texts(page)
        news = _texts(next((part for part in page if _local(part) == "news"), ()))
        entry = make_entry(
            base,
            url=fields.get("loc"),
            title=news.get("title"),
            published=dates.first((news.get("publication_date"), fields.get("lastmod"))),
        )
        if entry:
            yield entry


def _texts(parts: Iterable[Element]) -> dict[str, str]:
    """Return what the parts say, but not what is inside them: an image has a `loc` of its own, and a video a title."""
    return {_local(part): part.text for part in parts if part.text}


def _local(element: Element) -> str:
    return element.tag.rpartition(" ")[2].lower()
