"""One walk over the parsed page: its text blocks, the elements around them, and what names the article.

lexbor parses; every node that may hold text is visited once, in document order. A block is a run of text between
two block-level boundaries; it knows its element, and the elements are a tree in columns, parents first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.clean.elements import EMPHASIS, INLINE, METADATA, REGION_BIT, SKIPPED, TRANSPARENT, VOID
from worker.clean.marks import BYLINE, HIDDEN, NAMING, marks_of

#: Blocks read; the rest of a page that is longer than a book is ignored.
MAX_BLOCKS = 6_000
#: Elements that state a time, a property or an author, all together; more than that are a list of other articles.
MAX_NAMED = 2_000
#: Characters and pieces of such an element's text that are read.
_NAMED_CHARS, _NAMED_PARTS = 1_000, 200
#: <h1> that are read.
_MOST_HEADINGS = 50
#: Characters of a class attribute by which containers look alike.
_LOOKS = 60
_LINKED, _EMPHASISED = 1, 2
_INLINE_BITS = dict.fromkeys(EMPHASIS, _EMPHASISED) | {"a": _LINKED}
_BLOCK, _INLINE, _FOOTER, _TEXT, _SKIPPED, _PASSED = range(6)
_ENTERED = _FOOTER
#: What the walk makes of a node, by its tag; a processing instruction has none. All other tags are block-level.
_KINDS: dict[str | None, int] = (
    dict.fromkeys(INLINE, _INLINE)
    | dict.fromkeys([*SKIPPED, *VOID, "-comment", None], _SKIPPED)
    | dict.fromkeys([*METADATA, "br"], _PASSED)
    | {"-text": _TEXT, "footer": _FOOTER}
)
_IN_ARTICLE = REGION_BIT["article"] | REGION_BIT["blockquote"]
_NAMED = BYLINE | NAMING


class _Named(NamedTuple):
    """An open element that states a time, a property or an author with its text, and where that text begins."""

    tag: str
    attributes: dict[str, str | None]
    marks: int
    block: int
    part: int


#: An element whose end is still to come: the block-level element that its text belongs to, what inline elements make
#: of that text, whether it is that block-level element itself, what it names.
_Open: TypeAlias = tuple[int, int, bool, _Named | None]


@dataclass(slots=True)
class Elements:
    """The block-level elements: a column for each property, an entry for each element, in document order.

    `containers` are the nearest elements around, themselves included, that are not just part of a list, table or
    paragraph; `firsts` and `ends` delimit the blocks inside, as indexes into `Tree.blocks`; `looks` are tag and class.
    """

    parents: list[int] = field(default_factory=list)
    containers: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


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
    elements: Elements = field(default_factory=Elements)
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, int]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    bylines: list[tuple[str, int]] = field(default_factory=list)

    def tag(self, block: RawBlock) -> str:
        """Return the name of the element that a block stands in."""
        return self.elements.tags[block.element]

    def container(self, block: RawBlock) -> int:
        """Return the number of the container that a block's element stands in."""
        return self.elements.containers[max(0, self.elements.parents[block.element])]

    def marks_around(self, number: int) -> int:
        """Return the marks of an element and of everything around it."""
        marks = 0
        while number >= 0:
            marks |= self.elements.marks[number]
            number = self.elements.parents[number]
        return marks


def read_tree(html: bytes) -> Tree:
    """Parse `html` (UTF-8, already scanned) and walk it once."""
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
    """The state of one walk: the block under construction."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.parts: list[str] = []
        self.breaks = self.links = self.emphasis = self.link_count = self.marks = 0

    def walk(self, body: LexborNode) -> None:  # noqa: C901 - one loop: a call for each text costs a tenth of it
        """Visit `body` and all inside it; without recursion, since pages nest deeper than Python may call."""
        kinds, parts = _KINDS, self.parts  # local names: this loop is most of the time that reading a page takes
        around: list[tuple[LexborNode, _Open]] = []
        here: _Open = (self._begin("body", -1, marks_of(body.attributes), body.attributes), 0, True, None)
        element, inline, is_block, named = here
        node = body.first_child
        while True:
            while node is not None:
                tag = node.tag
                kind = kinds.get(tag, _BLOCK)
                if kind == _TEXT:
                    text = node.text_content or ""
                    if not text.isspace():
                        self.breaks = 0
                        parts.append(text)
                        if inline:
                            self._count(len(text.strip()), inline)
                    elif parts:
                        parts.append(" ")
                elif kind <= _ENTERED:
                    if inner := self._enter(node, tag or "", kind, element, inline):
                        around.append((node, here))
                        here = element, inline, is_block, named = inner
                        node = node.first_child
                        continue
                elif kind != _SKIPPED:
                    self._pass(node, tag or "", element)
                node = node.next
            if is_block or named:
                self._leave(element, is_block, named)
            if not around:
                return
            node, here = around.pop()
            element, inline, is_block, named = here
            node = node.next

    def _count(self, length: int, inline: int) -> None:
        if inline & _LINKED:
            self.links += length
        if inline & _EMPHASISED:
            self.emphasis += length

    def _pass(self, node: LexborNode, tag: str, element: int) -> None:
        if tag == "br":
            self._break(element)
        else:
            _read_metadata(node, tag, self.tree)

    def _break(self, element: int) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self._flush(element)
        elif self.parts:
            self.parts.append("\n")

    def _enter(self, node: LexborNode, tag: str, kind: int, element: int, inline: int) -> _Open | None:
        """Open a node inside the block-level element `element`; None if nothing in it is read."""
        attributes = node.attributes
        marks = marks_of(attributes) if attributes else 0
        if kind == _INLINE:
            if marks & HIDDEN:
                return None
            self.marks |= marks
            inline |= _INLINE_BITS.get(tag, 0)
            self.link_count += tag == "a"
        elif self._is_left_out(kind, element):
            return None
        else:
            element = self._begin(tag, element, marks, attributes)
        named = None
        if marks & _NAMED or tag == "time":
            named = _Named(tag, attributes, marks, len(self.tree.blocks), len(self.parts))
        return element, inline, kind != _INLINE, named

    def _is_left_out(self, kind: int, around: int) -> bool:
        full = len(self.tree.blocks) >= MAX_BLOCKS
        return full or (kind == _FOOTER and not self.tree.elements.regions[around] & _IN_ARTICLE)

    def _begin(self, tag: str, parent: int, marks: int, attributes: dict[str, str | None]) -> int:
        """Open a block-level element; return its number."""
        self.breaks = 0
        if self.parts:
            self._flush(parent)
        elements = self.tree.elements
        number = len(elements.parents)
        regions = REGION_BIT.get(tag, 0)
        if parent >= 0:
            regions |= elements.regions[parent]
            elements.containers.append(elements.containers[parent] if tag in TRANSPARENT else number)
            elements.depths.append(elements.depths[parent] + 1)
        else:
            elements.containers.append(number)
            elements.depths.append(0)
        elements.parents.append(parent)
        elements.tags.append(tag)
        elements.marks.append(marks)
        elements.regions.append(regions)
        elements.looks.append(f"{tag}.{(attributes.get('class') or '')[:_LOOKS]}")
        elements.firsts.append(len(self.tree.blocks))
        elements.ends.append(0)
        return number

    def _leave(self, element: int, is_block: bool, named: _Named | None) -> None:
        if is_block:
            if self.parts:
                self._flush(element)
            elements = self.tree.elements
            elements.ends[element] = len(self.tree.blocks)
            if elements.tags[element] == "h1":
                self._head(elements.firsts[element])
        if named:
            self._name(named, element)

    def _head(self, first: int) -> None:
        if len(self.tree.headings) < _MOST_HEADINGS:
            texts = [block.text[:_NAMED_CHARS] for block in self.tree.blocks[first : first + _NAMED_PARTS]]
            self.tree.headings.append(" ".join(texts))

    def _name(self, named: _Named, element: int) -> None:
        tree, given = self.tree, named.attributes
        if len(tree.times) + len(tree.properties) + len(tree.bylines) >= MAX_NAMED:
            return
        lines = [block.text[:_NAMED_CHARS] for block in tree.blocks[named.block : named.block + 12]]
        first = 0 if lines else named.part
        pieces = [part[:_NAMED_CHARS] for part in self.parts[first : first + _NAMED_PARTS]]
        lines.append(collapse("".join(pieces)))
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
        self.parts.clear()
        self.links = self.emphasis = self.link_count = self.marks = 0
