"""The body of an article: which blocks of the page are its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.records import Block, BlockKind

_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "iframe",
        "figure",
        "video",
        "audio",
        "canvas",
        "header",
        "dialog",
        "menu",
        "input",
        "textarea",
        "object",
        "embed",
    ]
)
_BLOCKS: dict[str, BlockKind] = {
    "p": "paragraph", "blockquote": "quotation", "li": "list_item", "pre": "paragraph",
    "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
}  # fmt: skip
_CONTAINERS = frozenset(["div", "section", "article", "main", "td", "body", "ul", "ol", "center", "span"])
_BOILERPLATE = re.compile(
    r"comment|related|recommend|promo|newsletter|share|social|sidebar|breadcrumb|cookie|consent|subscri|paywall|"
    r"advert|sponsor|outbrain|taboola|footer|popular|trending|byline|author-?bio|caption|tags?\b|teaser|most-read|"
    r"read-?more|signup|disclaimer|copyright|pagination|hidden|modal|banner|toolbar",
    re.IGNORECASE,
)
_BODY_CLASS = re.compile(r"article|story|body|content|entry|post|text|main", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(128, 160)])
_MIN_PARAGRAPH = 25  # characters; shorter ones count little towards a container's score


@dataclass(frozen=True, slots=True)
class Found:
    """One block of the page: its kind, its text, the share of it that is links, and its container."""

    kind: BlockKind
    text: str
    links: float
    container: int


def body(tree: LexborHTMLParser) -> list[Found]:
    """Return the blocks of the article's body, in order; empty when the page has none."""
    root = tree.body
    if root is None:
        return []
    strict = _body(root, strict=True)
    # A page whose outermost element is named like boilerplate ("has-newsletter") has no text by names alone.
    return strict if sum(len(block.text) for block in strict) > 250 else _body(root, strict=False)


def _body(root: LexborNode, *, strict: bool) -> list[Found]:
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for node in _text_blocks(root, strict=strict):
        worth = _worth(node)
        at: LexborNode | None = node
        for share in (1.0, 0.5, 0.2):
            at = at.parent
            if at is None:
                break
            nodes[at.mem_id] = at
            scores[at.mem_id] = scores.get(at.mem_id, 0.0) + worth * share
    if not scores:
        return []
    best = max(scores, key=lambda key: scores[key] * _fitness(nodes[key]))
    return _trim(list(_blocks(_widened(nodes[best], scores), strict=strict)))


def join(found: list[Found]) -> tuple[str, tuple[Block, ...]]:
    """Return the text of the blocks, a blank line between two, and where each stands in it."""
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for block in found:
        parts.append(block.text)
        blocks.append(Block(block.kind, at, at + len(block.text)))
        at += len(block.text) + 2
    return "\n\n".join(parts), tuple(blocks)


def plain(text: str) -> str:
    """Return text in NFC, without control characters, with single spaces."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text.translate(_CONTROLS)).strip())


def _text_blocks(root: LexborNode, *, strict: bool) -> Iterator[LexborNode]:
    """Walk the elements that hold text of their own, without the parts that never are the article."""
    stack = [root]
    while stack:
        node = stack.pop()
        tag = node.tag or ""
        if tag in _SKIP or (strict and _is_boilerplate(node)):
            continue
        if tag in _BLOCKS or (tag in _CONTAINERS and _own_text(node)):
            yield node
        if tag not in _BLOCKS or tag == "blockquote":
            stack.extend(reversed(list(node.iter())))


def _is_boilerplate(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if node.tag in {"body", "main", "article"} or len(named) < 3:
        return False
    return bool(_BOILERPLATE.search(named)) and not re.search(
        r"article-?body|story-?body|entry-?content", named
    )


def _own_text(node: LexborNode) -> str:
    return plain(node.text(deep=False) or "") if len(node.text(deep=False) or "") > 40 else ""


def _worth(node: LexborNode) -> float:
    text = plain(node.text(deep=node.tag in _BLOCKS) or "")
    if len(text) < _MIN_PARAGRAPH:
        return 0.0
    weight = 1.0 if node.tag in {"p", "div", "span"} else 0.3
    return weight * min(len(text), 600) * (1 - _link_share(node, text)) ** 2


def _link_share(node: LexborNode, text: str) -> float:
    links = sum(len(plain(link.text() or "")) for link in node.css("a"))
    return min(1.0, links / max(1, len(text)))


def _fitness(node: LexborNode) -> float:
    named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''} {node.attributes.get('itemprop') or ''}"
    return 1.25 if node.tag == "article" or _BODY_CLASS.search(named) else 1.0


def _widened(best: LexborNode, scores: dict[int, float]) -> LexborNode:
    """Climb while a sibling container holds a good part of the text too (a body cut into sections)."""
    node = best
    for _ in range(3):
        parent = node.parent
        if parent is None or parent.tag in {"body", "html"}:
            return node
        others = sum(scores.get(child.mem_id, 0.0) for child in parent.iter() if child.mem_id != node.mem_id)
        if others < 0.25 * scores.get(node.mem_id, 1.0):
            return node
        node = parent
    return node


def _blocks(container: LexborNode, *, strict: bool) -> Iterator[Found]:
    for node in _text_blocks(container, strict=strict):
        tag = node.tag or ""
        if tag in _BLOCKS and not (tag == "blockquote" and node.css_first("p")):
            texts = [node.text(deep=True) or ""]
        else:
            texts = _lines(node)
        parent = node.parent
        for raw in texts:
            text = plain(raw)
            if text:
                kind = _BLOCKS.get(tag, "paragraph")
                yield Found(kind, text, _link_share(node, text), parent.mem_id if parent else 0)


def _lines(node: LexborNode) -> list[str]:
    """Return the text of an element that is cut by <br> rather than by paragraphs."""
    lines: list[str] = [""]
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "br":
            lines.append("")
        elif tag == "-text":
            lines[-1] += child.text_content or ""
        elif tag not in _SKIP and tag not in _BLOCKS and tag not in {"div", "section", "article"}:
            lines[-1] += child.text(deep=True) or ""
    return lines


def _trim(found: list[Found]) -> list[Found]:
    """Drop link lists, and headings that nothing follows."""
    kept = [b for b in found if b.links < 0.6 and (b.kind != "list_item" or len(b.text) > 30)]
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return [b for n, b in enumerate(kept) if b.kind != "heading" or kept[n + 1].kind != "heading"]
