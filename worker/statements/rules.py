"""The `rules` engine: attributions without weights, by quotation marks, cues and sentence patterns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from worker.records import Block, Span
from worker.statements.attribution import Attribution
from worker.statements.clauses import Reader
from worker.statements.quotes import Quotation, quotations
from worker.statements.sentences import paragraphs, sentences
from worker.statements.tokens import tokenise
from worker.statements.vocabulary import Vocabulary, vocabulary

_SPOKEN_WORDS = 4  # a quotation with fewer words that nothing attributes is a scare quote


class Rules:
    """Finds attributions by the patterns of one language."""

    def __init__(self, language: str = "en") -> None:
        self._lexicon = vocabulary(language)

    def attributions(self, text: str, blocks: Sequence[Block] = ()) -> list[Attribution]:  # noqa: ARG002
        """Return the attributions in the order of their first content span."""
        found: list[Attribution] = []
        quoted = quotations(text)
        starts = [quotation.start for quotation in quoted]
        for place in paragraphs(text):
            inside = quoted[bisect_left(starts, place.start) : bisect_left(starts, place.end)]
            found += _paragraph(text, place, inside, self._lexicon)
        return sorted(found, key=lambda attribution: attribution.content[0].start)


def _paragraph(text: str, place: Span, quoted: Sequence[Quotation], lexicon: Vocabulary) -> list[Attribution]:
    """Read the sentences of one paragraph; a bare quotation carries on the one before it."""
    found: list[Attribution] = []
    spoken: int | None = None  # the attribution whose quotation the next bare one carries on
    for sentence in sentences(text, place, [Span(q.start, q.end) for q in quoted]):
        inside = [q for q in quoted if sentence.start <= q.start and q.end <= sentence.end]
        bare = _bare(text, sentence, inside)
        if bare and spoken is not None:
            found[spoken] = replace(found[spoken], content=(*found[spoken].content, *bare))
            continue
        if bare:
            found.append(Attribution(bare, confidence=0.4))
            spoken = len(found) - 1
            continue
        read = Reader(text, tokenise(text, sentence, inside), lexicon).read()
        if spoken is not None and not found[spoken].source and read and _names_speaker(read[0], sentence):
            found[spoken] = replace(found[spoken], source=read[0].source, cue=read[0].cue, confidence=0.9)
            read = read[1:]
        direct = [i for i, a in enumerate(read) if _is_quotation(a, inside)]
        spoken = len(found) + direct[-1] if direct else None
        found += [a for a in read if a.content]
    return found


def _bare(text: str, sentence: Span, inside: Sequence[Quotation]) -> tuple[Span, ...]:
    """Return the quotations of a sentence that consists of nothing else."""
    if not inside:
        return ()
    rest, at = "", sentence.start
    for quotation in inside:
        rest += text[at : quotation.start]
        at = quotation.end
    rest += text[at : sentence.end]
    if any(c.isalnum() for c in rest):
        return ()
    words = sum(len(q.inner.of(text).split()) for q in inside)
    return tuple(Span(q.start, q.end) for q in inside) if words >= _SPOKEN_WORDS else ()


def _names_speaker(attribution: Attribution, sentence: Span) -> bool:
    return not attribution.content and bool(attribution.source)


def _is_quotation(attribution: Attribution, inside: Sequence[Quotation]) -> bool:
    return any(
        span.start <= q.start and q.end <= span.end + 1 for span in attribution.content for q in inside
    )
