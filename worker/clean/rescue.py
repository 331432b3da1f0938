"""Text for pages whose markup holds none: JSON-LD articleBody, or HTML carried by the page's scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from worker.clean.html.tree import collapse
from worker.core.text import unescaped

#: A JSON string, or the rest after a quotation mark that nothing closes, lest that be searched again: linear.
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)(?:(")|\\?\Z)', re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{0,2000}>")
_MARKED = re.compile(r"(?:<|\\u003c)(?:p|br|div)\b", re.IGNORECASE)
_BREAK = re.compile(r"(?:<br\s*/?>\s*|\n\s*)+|</?(?:p|div|h[1-6]|li|blockquote)\b[^>]{0,500}>", re.IGNORECASE)
_FIELD = re.compile(r'":\s*+["{\[]')
_MIN_CHARS = 400
_MAX_SCRIPT_CHARS = 3_000_000


def paragraphs_of_body(stated: str) -> list[str]:
    """Return the paragraphs of a JSON-LD articleBody, which may hold markup or line breaks."""
    return _plain(stated)


def paragraphs_of_scripts(html: str) -> list[str]:
    """Return the paragraphs of the longest marked-up JSON string in a page's scripts."""
    best: list[str] = []
    for text in _marked_up(html[:_MAX_SCRIPT_CHARS]):
        # Data that is written as a string, as Next.js does: its strings count, not its names and brackets.
        for part in _marked_up(text) if _FIELD.search(text) else (text,):
            best = max(best, _plain(part), key=_length)
    return best if _length(best) >= _MIN_CHARS / 2 else []


def _marked_up(script: str) -> Iterator[str]:
    """Yield what the long JSON strings of a script say that hold markup."""
    for found in _STRING.finditer(script):
        if found[2] and len(found[1]) >= _MIN_CHARS and _MARKED.search(found[1]):
            yield _decode(found[1])


def _length(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _decode(literal: str) -> str:
    for _ in range(2):
        try:
            literal = str(json.loads(f'"{literal}"', strict=False))
        except ValueError:
            break
        if "\\u003c" not in literal:
            break
    return literal


def _plain(markup: str) -> list[str]:
    parts = (collapse(unescaped(_TAG.sub("", part))) for part in _BREAK.split(markup)[:3_000])
    return [part for part in parts if part]
