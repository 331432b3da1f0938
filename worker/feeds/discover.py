"""Feeds that a page names, best first: <link rel="alternate">, then links that look like one.

No tree is built: home pages are large, parsers of HTML take quadratic time for some pages that are made for it, and
a few tags in a row are all that counts here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from worker.core.text import unescaped
from worker.feeds.encoding import decode
from worker.feeds.entry import absolute, plain_text

_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_LOOKS_LIKE_FEED = re.compile(
    r"(?:[/.?=_-])(?:rss|atom|feed|feeds|rdf|index\.xml|feed\.json)(?:[/.?&#=_-]|$)", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario", re.IGNORECASE)
_MAX_BYTES = 2 * 1024**2
_MAX_FEEDS = 50
_MAX_LOOKED_AT = 1_000
_MAX_ATTRIBUTE_CHARS = 4_000
_MAX_LABEL_CHARS = 300

#: A comment or a script, which are passed over, or a tag that can name a feed; possessive, so linear.
_TAG = re.compile(
    r"""<!--(?:(?!-->).)*+
    |<(?:script|style)\b(?:(?!</(?:script|style)).)*+
    |<(?P<name>link|a|base)\s(?P<attributes>(?:[^>"']|"[^"]*+"|'[^']*+')*+)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s=>/"']++)\s*+(?:=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?""")


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names; `declared` in its head, or else only linked to."""

    url: str
    title: str | None
    declared: bool

    @property
    def is_of_comments(self) -> bool:
        """Tell whether it says of itself that it has comments, not articles."""
        return bool(_COMMENTS.search(f"{self.url} {self.title or ''}"))


def discover(html: bytes, *, url: str, content_type: str | None = None) -> list[FoundFeed]:
    """Return the feeds that a page names, each once: declared ones first, comment feeds last.

    Args:
        html: The page; only its first 2 MB are read.
        url: Where it came from; links are resolved against it, or against its `base` element.
        content_type: The header as sent, for the charset.
    """
    found: dict[str, FoundFeed] = {}
    for feed in islice(_named(decode(html[:_MAX_BYTES], content_type), url), _MAX_LOOKED_AT):
        if feed.url not in found or feed.declared > found[feed.url].declared:
            found[feed.url] = feed
    ranked = sorted(found.values(), key=lambda feed: (not feed.declared, feed.is_of_comments))
    return ranked[:_MAX_FEEDS]


def _named(text: str, url: str) -> Iterator[FoundFeed]:
    base = url
    for tag in _TAG.finditer(text):
        name = (tag["name"] or "").lower()
        attributes = _attributes(tag["attributes"]) if name else {}
        if name == "base" and base == url:  # the first one holds
            base = absolute(url, attributes.get("href")) or url
        elif name == "link" and _is_declaration(attributes):
            yield from _found(attributes, base, attributes.get("title"), declared=True)
        elif name == "a" and _LOOKS_LIKE_FEED.search(attributes.get("href", "")):
            label = text[tag.end() + 1 : tag.end() + _MAX_LABEL_CHARS].partition("</a")[0]
            yield from _found(attributes, base, label, declared=False)


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag, the first of each name (HTML, section 13.2.5.33)."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text[:_MAX_ATTRIBUTE_CHARS]):
        found.setdefault(name.lower(), unescaped("".join(values)))
    return found


def _is_declaration(attributes: dict[str, str]) -> bool:
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in attributes.get("rel", "").lower().split() and kind in _TYPES


def _found(attributes: dict[str, str], base: str, title: str | None, *, declared: bool) -> Iterator[FoundFeed]:
    link = absolute(base, attributes.get("href"))
    if link:
        yield FoundFeed(link, plain_text(title, 200), declared)
