"""One walk over the parsed page: its text blocks, the elements around them, and what names the article.

lexbor parses; every node is visited once, in document order. A block is a run of text between two
block-level boundaries; it knows its element, and the elements are a tree in lists, parents first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.clean.elements import EMPHASIS, INLINE, METADATA, REGION_BIT, SKIPPED, TRANSPARENT, VOID
from worker.clean.marks import BYLINE, HIDDEN, marks_of

#: Blocks read; the rest of a page that is longer than a book is ignored.
MAX_BLOCKS = 6_000
_NAMING = frozenset({"datetime", "itemprop", "rel", "data-ts", "data-timestamp"})
_LINKED, _EMPHASISED = 1, 2
_INLINE_BITS = dict.fromkeys(EMPHASIS, _EMPHASISED) | {"a": _LINKED}
#: What an open element is; _NAMED is added to the first two.
_PLAIN, _BLOCK, _SKIPPED, _NAMED = 0, 1, 2, 4
#: The node that nothing is inside of: the end of the walk leaves all but that.
_NOWHERE = 0
_IN_ARTICLE = REGION_BIT["article"] | REGION_BIT["blockquote"]
_MAYBE_SKIPPED = METADATA | {"footer"}
#: An element whose end is still to come: its node, the block-level element that its text belongs to, what inline
#: elements make of that text, what it is. Its states are bits, but for _SKIPPED, which none is added to.
_Open: TypeAlias = tuple[int, int, int, int]


@dataclass(slots=True)
class Element:
    """A block-level element; `first` and `end` delimit the blocks inside it, as indexes into `Tree.blocks`.

    `container` is the nearest element around it, itself included, that is not just part of a list, table or paragraph.
    """

    parent: int
    container: int
    tag: str
    marks: int
    regions: int
    depth: int
    signature: str
    first: int
    end: int = 0


@dataclass(slots=True)
class RawBlock:
    """A run of text; `links` and `emphasis` count its characters inside such elements, `marks` are of inline ones."""

    text: str
    element: int
    links: int
    emphasis: int
    link_count: int
    marks: int


@dataclass(slots=True)
class Tree:
    """All that the walk found; lists are in document order."""

    language: str = ""
    blocks: list[RawBlock] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, int]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    bylines: list[tuple[str, int]] = field(default_factory=list)

    def tag(self, block: RawBlock) -> str:
        """Return the name of the element that a block stands in."""
        return self.elements[block.element].tag

    def container(self, block: RawBlock) -> int:
        """Return the number of the container that a block's element stands in."""
        return self.elements[max(0, self.elements[block.element].parent)].container

    def marks_around(self, number: int) -> int:
        """Return the marks of an element and of everything around it."""
        marks = 0
        while number >= 0:
            element = self.elements[number]
            marks |= element.marks
            number = element.parent
        return marks


@dataclass(slots=True)
class _Named:
    """An open element that states a time, a property or an author with its text, and where that text begins."""

    tag: str
    attributes: dict[str, str | None]
    marks: int
    block: int
    part: int


def read_tree(html: str) -> Tree:
    """Parse `html` (already scanned) and walk it once."""
    parser = LexborHTMLParser(html)
    tree = Tree()
    root = parser.root
    if root is None:
        return tree
    tree.language = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
    if parser.head is not None:
        for node in parser.head.iter():
            _read_metadata(node, node.tag or "", tree)
    if parser.body is not None:
        _Walk(tree).walk(parser.body)
    return tree


def collapse(text: str) -> str:
    """Join runs of white space into one space and trim."""
    return " ".join(text.split())


def _read_metadata(node: LexborNode, tag: str, tree: Tree) -> None:
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


class _Walk:
    """The state of one walk: the elements that are open and the block under construction."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.open: list[_Open] = []
        self.named: list[_Named] = []
        self.breaks = 0
        self._reset()

    def _reset(self) -> None:
        self.parts: list[str] = []
        self.links = self.emphasis = self.link_count = self.marks = 0

    def walk(self, body: LexborNode) -> None:
        nodes = body.traverse(include_text=True)
        opened, blocks = self.open, self.tree.blocks
        opened.append((_NOWHERE, -1, 0, _PLAIN))
        self._enter(next(nodes), "body", opened[0])
        for node in nodes:
            parent = node.parent.mem_id  # type: ignore[union-attr]
            around = opened[-1]  # read by index: this loop and _enter are most of the time that cleaning takes
            if around[0] != parent:
                around = self._leave_until(parent)
            tag = node.tag or ""
            if tag == "-text":
                if around[3] != _SKIPPED:
                    self._text(node.text_content or "", around[2])
            elif tag == "br":
                self._break(around[1])
            elif around[3] == _SKIPPED or tag in SKIPPED:
                opened.append((node.mem_id, around[1], 0, _SKIPPED))
            elif tag not in VOID and tag[0] != "-":
                self._enter(node, tag, around)
                if len(blocks) >= MAX_BLOCKS:
                    break
        self._leave_until(_NOWHERE)

    def _text(self, text: str, inline: int) -> None:
        if text.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        self.breaks = 0
        self.parts.append(text)
        if inline:
            length = len(text.strip())
            self.links += length if inline & _LINKED else 0
            self.emphasis += length if inline & _EMPHASISED else 0

    def _break(self, element: int) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self._flush(element)
        elif self.parts:
            self.parts.append("\n")

    def _enter(self, node: LexborNode, tag: str, around: _Open) -> None:
        _, element, inline, _ = around
        if tag in _MAYBE_SKIPPED and self._is_skipped(node, tag, element):
            self.open.append((node.mem_id, element, 0, _SKIPPED))
            return
        attributes = node.attributes
        marks = marks_of(attributes) if attributes else 0
        if tag not in INLINE:
            state = _BLOCK
            element = self._begin(tag, element, marks, attributes)
        elif marks & HIDDEN:
            state = _SKIPPED
        else:
            state = _PLAIN
            self.marks |= marks
            inline |= _INLINE_BITS.get(tag, 0)
            self.link_count += tag == "a"
        if attributes and state != _SKIPPED and (marks & BYLINE or tag == "time" or not _NAMING.isdisjoint(attributes)):
            self.named.append(_Named(tag, attributes, marks, len(self.tree.blocks), len(self.parts)))
            state |= _NAMED
        self.open.append((node.mem_id, element, inline, state))

    def _is_skipped(self, node: LexborNode, tag: str, around: int) -> bool:
        if tag in METADATA:
            _read_metadata(node, tag, self.tree)
            return True
        return tag == "footer" and not self.tree.elements[around].regions & _IN_ARTICLE

    def _begin(self, tag: str, parent: int, marks: int, attributes: dict[str, str | None]) -> int:
        """Open a block-level element; return its number."""
        self.breaks = 0
        if self.parts:
            self._flush(parent)
        elements = self.tree.elements
        number = container = len(elements)
        regions = REGION_BIT.get(tag, 0)
        depth = 0
        if parent >= 0:
            outer = elements[parent]
            container = outer.container if tag in TRANSPARENT else number
            regions |= outer.regions
            depth = outer.depth + 1
        words = (attributes.get("class") or "")[:60] if attributes else ""
        first = len(self.tree.blocks)
        elements.append(Element(parent, container, tag, marks, regions, depth, f"{tag}.{words}", first))
        return number

    def _leave_until(self, parent: int) -> _Open:
        """Leave what is open inside the node `parent`; return that."""
        opened = self.open
        while opened[-1][0] != parent:
            _, element, _, state = opened.pop()
            if state & _BLOCK:
                self._end(element)
            if state & _NAMED:
                self._name(self.named.pop(), element)
        return opened[-1]

    def _end(self, number: int) -> None:
        tree = self.tree
        if self.parts:
            self._flush(number)
        element = tree.elements[number]
        element.end = len(tree.blocks)
        if element.tag == "h1":
            tree.headings.append(" ".join(block.text for block in tree.blocks[element.first : element.end]))

    def _name(self, named: _Named, element: int) -> None:
        tree, given = self.tree, named.attributes
        lines = [block.text for block in tree.blocks[named.block : named.block + 12]]
        lines.append(collapse("".join(self.parts[0 if lines else named.part :])))
        text = " ".join(filter(None, lines))
        around = tree.marks_around(element) | named.marks
        stated = given.get("datetime") or given.get("data-ts") or given.get("data-timestamp")
        if named.tag == "time" or stated:
            tree.times.append((stated or "", text, around))
        if name := given.get("itemprop"):
            value = given.get("content") or given.get("datetime") or text
            if value and name.lower() != "articlebody":
                tree.properties.append((name.lower(), value[:500]))
        if given.get("rel") == "author" or named.marks & BYLINE:
            tree.bylines.append(("\n".join(filter(None, lines))[:300], around))

    def _flush(self, element: int) -> None:
        text = " ".join("".join(self.parts).split())
        if text:
            self.tree.blocks.append(RawBlock(text, element, self.links, self.emphasis, self.link_count, self.marks))
        self._reset()
