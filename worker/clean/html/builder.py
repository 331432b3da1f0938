"""Tree construction: which elements are open, and the blocks of text between their beginnings and ends.

The HTML standard's rules (13.2.6) in time linear in the tags: elements close one another as in a browser, formatting
elements are opened again in the next block, tables get their bodies and rows. Left out is what moves text to another
place: text beside a table's rows stays where it stands, and an element outlives a formatting element that ends in it.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.clean.html.block import RawBlock
from worker.clean.html.class_names import BYLINE, HIDDEN, PROPERTIES
from worker.clean.html.elements import REGION_BIT
from worker.clean.html.syntax import (
    BUTTON,
    CAPTION,
    CELL,
    EMPHASISED,
    ENDED_IN_SCOPE,
    ENDS_PARAGRAPH,
    FOOTER,
    FORM,
    FORMATTING,
    HEADING,
    IMPLIED,
    INLINED,
    ITEM,
    LINK,
    LINKED,
    LIST,
    MAIN_HEADING,
    MARKER,
    NO_BREAK,
    PARAGRAPH,
    PASSED,
    PASSED_BY_ITEMS,
    ROOT_BODY,
    ROW,
    ROWS,
    RUBY,
    SPECIAL,
    TABLE,
    TABLE_BODY,
    TABLE_PART,
    TABLE_ROW,
    TERM,
    TIME,
    WALL,
    Tag,
)
from worker.clean.html.tree import MAX_BLOCKS, MAX_NAMED, Tree, collapse
from worker.core.text import unescaped

#: Characters and pieces of a naming element's text that are read.
_NAMED_CHARS, _NAMED_PARTS = 1_000, 200
#: <h1> that are read.
_MOST_HEADINGS = 50
#: The same formatting element is opened again so often at most, as in the standard.
_MOST_ALIKE = 3
#: White space other than ASCII's is looked for in pieces of text up to this length.
_LONGEST_SPACE = 60
_IN_ARTICLE = REGION_BIT["article"] | REGION_BIT["blockquote"]


class _Named(NamedTuple):
    """An open element that states a time, a property or an author with its text, and where that text begins."""

    tag: Tag
    attributes: dict[str, str]
    marks: int
    block: int
    part: int


class OpenElement:
    """An element whose end is still to come.

    `element` is the block-level element that its text belongs to, `own` and `inline` what it and all around it make of
    that text; `is_passed` if nothing in it is read, `is_ended` if its end was read, but not that of elements inside.
    """

    tag: Tag
    element: int
    own: int
    inline: int
    marks: int
    is_block: bool
    is_passed: bool
    is_ended: bool
    is_open: bool
    named: _Named | None


def _new_open(tag: Tag, element: int, inline: int, is_passed: bool) -> OpenElement:
    entry = OpenElement.__new__(OpenElement)  # an __init__ would cost more than all else
    entry.tag = tag
    entry.element = element
    entry.inline = inline
    entry.own = entry.marks = 0
    entry.is_block = entry.is_ended = False
    entry.is_passed = is_passed
    entry.is_open = True
    entry.named = None
    return entry


class Builder:
    """Reads tags and texts in order; `tree` is what they make, after `finish`."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.blocks = self.tree.blocks
        elements = self.tree.elements
        self.parents, self.containers, self.tags = elements.parents, elements.containers, elements.tags
        self.element_marks, self.regions, self.depths = elements.marks, elements.regions, elements.depths
        self.selectors, self.firsts, self.ends = elements.selectors, elements.firsts, elements.ends
        self.open: list[OpenElement] = []
        #: Formatting elements to be opened again where they were not ended; None begins a cell, a caption, an object.
        self.active: list[OpenElement | None] = []
        self.parts: list[bytes] = []
        #: Whether a form's closing tag is still to come.
        self.has_form = False
        #: How many paragraphs are open.
        self.paragraphs = 0
        #: How often a formatting element was opened again.
        self.reopened = 0
        self.breaks = self.links = self.emphasis = self.link_count = self.marks = 0
        body = _new_open(ROOT_BODY, 0, 0, is_passed=False)
        body.is_block = True
        self._begin(ROOT_BODY, -1, 0, b"")
        self.open.append(body)

    def depth(self) -> int:
        """Return how many elements are open."""
        return len(self.open)

    def passes(self) -> bool:
        """Say whether nothing is read here."""
        return self._top().is_passed

    def _top(self) -> OpenElement:
        return self.open[len(self.open) - 1]

    def text(self, raw: bytes, first: int) -> None:
        """Read text as it stands between two tags; its first character that is no white space stands at `first`."""
        top = self._top()
        if top.is_passed:
            return
        if _is_foreign_space(raw, first):
            self.space()
            return
        if self.active:
            self._reopen()
            top = self._top()
        self.breaks = 0
        self.parts.append(raw)
        if top.inline:
            length = len(_plain(raw).strip())
            self.links += length if top.inline & LINKED else 0
            self.emphasis += length if top.inline & EMPHASISED else 0

    def space(self) -> None:
        """Read white space, or what stands between words and is not read itself."""
        if self.parts and not self.passes():
            self.parts.append(b" ")

    def line_break(self) -> None:
        """Read <br>."""
        top = self._top()
        if top.is_passed:
            return
        self.breaks += 1
        if self.breaks > 1:
            self._flush(top.element)
        elif self.parts:
            self.parts.append(b"\n")

    def body(self, marks: int, class_name: bytes) -> None:
        """Read the attributes of <body>."""
        if self.selectors[0] == ROOT_BODY.prefix:
            self.element_marks[0] = marks
            self.selectors[0] = ROOT_BODY.prefix + class_name

    def start(self, tag: Tag, marks: int, class_name: bytes, given: dict[str, str] | None) -> None:
        """Read an opening tag.

        Args:
            tag: Its name, which is of no kind but BLOCK, INLINED, FOOTER, PASSED.
            marks: What its attributes say.
            class_name: Its class, the first bytes of it.
            given: What it states, if it names something with its text.
        """
        if tag.rules and not self._make_room(tag):
            return
        if self.active and tag.kind == INLINED:
            self._reopen()
        self._push(tag, marks, class_name, given)

    def empty(self, tag: Tag) -> None:
        """Read the tag of an element that holds nothing."""
        if tag.rules & ENDS_PARAGRAPH:
            self._end_paragraph()

    def end(self, tag: Tag) -> None:
        """Read a closing tag."""
        rules = tag.rules
        top = self._top()
        if top.tag is tag and not top.is_ended and len(self.open) > 1 and not rules & FORM:
            if rules & FORMATTING:
                self._forget(top)
            self._pop()
        elif tag is PARAGRAPH:
            if not top.is_passed:
                self._flush_at(top.element)
            self._end_paragraph()
        elif rules & FORMATTING:
            self._end_formatting(tag)
        elif rules & HEADING:
            self._pop_to(self._find(None, WALL, HEADING))
        elif rules & FORM:
            self._end_form(tag)
        else:
            self._pop_to(self._find(tag, _walls(rules)))

    def finish(self) -> Tree:
        """Close what is open and return the tree."""
        while self.open:
            self._pop()
        return self.tree

    def _find(self, tag: Tag | None, walls: int, rule: int = 0) -> int:
        """Return the place of the innermost open element of this name, or with one of the rules `rule`.

        0 if there is none, or if a wall hides it ("has an element in scope", 13.2.4.2).
        """
        at = len(self.open) - 1
        while at > 0:
            entry: OpenElement = self.open[at]
            if (entry.tag is tag or entry.tag.rules & rule) and not entry.is_ended:
                return at
            if entry.tag.rules & walls:
                return 0
            at -= 1
        return 0

    def _make_room(self, tag: Tag) -> bool:
        """Close what the element may not be in; say whether it is an element at all here (start tags of 13.2.6.4.7)."""
        rules = tag.rules
        if rules & TABLE_PART:
            return self._make_room_in_table(tag)
        if rules & ENDS_PARAGRAPH and not (rules & FORM and self._is_form_ignored()):
            self._end_paragraph()
        if rules & HEADING:
            self._pop_top(HEADING)
        elif rules & (ITEM | TERM):
            self._end_item(rules & (ITEM | TERM))
            self._end_paragraph()
        elif rules & TABLE:
            self._end_table_without_cell()
        elif rules & FORM:
            is_ignored = self._is_form_ignored()
            self.has_form = True
            return not is_ignored
        elif rules & BUTTON:
            self._pop_to(self._find(tag, WALL))
        elif (tag is LINK and self._active_place(tag) >= 0) or (tag is NO_BREAK and self._find(tag, WALL)):
            self._end_formatting(tag)
        elif rules & RUBY:
            self._pop_top(RUBY)
        return True

    def _make_room_in_table(self, tag: Tag) -> bool:
        """Close and open what a part of a table asks for (13.2.6.4.9 and 13.2.6.4.11 to 15)."""
        table = self._find(None, 0, TABLE)
        if not table:
            return False
        rules, inside = tag.rules, table + 1
        if rules & (CELL | ROW):
            inside += self._is_at(inside, ROWS)
            if rules & CELL:
                inside += self._is_at(inside, ROW)
        self._pop_to(inside)
        if rules & (CELL | ROW) and not self._is_at(table + 1, ROWS):
            self._push(TABLE_BODY, 0, b"", None)
        if rules & CELL and not self._is_at(table + 2, ROW):
            self._push(TABLE_ROW, 0, b"", None)
        return True

    def _is_at(self, at: int, rule: int) -> bool:
        if at >= len(self.open):
            return False
        entry: OpenElement = self.open[at]
        return entry.tag.rules & rule != 0

    def _end_table_without_cell(self) -> None:
        """A table that begins beside the rows of another ends that (13.2.6.4.9)."""
        place = self._find(None, 0, TABLE | CELL | CAPTION)
        if place and self._is_at(place, TABLE):
            self._pop_to(place)

    def _is_form_ignored(self) -> bool:
        """Say whether a form stands in another, or beside the rows of a table."""
        top = self._top()
        return top.tag.rules & (TABLE | ROWS | ROW) != 0 or self.has_form

    def _end_form(self, tag: Tag) -> None:
        place = self._find(tag, WALL) if self.has_form else 0
        self.has_form = False
        if place:
            self._pop_implied()
            entry: OpenElement = self.open[place]
            entry.is_ended = True
            if place == len(self.open) - 1:
                self._pop()

    def _end_paragraph(self) -> None:
        """Close a p element (13.2.6.4.7)."""
        if self.paragraphs:
            self._pop_to(self._find(PARAGRAPH, WALL | BUTTON))

    def _end_item(self, rule: int) -> None:
        """Close the item that the start of another ends: li, dd, dt (13.2.6.4.7)."""
        at = len(self.open) - 1
        while at > 0:
            entry: OpenElement = self.open[at]
            if entry.tag.rules & rule:
                self._pop_to(at)
                return
            if entry.tag.rules & SPECIAL and not entry.tag.rules & PASSED_BY_ITEMS:
                return
            at -= 1

    def _pop_top(self, rule: int) -> None:
        if self._is_at(len(self.open) - 1, rule):
            self._pop()

    def _pop_implied(self) -> None:
        """Generate implied end tags (13.2.6.3)."""
        while self._is_at(len(self.open) - 1, IMPLIED):
            self._pop()

    def _active_place(self, tag: Tag) -> int:
        """Return the place of the last formatting element of this name in the current cell, -1 if there is none."""
        at = len(self.active) - 1
        while at >= 0:
            entry = self.active[at]
            if entry is None:
                return -1
            if entry.tag is tag:
                return at
            at -= 1
        return -1

    def _end_formatting(self, tag: Tag) -> None:
        """Close a formatting element; in the place of the adoption agency algorithm (13.2.6.4.7)."""
        at = self._active_place(tag)
        if at < 0:
            self._pop_to(self._find(tag, SPECIAL))
            return
        entry = self.active[at]
        if entry is None or not entry.is_open:
            self.active.pop(at)
            return
        place = self._find(tag, WALL)
        if not place:
            return
        self.active.pop(at)
        last = self._last_special(place)
        if last:
            self._pop_to(last + 1)
            self._end_below(place)
        else:
            self._pop_to(place)

    def _last_special(self, place: int) -> int:
        """Return the place of the innermost special element inside the one at `place`, 0 if there is none."""
        at = len(self.open) - 1
        while at > place:
            if self._is_at(at, SPECIAL):
                return at
            at -= 1
        return 0

    def _end_below(self, place: int) -> None:
        """End an element that others inside outlive: it makes nothing more of their text."""
        ended: OpenElement = self.open[place]
        ended.is_ended = True
        ended.own = 0
        while place < len(self.open):
            around: OpenElement = self.open[place - 1]
            entry: OpenElement = self.open[place]
            entry.inline = around.inline | entry.own
            place += 1

    def _forget(self, entry: OpenElement) -> None:
        at = len(self.active) - 1
        while at >= 0:
            if self.active[at] is entry:
                self.active.pop(at)
                return
            if self.active[at] is None:
                return
            at -= 1

    def _reopen(self) -> None:
        """Open the formatting elements again that ended without their closing tags (13.2.4.3)."""
        at = len(self.active)
        while at > 0:
            entry = self.active[at - 1]
            if entry is None or entry.is_open:
                break
            at -= 1
        while at < len(self.active):
            entry = self.active[at]
            if entry is not None:
                self.active[at] = again = self._opened(entry.tag, entry.marks, b"", None)
                self.open.append(again)
                self.reopened += 1
            at += 1

    def _push(self, tag: Tag, marks: int, class_name: bytes, given: dict[str, str] | None) -> None:
        entry = self._opened(tag, marks, class_name, given)
        self.open.append(entry)
        self.paragraphs += tag is PARAGRAPH
        if tag.rules & MARKER:
            self.active.append(None)
        elif tag.rules & FORMATTING:
            self._activate(entry)

    def _activate(self, entry: OpenElement) -> None:
        """Push onto the list of active formatting elements, at most three alike (13.2.4.3)."""
        alike, earliest, at = 0, 0, len(self.active) - 1
        while at >= 0:
            other = self.active[at]
            if other is None:
                break
            if other.tag is entry.tag:
                alike, earliest = alike + 1, at
            at -= 1
        if alike >= _MOST_ALIKE:
            self.active.pop(earliest)
        self.active.append(entry)

    def _opened(self, tag: Tag, marks: int, class_name: bytes, given: dict[str, str] | None) -> OpenElement:
        """Open an element in the innermost open one."""
        around = self._top()
        entry = _new_open(tag, around.element, around.inline, around.is_passed)
        if entry.is_passed:
            return entry
        entry.marks = marks
        if tag.kind == INLINED:
            if marks & HIDDEN:
                entry.is_passed = True
                return entry
            self.marks |= marks
            self.link_count += tag is LINK
        elif tag.kind == PASSED or self._is_left_out(tag.kind, around.element):
            entry.is_passed = True
            return entry
        else:
            entry.element = self._begin(tag, around.element, marks, class_name)
            entry.is_block = True
        entry.own = tag.inline
        entry.inline |= entry.own
        if given is not None:
            entry.named = _Named(tag, given, marks, len(self.blocks), len(self.parts))
        return entry

    def _is_left_out(self, kind: int, around: int) -> bool:
        if len(self.blocks) >= MAX_BLOCKS:
            return True
        return kind == FOOTER and not self.regions[around] & _IN_ARTICLE

    def _pop_to(self, place: int) -> None:
        """Close the element at `place` and all inside it; none at place 0, which is the body."""
        while 0 < place < len(self.open):
            self._pop()

    def _pop(self) -> None:
        """Close the innermost element, and those around it that ended before."""
        self._pop_one()
        while len(self.open) > 1 and self._top().is_ended:
            self._pop_one()

    def _pop_one(self) -> None:
        entry = self.open.pop()
        entry.is_open = False
        self.paragraphs -= entry.tag is PARAGRAPH
        if entry.tag.rules & MARKER:
            while self.active and self.active.pop() is not None:
                pass
        if entry.is_block:
            self._leave(entry.tag, entry.element)
        if entry.named is not None:
            self._name(entry.named, entry.element)

    def _begin(self, tag: Tag, parent: int, marks: int, class_name: bytes) -> int:
        """Open a block-level element; return its number."""
        if parent >= 0:
            self._flush_at(parent)
        number = len(self.parents)
        region, container, depth = tag.region, number, 0
        if parent >= 0:
            around: int = self.regions[parent]
            region |= around
            depth = self.depths[parent] + 1
            if tag.is_transparent:
                container = self.containers[parent]
        self.parents.append(parent)
        self.containers.append(container)
        self.tags.append(tag.name)
        self.element_marks.append(marks)
        self.regions.append(region)
        self.depths.append(depth)
        self.selectors.append(tag.prefix + class_name)
        self.firsts.append(len(self.blocks))
        self.ends.append(0)
        return number

    def _leave(self, tag: Tag, element: int) -> None:
        if self.parts:
            self._flush(element)
        self.ends[element] = len(self.blocks)
        if tag is MAIN_HEADING and len(self.tree.headings) < _MOST_HEADINGS:
            first = self.firsts[element]
            texts = [block.text[:_NAMED_CHARS] for block in self.blocks[first : first + _NAMED_PARTS]]
            self.tree.headings.append(" ".join(texts))

    def _name(self, named: _Named, element: int) -> None:
        tree, given = self.tree, named.attributes
        if len(tree.times) + len(tree.properties) + len(tree.bylines) >= MAX_NAMED:
            return
        lines = [block.text[:_NAMED_CHARS] for block in tree.blocks[named.block : named.block + 12]]
        first = 0 if lines else named.part
        pieces = [part[:_NAMED_CHARS] for part in self.parts[first : first + _NAMED_PARTS]]
        lines.append(collapse(_plain(b"".join(pieces))))
        text = " ".join(filter(None, lines))
        around = tree.marks_around(element) | named.marks
        stated = given.get("datetime") or given.get("data-ts") or given.get("data-timestamp")
        if named.tag is TIME or stated:
            tree.times.append((stated or "", text, around))
        if name := given.get("itemprop"):
            value = given.get("content") or given.get("datetime") or text
            if value and name.lower().encode("utf-8", "replace") in PROPERTIES:
                tree.properties.append((name.lower(), value[:500]))
        if given.get("rel") == "author" or named.marks & BYLINE:
            tree.bylines.append(("\n".join(filter(None, lines))[:300], around))

    def _flush_at(self, element: int) -> None:
        """End the text at a boundary between blocks."""
        self.breaks = 0
        if self.parts:
            self._flush(element)

    def _flush(self, element: int) -> None:
        text = _plain(self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)).strip()
        if not _is_collapsed(text):
            text = " ".join(text.split())
        if text:
            self.blocks.append(RawBlock(text, element, self.links, self.emphasis, self.link_count, self.marks))
        self.parts.clear()
        self.links = self.emphasis = self.link_count = self.marks = 0


def _walls(rules: int) -> int:
    """Return the elements that a closing tag ends nothing beyond."""
    if rules & (TABLE_PART | TABLE):
        return TABLE
    if rules & ITEM:
        return WALL | LIST
    return WALL if rules & ENDED_IN_SCOPE else SPECIAL


def _plain(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return unescaped(text) if "&" in text else text


def _is_collapsed(text: str) -> bool:
    """Say whether all white space inside a text is single spaces."""
    is_space = False
    for letter in text:
        if letter == " " and not is_space:
            is_space = True
        elif letter.isspace():
            return False
        else:
            is_space = False
    return True


def _is_foreign_space(raw: bytes, first: int) -> bool:
    """Say whether a text is white space, if not ASCII's: no-break spaces and others."""
    code = raw[first]
    return (code == 0x26 or code >= 0xC2) and len(raw) <= _LONGEST_SPACE and _plain(raw).isspace()
