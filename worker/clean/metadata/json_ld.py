"""JSON-LD, also when it is broken: which of a page's objects is the article, and its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import orjson

from worker.core.text import unescaped

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
#: Fields of an article in what is no JSON: a text ends at the mark before the next field, for those in it are its own.
_TYPE = re.compile(r'"@type"\s*+:\s*+"(\w{1,40})"')
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified)"\s*+:\s*+"([^\n]{1,300}?)"\s*+(?:,\s*+"@?\w{1,40}"\s*+:|[}\]])'
)
_AUTHORS = re.compile(r'"author"\s*+:\s*+(?:\{[^{}]{1,500}\}|\[[^\[\]]{1,2000}\])')
_NAME = re.compile(r'"name"\s*+:\s*+"([^"\\\n]{1,200})"')
_MAX_BROKEN = 100_000
#: Nesting and objects read: linked data of real pages is a few levels and a few hundred objects.
_MAX_NODES = 3_000
#: Fields that hold other articles: the entries of a live blog, comments, links.
_ASIDE = frozenset({"liveBlogUpdate", "comment", "mentions", "relatedLink", "citation", "isBasedOn"})
#: Scripts and their characters that are read, all together.
_MAX_SCRIPTS, _MAX_CHARS = 300, 2_000_000
_TELLING = ("headline", "datePublished", "author", "articleBody", "publisher")
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
    found = found[:_MAX_NODES]
    _resolve(found)
    return found


def _resolve(nodes: list[Node]) -> None:
    """Put in the place of each reference the texts of the object that it names, and nothing of what that refers to."""
    named = {name: node for node in nodes if isinstance(name := node.get("@id"), str) and not _is_reference(node)}
    plain = {name: {key: text for key, text in node.items() if _is_text(text)} for name, node in named.items()}
    for node in nodes:
        for key, value in node.items():
            if isinstance(value, list):
                node[key] = [_target(item, plain) for item in value]
            else:
                node[key] = _target(value, plain)


def _target(value: Any, named: dict[str, Node]) -> Any:
    return named.get(str(value["@id"]), value) if isinstance(value, dict) and _is_reference(value) else value


def _is_reference(node: Node) -> bool:
    return "@id" in node and node.keys() <= {"@id", "@type"}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _parse(script: str) -> Any:
    """Return what a script holds, by the first way of reading it that works; None if none does."""
    for read in (orjson.loads, _uncommented, _mended, _first, _decoded, _fields):
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


def _decoded(script: str) -> Any:
    """Return what a script says whose quotation marks are character references."""
    if "&quot;" not in script:
        raise ValueError("no reference to a quotation mark")
    return json.loads(_plain(unescaped(script)), strict=False)


def _fields(script: str) -> Node:
    """Return the fields of an article that can be read one by one where the whole cannot."""
    text = script[:_MAX_BROKEN]
    kind = next((name for name in _TYPE.findall(text) if name.lower() in ARTICLE_TYPES), None)
    if kind is None:
        raise ValueError("no article")
    node: Node = {"@type": kind}
    for name, value in _FIELD.findall(text):
        node.setdefault(name, value.replace('\\"', '"'))
    authors = _AUTHORS.search(text)
    node["author"] = [{"name": name} for name in _NAME.findall(authors[0])] if authors else []
    return node


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


def article_of(nodes: list[Node], addresses: Collection[str] = (), titles: Collection[str] = ()) -> Node:
    """Return the object that is the page's article; {} if none is.

    Args:
        nodes: The objects of its JSON-LD.
        addresses: Those of the page. Of several articles the one with such an address, or one of the titles, is its
            own, else the one that says most of itself.
        titles: The headlines that the page has elsewhere.
    """
    own, named = {_address(url) for url in addresses if url}, {title.casefold() for title in titles if title}
    best: tuple[int, Node] = (0, {})
    for node in nodes:
        if types_of(node).isdisjoint(ARTICLE_TYPES):
            continue
        held = sum(bool(node.get(name)) for name in _TELLING)
        is_own = not own.isdisjoint(_addresses(node)) or text_of(node.get("headline")).casefold() in named
        score = held + len(_TELLING) * is_own if held else 0
        if score > best[0]:
            best = (score, node)
    return best[1]


def _addresses(node: Node) -> set[str]:
    page = node.get("mainEntityOfPage")
    stated = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return {_address(url) for url in stated if isinstance(url, str) and url}


def _address(url: str) -> str:
    """Return an address without its scheme, fragment and last slash."""
    return url.partition("#")[0].partition("://")[2].rstrip("/")


def text_of(value: Any, depth: int = _DEEPEST) -> str:
    """Return a field's text: a string, the first of a list, or an object's name; "" below `depth` of these."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and depth:
        return next((text for item in value if (text := text_of(item, depth - 1))), "")
    if isinstance(value, dict) and depth:
        return text_of(value.get("name") or value.get("@value") or value.get("url") or "", depth - 1)
    return ""
