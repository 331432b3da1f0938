"""A text as the engines, the assembly and the speakers read it: each part is found once, when it is first needed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from worker.core.records import Block, Span
from worker.statements.dialogue import spoken_runs
from worker.statements.quotes import Quotation, quotations
from worker.statements.sentences import paragraphs, sentences
from worker.statements.speakers.names import Name, names
from worker.statements.vocabulary import Vocabulary, vocabulary


class Document:
    """A text, its language, and what is found in it; all offsets are half-open, in code points.

    Args:
        text: An article's text, NFC; a line is a paragraph.
        language: BCP 47 code of a language that has word lists.
        blocks: What the page marked up as headings and the like.
    """

    def __init__(self, text: str, language: str = "en", blocks: Sequence[Block] = ()) -> None:
        self.text = text
        self.lexicon: Vocabulary = vocabulary(language)
        self.blocks = blocks
        self._sentences: dict[int, list[Span]] = {}

    @property
    def language(self) -> str:
        """The ISO 639-1 code of the language."""
        return self.lexicon.language

    @cached_property
    def paragraphs(self) -> Sequence[Span]:
        """The lines that are not blank, in order."""
        return paragraphs(self.text)

    @cached_property
    def quotations(self) -> Sequence[Quotation]:
        """The outermost quotations between marks, in text order."""
        return quotations(self.text, self.paragraphs)

    @cached_property
    def spoken(self) -> Sequence[Quotation]:
        """The outermost quotations between marks and the speech that dashes set off, in text order."""
        return spoken_runs(self.text, self.paragraphs, self.quotations, self.lexicon)

    @cached_property
    def names(self) -> Sequence[Name]:
        """The proper names, in order."""
        return list(names(self.text, self.lexicon.language))

    def spoken_in(self, place: Span) -> Sequence[Quotation]:
        """Return what is spoken in a part of the text."""
        first, last = (bisect_left(self._spoken_starts, edge) for edge in (place.start, place.end))
        return self.spoken[first:last]

    def sentences(self, paragraph: int) -> Sequence[Span]:
        """Return the sentences of the paragraph with that number; none ends inside of what is spoken."""
        if paragraph not in self._sentences:
            place = self.paragraphs[paragraph]
            inside = [Span(quotation.start, quotation.end) for quotation in self.spoken_in(place)]
            self._sentences[paragraph] = sentences(self.text, place, inside)
        return self._sentences[paragraph]

    @cached_property
    def _spoken_starts(self) -> list[int]:
        return [quotation.start for quotation in self.spoken]
