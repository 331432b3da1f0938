"""What a page holds: its text blocks, the elements around them, and what names the article.

A block is a run of text between two block-level boundaries; it knows its element, and the elements are a tree in
columns, parents first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.clean.html.block import RawBlock

#: Blocks read; the rest of a page that is longer than a book is ignored.
MAX_BLOCKS = 6_000
#: Elements that state a time, a property or an author, all together; more than that are a list of other articles.
MAX_NAMED = 2_000


@dataclass(slots=True)
class Elements:
    """The block-level elements: a column for each property, an entry for each element, in document order.

    `containers` are the nearest elements around, themselves included, that are not just part of a list, table or
    paragraph; `firsts` and `ends` delimit the blocks inside, as indexes into `Tree.blocks`; `selectors` are tag and
    class, written as CSS has them: b"div.story".
    """

    parents: list[int] = field(default_factory=list)
    containers: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    selectors: list[bytes] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """All that was read, lists in document order; `linked_data` are the bodies of JSON-LD scripts, as they stood."""

    language: str = ""
    blocks: list[RawBlock] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, int]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    bylines: list[tuple[str, int]] = field(default_factory=list)
    linked_data: list[str] = field(default_factory=list)

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


def collapse(text: str) -> str:
    """Join runs of white space into one space and trim."""
    return " ".join(text.split())
