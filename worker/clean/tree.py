"""One walk over the parsed page: its text blocks, the elements around them, and what names the article.

lexbor parses; every node is visited once, in document order. A block is a run of text between two
block-level boundaries; it knows its element, and the elements are a tree in lists, parents first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.clean.elements import EMPHASIS, INLINE, METADATA, REGION_BIT, SKIPPED, TRANSPARENT, VOID
from worker.clean.marks import BYLINE, HIDDEN, marks_of

#: Blocks read; the rest of a page that is longer than a book is ignored.
MAX_BLOCKS = 6_000
_NAMING = frozenset({"datetime", "itemprop", "rel", "data-ts", "data-timestamp"})
_LINKED, _EMPHASISED = 1, 2
_IN_ARTICLE = REGION_BIT["article"] | REGION_BIT["blockquote"]


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
    """A run of text; `links` and `emphasis` count its characters inside such elements, `marks` are of inline elements."""

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

    def around(self, block: RawBlock) -> int:
        """Return the marks of a block and of everything around it."""
        marks, number = block.marks, block.element
        while number >= 0:
            element = self.elements[number]
            marks |= element.marks
            number = element.parent
        return marks


@dataclass(slots=True)
class _Open:
    """An element whose end is still to come; `element` is the block-level one that its text belongs to."""

    node: int
    tag: str
    element: int
    inline: int
    skipped: bool = False
    named: dict[str, str | None] | None = None
    marks: int = 0
    block: int = 0
    part: int = 0


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
        self.breaks = 0
        self._reset()

    def _reset(self) -> None:
        self.parts: list[str] = []
        self.links = self.emphasis = self.link_count = self.marks = 0

    def walk(self, body: LexborNode) -> None:
        nodes = body.traverse(include_text=True)
        self._enter(next(nodes), "body", _Open(0, "", -1, 0))
        opened = self.open
        for node in nodes:
            parent = node.parent.mem_id  # type: ignore[union-attr]
            while opened[-1].node != parent:
                self._leave()
            around = opened[-1]
            tag = node.tag or ""
            if tag == "-text":
                if not around.skipped:
                    self._text(node.text_content or "", around.inline)
            elif tag[0] != "-" and tag not in VOID:
                self._enter(node, tag, around)
                if len(self.tree.blocks) >= MAX_BLOCKS:
                    break
        while opened:
            self._leave()

    def _text(self, text: str, inline: int) -> None:
        if text.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        self.breaks = 0
        self.parts.append(text)
        if inline:
            length = len(text.strip())
            if inline & _LINKED:
                self.links += length
            if inline & _EMPHASISED:
                self.emphasis += length

    def _enter(self, node: LexborNode, tag: str, around: _Open) -> None:
        if tag == "br":
            self._break()
        elif around.skipped or tag in SKIPPED or (tag == "footer" and not self._in_article(around)):
            self.open.append(_Open(node.mem_id, tag, around.element, 0, skipped=True))
        elif tag in METADATA:
            _read_metadata(node, tag, self.tree)
            self.open.append(_Open(node.mem_id, tag, around.element, 0, skipped=True))
        else:
            attributes = node.attributes
            marks = marks_of(attributes) if attributes else 0
            entered = _Open(node.mem_id, tag, around.element, around.inline)
            if tag in INLINE:
                self._enter_inline(entered, marks)
            else:
                self._enter_block(entered, marks, attributes)
            if attributes and (marks & BYLINE or tag == "time" or not _NAMING.isdisjoint(attributes)):
                entered.named, entered.marks = attributes, marks
                entered.block, entered.part = len(self.tree.blocks), len(self.parts)
            self.open.append(entered)

    def _in_article(self, around: _Open) -> bool:
        return bool(self.tree.elements[around.element].regions & _IN_ARTICLE)

    def _break(self) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self._flush(self.open[-1].element)
        elif self.parts:
            self.parts.append("\n")

    def _enter_inline(self, entered: _Open, marks: int) -> None:
        if marks & HIDDEN:
            entered.skipped = True
            return
        if entered.tag == "a":
            self.link_count += 1
            entered.inline |= _LINKED
        elif entered.tag in EMPHASIS:
            entered.inline |= _EMPHASISED
        self.marks |= marks

    def _enter_block(self, entered: _Open, marks: int, attributes: dict[str, str | None]) -> None:
        self.breaks = 0
        if self.parts:
            self._flush(entered.element)
        elements = self.tree.elements
        number, tag = len(elements), entered.tag
        words = (attributes.get("class") or "")[:60] if attributes else ""
        if number:
            outer = elements[entered.element]
            container = outer.container if tag in TRANSPARENT else number
            regions, depth = outer.regions | REGION_BIT.get(tag, 0), outer.depth + 1
        else:
            container = regions = depth = 0
        signature = f"{tag}.{words}"
        elements.append(
            Element(
                entered.element, container, tag, marks, regions, depth, signature, len(self.tree.blocks)
            )
        )
        entered.element = number

    def _leave(self) -> None:
        left = self.open.pop()
        tree = self.tree
        if not (left.skipped or left.tag in INLINE):
            if self.parts:
                self._flush(left.element)
            element = tree.elements[left.element]
            element.end = len(tree.blocks)
            if left.tag == "h1":
                tree.headings.append(" ".join(block.text for block in tree.blocks[element.first : element.end]))
        if left.named is not None:
            blocks = [block.text for block in tree.blocks[left.block : left.block + 12]]
            text = " ".join([*blocks, *self.parts[0 if blocks else left.part :]])
            self._name(left.tag, left.named, left.marks, collapse(text))

    def _name(self, tag: str, attributes: dict[str, str | None], marks: int, text: str) -> None:
        tree = self.tree
        stated = attributes.get("datetime") or attributes.get("data-ts") or attributes.get("data-timestamp")
        if tag == "time" or stated:
            tree.times.append((stated or "", text, self._marks_around() | marks))
        if name := attributes.get("itemprop"):
            value = attributes.get("content") or attributes.get("datetime") or text
            if value and name.lower() != "articlebody":
                tree.properties.append((name.lower(), value[:500]))
        if attributes.get("rel") == "author" or marks & BYLINE:
            tree.bylines.append((text[:300], self._marks_around() | marks))

    def _marks_around(self) -> int:
        marks = 0
        elements = self.tree.elements
        for entered in self.open:
            marks |= elements[entered.element].marks
        return marks

    def _flush(self, element: int) -> None:
        text = " ".join("".join(self.parts).split())
        if text:
            self.tree.blocks.append(
                RawBlock(text, element, self.links, self.emphasis, self.link_count, self.marks)
            )
        self._reset()
