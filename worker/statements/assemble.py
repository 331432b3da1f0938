"""From attributions to statements: what kind, in which sentence, said to whom, how, when and where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from worker.core.records import ContentSegment, Cue, Span, Statement, StatementKind
from worker.statements.attribution import Attribution
from worker.statements.circumstances import circumstances
from worker.statements.cues import read_cue
from worker.statements.document import Document
from worker.statements.quotes import Quotation
from worker.statements.sentences import MAX_HEADLINE
from worker.statements.speakers.resolve import speakers


def statements(document: Document, found: Sequence[Attribution]) -> list[Statement]:
    """Return a statement for each attribution, in their order. Content is cut, never re-worded."""
    text = document.text
    layout = _Layout(document)
    nesting = _nesting(found)
    named = speakers(document, found)
    made = []
    for attribution, speaker, outer in zip(found, named, nesting, strict=True):
        segments = _segments(attribution.content, document.spoken)
        paragraph = layout.paragraph(attribution.content[0].start)
        sentence = layout.sentence(attribution)
        around = circumstances(document, attribution, sentence)
        reading = read_cue(" ".join(span.of(text) for span in attribution.cue), document.language)
        cue = Cue(attribution.cue, reading.lemma, attribution.cue_class, reading.stance)
        made.append(
            Statement(
                kind=_kind(text, segments),
                segments=segments,
                sentence=sentence,
                paragraph=paragraph,
                cue=cue if attribution.cue else None,
                source=attribution.source,
                speaker=speaker,
                in_heading=layout.in_heading(paragraph),
                addressee=around.addressee,
                via=around.via,
                said_when=around.when,
                said_where=around.where,
                negated=reading.negated,
                nested_in=outer,
                confidence=attribution.confidence,
            )
        )
    return made


class _Layout:
    """The paragraphs and sentences of a document, looked up by offset."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._paragraph_starts = [place.start for place in document.paragraphs]
        self._headings = [(b.start, b.end) for b in document.blocks if b.kind == "heading"]

    def paragraph(self, offset: int) -> int:
        return max(0, bisect_right(self._paragraph_starts, offset) - 1)

    def sentence(self, attribution: Attribution) -> Span:
        """Return the sentence of the cue, else that of the content's start."""
        offset = (attribution.cue or attribution.content)[0].start
        within = self._document.sentences(self.paragraph(offset))
        at = max(0, bisect_right(within, offset, key=lambda span: span.start) - 1)
        return within[at]

    def in_heading(self, paragraph: int) -> bool:
        """Say whether the page marked the paragraph as a heading; without marks, if it looks like one."""
        place = self._document.paragraphs[paragraph]
        if self._document.blocks:
            at = bisect_right(self._headings, place.start, key=lambda heading: heading[0]) - 1
            return at >= 0 and place.start < self._headings[at][1]
        if place.end - place.start > MAX_HEADLINE:
            return False
        return place.of(self._document.text).rstrip()[-1:] not in '.!?…:,;"”»“’'


def _segments(content: Sequence[Span], quoted: Sequence[Quotation]) -> tuple[ContentSegment, ...]:
    """Cut the content at the quotation marks into quoted and unquoted runs."""
    made: list[ContentSegment] = []
    for span in content:
        first = max(0, bisect_right(quoted, span.start, key=lambda q: q.start) - 1)
        cuts = {span.start, span.end}
        last = bisect_right(quoted, span.end, key=lambda q: q.start)
        overlapping = [q for q in quoted[first:last] if q.start < span.end and q.end > span.start]
        for quotation in overlapping:
            cuts |= {cut for cut in (quotation.start, quotation.end) if span.start < cut < span.end}
        for start, end in pairwise(sorted(cuts)):
            made.append(ContentSegment(start, end, any(q.start <= start and end <= q.end for q in overlapping)))
    return tuple(made)


def _kind(text: str, segments: Sequence[ContentSegment]) -> StatementKind:
    spoken = [s for s in segments if any(c.isalnum() for c in text[s.start : s.end])]
    if spoken and all(segment.quoted for segment in spoken):
        return "direct"
    return "mixed" if any(segment.quoted for segment in spoken) else "indirect"


def _nesting(found: Sequence[Attribution]) -> list[int | None]:
    """Return for each attribution the innermost other one whose content holds its cue or content."""
    open_spans: list[tuple[int, int]] = []  # (end of the content, index), innermost last
    extents = [_extent(attribution) for attribution in found]
    answer: dict[int, int | None] = {}
    for i in sorted(range(len(found)), key=lambda i: (extents[i].start, -extents[i].end)):
        extent = extents[i]
        while open_spans and open_spans[-1][0] < extent.end:
            open_spans.pop()
        answer[i] = open_spans[-1][1] if open_spans else None
        content = found[i].content
        if len(content) == 1:
            open_spans.append((content[0].end, i))
    return [answer[i] for i in range(len(found))]


def _extent(attribution: Attribution) -> Span:
    content, cue = attribution.content, attribution.cue or attribution.content
    return Span(min(content[0].start, cue[0].start), max(content[-1].end, cue[-1].end))
