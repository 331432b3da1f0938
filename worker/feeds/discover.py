"""Feeds that a page names, best first: <link rel="alternate">, then links that look like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.feeds.encoding import decode
from worker.feeds.entry import absolute, plain_text

_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_LOOKS_LIKE_FEED = re.compile(
    r"(?:[/.?=_-])(?:rss|atom|feed|feeds|rdf|index\.xml|feed\.json)(?:[/.?&#=_-]|$)", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario", re.IGNORECASE)
_MAX_BYTES = 2 * 1024**2
_MAX_FEEDS = 50


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names; `declared` in its head, or else only linked to."""

    url: str
    title: str | None
    declared: bool


def discover(html: bytes, *, url: str, content_type: str | None = None) -> list[FoundFeed]:
    """Return the feeds that a page names, each once: declared ones first, comment feeds last.

    Args:
        html: The page; only its first 2 MB are read.
        url: Where it came from; links are resolved against it, or against its `base` element.
        content_type: The header as sent, for the charset.
    """
    tree = LexborHTMLParser(decode(html[:_MAX_BYTES], content_type))
    base = tree.css_first("base[href]")
    origin = absolute(url, base.attributes.get("href")) if base else None
    found: dict[str, FoundFeed] = {}
    for feed in (*_declared(tree, origin or url), *_linked(tree, origin or url)):
        found.setdefault(feed.url, feed)
    ranked = sorted(found.values(), key=lambda feed: (not feed.declared, _is_of_comments(feed)))
    return ranked[:_MAX_FEEDS]


def _declared(tree: LexborHTMLParser, base: str) -> Iterator[FoundFeed]:
    for node in tree.css("link[rel][href]"):
        relations = (node.attributes.get("rel") or "").lower().split()
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        feed = _found(node, base, title=node.attributes.get("title"), declared=True)
        if feed and "alternate" in relations and kind in _TYPES:
            yield feed


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[FoundFeed]:
    for node in tree.css("a[href]"):
        if _LOOKS_LIKE_FEED.search(node.attributes.get("href") or ""):
            feed = _found(node, base, title=node.text(), declared=False)
            if feed:
                yield feed


def _found(node: LexborNode, base: str, *, title: str | None, declared: bool) -> FoundFeed | None:
    link = absolute(base, node.attributes.get("href"))
    return FoundFeed(link, plain_text(title, 200), declared) if link else None


def _is_of_comments(feed: FoundFeed) -> bool:
    return bool(_COMMENTS.search(f"{feed.url} {feed.title or ''}"))
