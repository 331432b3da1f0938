"""The linear pre-scan: drop what never holds text, and refuse what makes C parsers quadratic.

lexbor needs quadratic time for many attributes in one tag (20,000: 0.6 s) and for deep nesting
(20,000: 0.5 s), and copies every open formatting element into each new paragraph (1,000 x 1,000: a
million nodes). Small pages cannot reach harmful sizes; larger ones are tokenised and measured first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.errors import Reason, RejectedError

#: Characters of a page's markup, scripts included; real articles stay under 8 MB.
MAX_CHARS = 16_000_000
#: Characters and tags left after stripping: 4 MB of text and tags is a book, not an article.
MAX_MARKUP_CHARS = 4_000_000
MAX_TAGS = 100_000
#: Up to these sizes the worst page that can be built parses within a second.
SAFE_CHARS = 80_000
SAFE_TAGS = 12_000
#: Open formatting elements x tags: the number of nodes that reconstruction can create.
MAX_RECONSTRUCTED = 500_000
MAX_DEPTH = 1_000
#: Sum over tags of attributes squared.
MAX_ATTRIBUTE_WORK = 10_000_000


def _any_case(names: str) -> str:
    """Return a pattern of the names in either case; IGNORECASE would cost the fast search for the "<" before."""
    return "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in names.split())


_DROPPED = "script style svg noscript template iframe textarea select"
_FORMATTING_NAMES = "b big code em font i nobr s small strike strong tt u"
_OPEN = re.compile(rf"<(?:({_any_case(_DROPPED)})(?=[\s/>])|!--)", re.ASCII)
_CLOSE = {name: re.compile(rf"</{_any_case(name)}\s*+>?", re.ASCII) for name in _DROPPED.split()}
_SWALLOW = {"script", "style", "textarea"}
_FORMATTING = re.compile(rf"<(?:{_any_case(_FORMATTING_NAMES)})(?=[\s/>])", re.ASCII)
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*+)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>?""", re.ASCII)
_START_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""", re.ASCII)
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_LONG_TAG = 2_000
_ATTRIBUTE = re.compile(r"[^\s/=]++")
_FLAT_NAMES = (
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot "
    "option body html"
)
_FLAT = frozenset(_FLAT_NAMES.split())
_FORMAT_NAMES = frozenset(_FORMATTING_NAMES.split())


@dataclass(frozen=True, slots=True)
class Markup:
    """A page without scripts, styles and comments, and the data its scripts carried.

    `linked_data` are the bodies of JSON-LD scripts, as they stood.
    """

    html: str
    linked_data: tuple[str, ...]


def scan(html: str, url: str) -> Markup:
    """Strip what holds no text and check the bounds, in time linear in the page.

    Raises:
        RejectedError: TOO_LARGE or HOSTILE_MARKUP, with the bound that was broken.
    """
    if len(html) > MAX_CHARS:
        raise RejectedError(Reason.TOO_LARGE, url, f"more than {MAX_CHARS:,} characters of markup")
    markup = _strip(html)
    tags = markup.html.count("<")
    if len(markup.html) > MAX_MARKUP_CHARS or tags > MAX_TAGS:
        detail = f"{len(markup.html):,} characters and {tags:,} tags without scripts"
        raise RejectedError(Reason.TOO_LARGE, url, detail)
    formatting = len(_FORMATTING.findall(markup.html))
    if tags > SAFE_TAGS or formatting * tags > MAX_RECONSTRUCTED:
        _check_nesting(markup.html, url)
    if len(markup.html) > SAFE_CHARS:
        _check_attributes(markup.html, url)
    return markup


def _strip(html: str) -> Markup:
    kept: list[str] = []
    linked_data: list[str] = []
    position = 0
    unclosed: set[str] = set()
    searched = 0
    while found := _OPEN.search(html, searched):
        name = (found[1] or "").lower()
        end = len(html) if name in unclosed else _end(html, found.end(), name)
        if end < 0:
            unclosed.add(name)
        if end < 0 or name in unclosed:
            searched = found.end()
            continue
        kept.append(html[position : found.start()])
        kept.append(" ")
        if name == "script" and "ld+json" in html[found.start() : found.start() + 300]:
            linked_data.append(_script_body(html[found.end() : end]))
        position = searched = end
    kept.append(html[position:])
    return Markup("".join(kept), tuple(linked_data))


def _end(html: str, start: int, name: str) -> int:
    """Return where the element or comment ends; -1 to leave its tag standing."""
    if not name:
        end = html.find("-->", start)
        return end + 3 if end >= 0 else len(html)
    closing = _CLOSE[name].search(html, start)
    if closing:
        return closing.end()
    return len(html) if name in _SWALLOW else -1


def _script_body(script: str) -> str:
    return script[script.find(">") + 1 : script.rfind("</")]


def _check_nesting(html: str, url: str) -> None:
    depth = formatting = reconstructed = 0
    for closing, name in _TAG.findall(html):
        lowered = name.lower()
        step = 0 if lowered in _FLAT else -1 if closing else 1
        depth = max(0, depth + step)
        if lowered in _FORMAT_NAMES:
            formatting = max(0, formatting + step)
        else:
            reconstructed += formatting
        if depth > MAX_DEPTH:
            raise RejectedError(Reason.HOSTILE_MARKUP, url, f"more than {MAX_DEPTH:,} nested elements")
        if reconstructed > MAX_RECONSTRUCTED:
            raise RejectedError(Reason.HOSTILE_MARKUP, url, "unclosed formatting elements multiply")


def _check_attributes(html: str, url: str) -> None:
    work = 0
    for tag in _START_TAG.findall(html):
        if len(tag) > _LONG_TAG:
            work += len(_ATTRIBUTE.findall(_QUOTED.sub(" ", tag))) ** 2
    if work > MAX_ATTRIBUTE_WORK:
        raise RejectedError(Reason.HOSTILE_MARKUP, url, f"attributes squared sum to {work:,}")
