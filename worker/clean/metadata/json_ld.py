"""JSON-LD, also when it is broken: which of a page's objects is the article, and its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

Node = dict[str, Any]

#: schema.org types that are an article, the most telling first.
ARTICLE_TYPES = (
    "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
    "backgroundnewsarticle",
    "reviewnewsarticle", "askpublicnewsarticle", "liveblogposting", "article", "blogposting",
    "socialmediaposting", "report", "techarticle", "scholarlyarticle", "advertisercontentarticle",
    "satiricalarticle", "review",
)  # fmt: skip
_RAW_NEWLINE = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*+([}\]])")
_COMMENT = re.compile(
    r"^\s*+(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*+;?\s*+$", re.DOTALL
)
#: Half of a pair of \u escapes, which stands for no character; backslashes and whole pairs are group 1.
_HALF = re.compile(r"(\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..")
#: Nesting and objects read: linked data of real pages is a few levels and a few hundred objects.
_MAX_NODES = 3_000
#: Fields that hold other articles: the entries of a live blog, comments, links.
_ASIDE = frozenset({"liveBlogUpdate", "comment", "mentions", "relatedLink", "citation", "isBasedOn"})
#: Scripts and their characters that are read, all together.
_MAX_SCRIPTS, _MAX_CHARS = 300, 2_000_000
#: Lists and objects around a text that are looked into.
_DEEPEST = 20


def read_linked_data(scripts: Sequence[str]) -> list[Node]:
    """Return every object of the page's JSON-LD, outermost first; unreadable scripts give none."""
    found: list[Node] = []
    left = _MAX_CHARS
    for script in scripts[:_MAX_SCRIPTS]:
        found.extend(_objects(_parse(script[:left])))
        left -= len(script)
        if left <= 0 or len(found) > _MAX_NODES:
            break
    return found[:_MAX_NODES]


def _parse(script: str) -> Any:
    """Return what a script holds, by the first way of reading it that works; None if none does."""
    for read in (orjson.loads, _uncommented, _mended, _first):
        try:
            return read(script)
        except (ValueError, RecursionError):
            continue
    return None


def _uncommented(script: str) -> Any:
    return json.loads(_plain(script), strict=False)


def _mended(script: str) -> Any:
    return json.loads(_TRAILING_COMMA.sub(r"\1", _RAW_NEWLINE.sub(" ", _plain(script))), strict=False)


def _first(script: str) -> Any:
    """Return the first value of a script that goes on after it (two objects, stray brackets)."""
    text = _plain(script)
    return json.JSONDecoder(strict=False).raw_decode(text[text.index("{") :])[0]


def _plain(script: str) -> str:
    return _HALF.sub(r"\1", _COMMENT.sub("", script).strip().rstrip(";"))


def _objects(value: Any) -> Iterator[Node]:
    queue = [value]
    for item in queue:
        if len(queue) > _MAX_NODES:
            return
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            yield item
            queue.extend(
                inner for name, inner in item.items() if name not in _ASIDE and isinstance(inner, (dict, list))
            )


def types_of(node: Node) -> set[str]:
    """Return the lower-case names of a node's types, without their vocabulary."""
    stated = node.get("@type") or []
    names = stated if isinstance(stated, list) else [stated]
    return {name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str)}


def article_of(nodes: list[Node]) -> Node:
    """Return the object that is the page's article; {} if none is."""
    best: tuple[int, Node] = (0, {})
    for node in nodes:
        if types_of(node).isdisjoint(ARTICLE_TYPES):
            continue
        held = sum(bool(node.get(name)) for name in ("headline", "datePublished", "author", "articleBody", "publisher"))
        if held > best[0]:
            best = (held, node)
    return best[1]


def text_of(value: Any, depth: int = _DEEPEST) -> str:
    """Return a field's text: a string, the first of a list, or an object's name; "" below `depth` of these."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and depth:
        return next((text for item in value if (text := text_of(item, depth - 1))), "")
    if isinstance(value, dict) and depth:
        return text_of(value.get("name") or value.get("@value") or value.get("url") or "", depth - 1)
    return ""
