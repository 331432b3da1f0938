"""One walk over the parsed page: its text blocks with their context, and what names it.

lexbor parses; every node is visited once. A block is a run of text between two block-level
boundaries; it remembers the marks (class and id words) and signatures of the elements around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.clean.marks import BYLINE, HIDDEN, marks_of

#: The walk descends no further than this: real pages stay under 100.
MAX_DEPTH = 400
#: Blocks and characters read; the rest of a page that is longer than a book is ignored.
MAX_BLOCKS = 6_000

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "ruby",
        "rb",
        "rt",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "amp-fit-text",
        "font-face",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "canvas",
        "select",
        "textarea",
        "input",
        "math",
        "head",
        "picture",
        "source",
        "img",
        "button",
        "map",
        "area",
        "progress",
        "meter",
        "dialog-x",
        "rp",
    ]
)
#: Elements whose presence around a block is a feature of its own.
REGIONS = ("article", "main", "aside", "nav", "header", "footer", "figure", "figcaption", "blockquote", "ul",
           "ol", "li", "a", "table", "form", "section", "h1", "p")  # fmt: skip
_REGION_BIT = {name: 1 << number for number, name in enumerate(REGIONS)}
_NAMING = frozenset({"datetime", "itemprop", "rel"})
_IN_ARTICLE = _REGION_BIT["article"] | _REGION_BIT["blockquote"]


@dataclass(slots=True)
class RawBlock:
    """A run of text and where it stood.

    `own` are the marks of its element, `near` of the three elements around it, `all` of every
    ancestor; `regions` is a bit set over REGIONS; `path` are the ids of its containers, innermost last.
    """

    text: str
    tag: str
    links: int
    emphasis: int
    link_count: int
    own: int
    near: int
    marks: int
    regions: int
    depth: int
    signature: str
    parent: int
    grandparent: int
    parent_signature: str


@dataclass(slots=True)
class Tree:
    """All that the walk found; lists are in document order."""

    language: str = ""
    blocks: list[RawBlock] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, int]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    bylines: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Context:
    number: int
    tag: str
    own: int
    near: int
    marks: int
    regions: int
    depth: int
    signature: str
    parent: _Context | None


def read_tree(html: str) -> Tree:
    """Parse `html` (already scanned) and walk it once."""
    parser = LexborHTMLParser(html)
    tree = Tree()
    root = parser.root
    if root is None:
        return tree
    tree.language = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
    if parser.head is not None:
        _read_head(parser.head, tree)
    if parser.body is not None:
        _Walk(tree).walk(parser.body)
    return tree


def _read_head(head: LexborNode, tree: Tree) -> None:
    for node in head.iter():
        _read_metadata(node, tree)


def _read_metadata(node: LexborNode, tree: Tree) -> None:
    tag = node.tag
    if tag == "meta":
        given = node.attributes
        name = given.get("property") or given.get("name") or given.get("itemprop") or given.get("http-equiv")
        content = given.get("content")
        if name and content:
            tree.metas.append((name.strip().lower(), content.strip()))
    elif tag == "link":
        given = node.attributes
        tree.links.append(((given.get("rel") or "").lower(), given.get("href") or "", given.get("hreflang") or ""))
    elif tag == "title" and not tree.title:
        tree.title = collapse(node.text())


def _names(tag: str, attributes: dict[str, str | None], marks: int) -> bool:
    """Tell whether an element states a time, a property or an author."""
    return bool(marks & BYLINE) or tag == "time" or not _NAMING.isdisjoint(attributes)


def collapse(text: str) -> str:
    """Join runs of white space into one space and trim."""
    return " ".join(text.split())


class _Walk:
    """The state of one walk: the block under construction and the elements around it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.counter = 0
        self.context = _Context(0, "body", 0, 0, 0, 0, 0, "body", None)
        self._reset()

    def _reset(self) -> None:
        self.parts: list[str] = []
        self.links = self.emphasis = self.link_count = 0
        self.inline_marks = 0

    def walk(self, body: LexborNode) -> None:
        marks = marks_of(body.attributes)
        self.context = _Context(0, "body", marks, marks, marks, 0, 0, "body", None)
        self._children(body, 0, 0)
        self._flush()

    def _children(self, node: LexborNode, inline: int, depth: int) -> None:
        breaks = 0
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                text = child.text_content or ""
                if text and not text.isspace():
                    breaks = 0
                    self._text(text, inline)
                elif text and self.parts:
                    self.parts.append(" ")
            elif tag == "br":
                breaks += 1
                if breaks > 1:
                    self._flush()
                elif self.parts:
                    self.parts.append("\n")
            elif depth < MAX_DEPTH and len(self.tree.blocks) < MAX_BLOCKS:
                if tag not in _INLINE:
                    breaks = 0
                self._element(child, tag or "", inline, depth + 1)

    def _text(self, text: str, inline: int) -> None:
        self.parts.append(text)
        if inline & 1:
            self.links += len(text.strip())
        if inline & 2:
            self.emphasis += len(text.strip())

    def _element(self, node: LexborNode, tag: str, inline: int, depth: int) -> None:
        if tag in _SKIPPED:
            return
        if tag in {"meta", "link", "title"}:
            _read_metadata(node, self.tree)
            return
        if tag == "nav" or (tag == "footer" and not self.context.regions & _IN_ARTICLE):
            return
        attributes = node.attributes
        marks = marks_of(attributes) if attributes else 0
        if tag in _INLINE:
            self._inline(node, tag, attributes, marks, inline, depth)
        else:
            self._block(node, tag, attributes, marks, inline, depth)

    def _inline(
        self,
        node: LexborNode,
        tag: str,
        attributes: dict[str, str | None],
        marks: int,
        inline: int,
        depth: int,
    ) -> None:
        if marks & HIDDEN:
            return
        start = len(self.parts)
        if tag == "a":
            self.link_count += 1
            inline |= 1
        elif tag in {"b", "strong", "em", "i"}:
            inline |= 2
        self.inline_marks |= marks
        self._children(node, inline, depth)
        if attributes and _names(tag, attributes, marks):
            self._named(tag, attributes, marks, "".join(self.parts[start:]))

    def _block(
        self,
        node: LexborNode,
        tag: str,
        attributes: dict[str, str | None],
        marks: int,
        inline: int,
        depth: int,
    ) -> None:
        if self.parts:
            self._flush()
        first = len(self.tree.blocks)
        outer = self.context
        self.counter += 1
        near = marks | outer.own | (outer.parent.own if outer.parent else 0)
        words = (attributes.get("class") or "") if attributes else ""
        signature = f"{tag}.{words[:60]}"
        regions = outer.regions | _REGION_BIT.get(tag, 0)
        self.context = _Context(self.counter, tag, marks, near, outer.marks | marks, regions, depth, signature, outer)
        self._children(node, inline, depth)
        if self.parts:
            self._flush()
        self.context = outer
        if tag == "h1":
            self.tree.headings.append(" ".join(block.text for block in self.tree.blocks[first:]))
        if attributes and _names(tag, attributes, marks):
            text = " ".join(block.text for block in self.tree.blocks[first : first + 12])
            self._named(tag, attributes, marks, text)

    def _named(self, tag: str, attributes: dict[str, str | None], marks: int, text: str) -> None:
        tree = self.tree
        if tag == "time" or attributes.get("datetime"):
            tree.times.append((attributes.get("datetime") or "", collapse(text), self.context.marks | marks))
        if name := attributes.get("itemprop"):
            value = attributes.get("content") or attributes.get("datetime") or collapse(text)
            if value and name.lower() != "articlebody":
                tree.properties.append((name.lower(), value[:500]))
        if attributes.get("rel") == "author" or marks & BYLINE:
            tree.bylines.append((collapse(text)[:300], self.context.marks | marks))

    def _flush(self) -> None:
        text = collapse("".join(self.parts))
        if text:
            context = self.context
            parent = context.parent or context
            grandparent = parent.parent or parent
            self.tree.blocks.append(
                RawBlock(
                    text,
                    context.tag,
                    self.links,
                    self.emphasis,
                    self.link_count,
                    context.own | self.inline_marks,
                    context.near | self.inline_marks,
                    context.marks,
                    context.regions,
                    context.depth,
                    f"{parent.signature}>{context.signature}",
                    parent.number,
                    grandparent.number,
                    parent.signature,
                )
            )
        self._reset()
