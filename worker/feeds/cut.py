"""Feeds that are larger than what is read of one: cut behind the last whole entry, and closed again."""

from __future__ import annotations

import json
import re

_ENTRIES = {
    "rss": "item",
    "rdf": "item",
    "channel": "item",
    "feed": "entry",
    "urlset": "url",
    "sitemapindex": "sitemap",
}
_ROOT = re.compile(r"<((?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex))\b", re.IGNORECASE)
_CHANNEL = re.compile(r"<((?:[\w.-]{1,40}:)?channel)\b", re.IGNORECASE)
_HEAD_CHARS = 20_000
_ITEMS = re.compile(r'"items"\s{0,99}:\s{0,99}\[')
_BEFORE_ITEM = re.compile(r"\s{0,99},?\s{0,99}(?=\{)")
_DECODER = json.JSONDecoder()


def whole_entries(text: str) -> str:
    """Return a cut document up to its last whole entry, with its open elements closed; as it is if it has no entry."""
    if text.lstrip().startswith("{"):
        return _whole_items(text)
    root = _ROOT.search(text, 0, _HEAD_CHARS)
    if root is None:
        return text
    ends = re.finditer(rf"</(?:[\w.-]{{1,40}}:)?{_ENTRIES[root[2].lower()]}\s{{0,9}}>", text, re.IGNORECASE)
    end = max((found.end() for found in ends), default=0)
    if not end:
        return text
    channel = _CHANNEL.search(text, root.end(), end)
    is_inside = channel is not None and f"</{channel[1]}>" not in text[channel.end() : end]
    return f"{text[:end]}{f'</{channel[1]}>' if channel and is_inside else ''}</{root[1]}>"


def _whole_items(text: str) -> str:
    """Return a JSON Feed with the items that are whole; the names that stand behind them are lost."""
    start = _ITEMS.search(text)
    if start is None:
        return text
    end = start.end()
    while item := _BEFORE_ITEM.match(text, end):
        try:
            _, end = _DECODER.raw_decode(text, item.end())
        except (ValueError, RecursionError):
            break
    return f"{text[:end]}]}}"
