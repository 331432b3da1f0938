"""Which entries of feeds are one article, however their titles, guids and URLs change between two polls.

An article is known by its URL, with what variants of one URL differ in folded (`worker.core.urls.article_id`).
An entry whose URL is new is the same article still if its feed gave the same guid to an entry of the same title, or
of the same moment. The guid alone is not believed: there are feeds that give one guid to all that they list, and
such that use the same ones again. A new article that is taken for an old one is lost; the
other mistake costs one request, and ends at the page's canonical URL.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worker.core.records import FeedEntry
from worker.core.urls import article_id, canonical_url


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that can be fetched: its URL is canonical, and it is known if its id or one of its aliases is."""

    id: str
    entry: FeedEntry
    aliases: tuple[str, ...] = ()


def candidates(entries: Iterable[FeedEntry], *, feed_id: str) -> list[Candidate]:
    """Return what of a listing can be fetched, each article once; entries whose URL is none are left out.

    Args:
        entries: One listing.
        feed_id: The feed that has it; a guid says nothing about entries of another feed. Empty for none.
    """
    found: dict[str, FeedEntry] = {}
    urls_of_guid: defaultdict[str | None, set[str]] = defaultdict(set)
    for entry in entries:
        try:
            key, url = article_id(entry.url), canonical_url(entry.url)
        except ValueError:
            continue
        found.setdefault(key, replace(entry, url=url))
        urls_of_guid[entry.guid].add(key)
    shared = {guid for guid, urls in urls_of_guid.items() if len(urls) > 1}
    return [
        Candidate(key, entry, () if entry.guid in shared or not feed_id else _aliases(entry, feed_id))
        for key, entry in found.items()
    ]


def _aliases(entry: FeedEntry, feed_id: str) -> tuple[str, ...]:
    if not entry.guid:
        return ()
    guid = _same_guid(entry.guid)
    witnesses = (
        " ".join(entry.title.casefold().split()) if entry.title else "",
        entry.published.isoformat() if entry.published else "",
    )
    return tuple(_digest(feed_id, guid, witness) for witness in witnesses if witness)


def _same_guid(guid: str) -> str:
    """Return a guid in the form that stays the same when it is a URL with parameters of campaigns."""
    try:
        return article_id(guid)
    except ValueError:
        return guid


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()[:32]
