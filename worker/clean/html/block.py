"""A block: a run of text between two block-level boundaries of a page."""

from __future__ import annotations


class RawBlock:
    """A block's text and its element.

    `links` and `emphasis` count its characters inside such elements, `link_count` its links, `marks` are of inline
    elements.
    """

    def __init__(self, text: str, element: int, links: int, emphasis: int, link_count: int, marks: int) -> None:
        self.text = text
        self.element = element
        self.links = links
        self.emphasis = emphasis
        self.link_count = link_count
        self.marks = marks

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawBlock) and self._all() == other._all()

    __hash__ = None  # type: ignore[assignment]

    def _all(self) -> tuple[str, int, int, int, int, int]:
        return self.text, self.element, self.links, self.emphasis, self.link_count, self.marks

    def moved(self, element: int) -> RawBlock:
        """Return the same block in another element."""
        return RawBlock(self.text, element, self.links, self.emphasis, self.link_count, self.marks)
