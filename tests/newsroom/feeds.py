"""Feed documents: RSS 2.0 and Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed; `updated` is None when it never changed."""

    title: str
    url: str
    summary: str
    published: datetime
    updated: datetime | None = None
    author: str = ""


def rss(title: str, home: str, entries: Sequence[Entry]) -> str:
    """Return an RSS 2.0 document."""
    items = "\n".join(map(_item, entries))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(title)}</title>
<link>{escape(home)}</link>
<description>News from the coast and from further away</description>
<language>en</language>
<ttl>5</ttl>
{items}
</channel>
</rss>
"""


def atom(title: str, own_url: str, entries: Sequence[Entry]) -> str:
    """Return an Atom document of at least one entry."""
    changed = max(entry.updated or entry.published for entry in entries)
    items = "\n".join(map(_entry, entries))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>{escape(title)}</title>
<id>{escape(own_url)}</id>
<link rel="self" href="{escape(own_url)}"/>
<updated>{changed.isoformat()}</updated>
{items}
</feed>
"""


def _item(entry: Entry) -> str:
    return f"""<item>
<title>{escape(entry.title)}</title>
<link>{escape(entry.url)}</link>
<guid isPermaLink="false">{escape(entry.url.partition("?utm_")[0])}</guid>
<pubDate>{format_datetime(entry.published)}</pubDate>
<dc:creator>{escape(entry.author)}</dc:creator>
<description>{escape(entry.summary)}</description>
</item>"""


def _entry(entry: Entry) -> str:
    return f"""<entry>
<title>{escape(entry.title)}</title>
<id>{escape(entry.url)}</id>
<link rel="alternate" href="{escape(entry.url)}"/>
<published>{entry.published.isoformat()}</published>
<updated>{(entry.updated or entry.published).isoformat()}</updated>
<author><name>{escape(entry.author or "Newsroom")}</name></author>
<summary>{escape(entry.summary)}</summary>
</entry>"""
