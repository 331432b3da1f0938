"""The `rules` engine: attributions without weights, by quotation marks, cues and sentence patterns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.continuation import carried_on
from worker.statements.cues import match
from worker.statements.document import Document
from worker.statements.labels import labelled
from worker.statements.quotes import Quotation
from worker.statements.rules import clauses
from worker.statements.rules.tokens import tokenise
from worker.statements.vocabulary import Vocabulary

_SPOKEN_WORDS = 4  # a quotation with fewer words that nothing attributes is a scare quote


class RulesEngine:
    """Finds attributions by patterns, with the word lists of the document's language."""

    def attributions(self, document: Document) -> list[Attribution]:
        """Return the attributions in the order of their first content span."""
        found: list[Attribution] = []
        for number, place in enumerate(document.paragraphs):
            label = labelled(document.text, place)
            found += [label] if label is not None else read_paragraph(document, number)
        return carried_on(document.spoken, sorted(found, key=lambda attribution: attribution.content[0].start))


def read_paragraph(document: Document, number: int) -> list[Attribution]:
    """Return what the sentences of one paragraph attribute; a bare quotation carries on the one before it."""
    text, lexicon = document.text, document.lexicon
    quoted = document.spoken_in(document.paragraphs[number])
    found: list[Attribution] = []
    carried: dict[int, list[Span]] = {}  # the bare quotations that carry on an attribution's, by its number
    spoken: int | None = None  # the attribution whose quotation the next bare one carries on
    starts = [quotation.start for quotation in quoted]
    for sentence in _joined(text, document.sentences(number), quoted, lexicon):
        near = quoted[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        inside = [q for q in near if q.end <= sentence.end]
        bare = _bare(text, sentence, inside)
        if bare and spoken is not None:
            carried.setdefault(spoken, []).extend(bare)
            continue
        if bare and sum(len(span.of(text).split()) for span in bare) >= _SPOKEN_WORDS:
            found.append(Attribution(bare, confidence=0.4))
            spoken = len(found) - 1
            continue
        read = clauses.read(text, tokenise(text, sentence, inside), lexicon)
        if spoken is not None and not found[spoken].source and read and _names_speaker(read[0]):
            found[spoken] = replace(found[spoken], source=read[0].source, cue=read[0].cue, confidence=0.9)
            read = read[1:]
        read = [a for a in read if a.content]
        direct = [i for i, a in enumerate(read) if _is_quotation(a, inside)]
        spoken = len(found) + direct[-1] if direct else None
        found += read
    for at, parts in carried.items():
        found[at] = replace(found[at], content=(*found[at].content, *parts))
    return found


def _joined(text: str, sentences: Sequence[Span], quoted: Sequence[Quotation], lexicon: Vocabulary) -> Iterator[Span]:
    """Yield the sentences, with “Really?” and the "Vance asked." that follows it as one."""
    ends = {q.end for q in quoted if text[q.inner.end - 1] in "?!…"}
    waiting: Span | None = None
    for sentence in sentences:
        if waiting is not None and _opens_with_cue(text, sentence, lexicon):
            yield Span(waiting.start, sentence.end)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = sentence if sentence.end in ends else None
        if waiting is None:
            yield sentence
    if waiting is not None:
        yield waiting


def _opens_with_cue(text: str, sentence: Span, lexicon: Vocabulary) -> bool:
    words = text[sentence.start : min(sentence.end, sentence.start + 80)].lower().replace(".", "").split()
    for at in range(1, min(6, len(words))):
        entry = match(words, at, lexicon)
        if entry is not None:
            following = words[at + len(entry.words)] if at + len(entry.words) < len(words) else ""
            return "clause" in entry.senses and following not in lexicon.words("complementiser")
    return False


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
    return tuple(Span(q.start, q.end) for q in inside)


def _names_speaker(attribution: Attribution) -> bool:
    return not attribution.content and bool(attribution.source)


def _is_quotation(attribution: Attribution, inside: Sequence[Quotation]) -> bool:
    return any(span.start <= q.start and q.end <= span.end + 1 for span in attribution.content for q in inside)


def load(_name: str) -> RulesEngine:
    """Return the engine; it has no weights."""
    return RulesEngine()
