"""To whom, through what, when and where something was said, as the cue's own sentence tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.document import Document
from worker.statements.vocabulary import Vocabulary

_REACH = 90  # characters around the cue: circumstances stand close to it


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The spans that say to whom, through what, when and where; None where the sentence does not say."""

    addressee: Span | None = None
    via: Span | None = None
    when: Span | None = None
    where: Span | None = None


def circumstances(document: Document, attribution: Attribution, sentence: Span) -> Circumstances:
    """Return the circumstances that `sentence` gives next to the cue and outside of the content.

    A language without patterns for them gets the empty answer.
    """
    text, lexicon = document.text, document.lexicon
    if not attribution.cue or not lexicon.patterns:
        return Circumstances()
    surroundings = _surroundings(attribution, sentence)
    via = _first(lexicon.pattern("via"), text, surroundings, lexicon.words("medium"))
    when = _match(lexicon.pattern("when"), text, surroundings)
    where = _match(lexicon.pattern("where"), text, surroundings, group=1)
    if where and ((via and where.start < via.end and via.start < where.end) or _is_date(where.of(text), lexicon)):
        where = None
    addressee = _addressee(text, attribution, surroundings, lexicon)
    if addressee and via is None and set(addressee.of(text).lower().split()) & lexicon.words("newsroom"):
        addressee, via = None, addressee  # "told Reuters"
    return Circumstances(addressee, via, when, where)


def _surroundings(attribution: Attribution, sentence: Span) -> list[Span]:
    """Return the parts of the sentence near the cue that are neither content nor source."""
    cue = Span(attribution.cue[0].start, attribution.cue[-1].end)
    taken = sorted((*attribution.content, *attribution.source), key=lambda span: span.start)
    start, end = max(sentence.start, cue.start - _REACH), min(sentence.end, cue.end + _REACH)
    free, at = [], start
    for span in taken:
        if at < min(span.start, end):
            free.append(Span(at, min(span.start, end)))
        at = max(at, span.end)
    if at < end:
        free.append(Span(at, end))
    return free


def _match(pattern: re.Pattern[str], text: str, surroundings: Sequence[Span], group: int = 0) -> Span | None:
    for part in surroundings:
        found = pattern.search(text, part.start, part.end)
        if found:
            return Span(found.start(group), found.end(group))
    return None


def _first(pattern: re.Pattern[str], text: str, surroundings: Sequence[Span], allowed: frozenset[str]) -> Span | None:
    for part in surroundings:
        for found in pattern.finditer(text, part.start, part.end):
            if found[1].lower() in allowed:
                return Span(found.start(), found.end())
    return None


def _addressee(text: str, attribution: Attribution, surroundings: Sequence[Span], lexicon: Vocabulary) -> Span | None:
    cue_end = attribution.cue[-1].end
    verb = any(w in lexicon.words("addressee verb") for w in attribution.cue[-1].of(text).lower().split())
    for part in surroundings:
        if not part.start <= cue_end < part.end:
            continue
        told = lexicon.pattern("addressed").match(text, cue_end, part.end) if verb else None
        if told and (told[2] is None or told[2] in lexicon.words("addressee noun")):
            return Span(told.start(1), told.end(1))
        to = lexicon.pattern("to").search(text, cue_end, part.end)
        if to and to[2] in lexicon.words("addressee noun"):
            return Span(to.start(1), to.end(1))
    return None


def _is_date(words: str, lexicon: Vocabulary) -> bool:
    return lexicon.pattern("when").search(words) is not None or lexicon.pattern("date").match(words) is not None
