"""Speech set off by dashes, as French, Spanish, Italian, Portuguese, Russian and Ukrainian print dialogue.

A paragraph that opens with a dash is spoken; a later dash leaves the speech for the narrator when the
words after it open with a cue ("— Enough, — said Vera. — Go."), and the next dash returns to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from worker.core.records import Span
from worker.statements.cues import match
from worker.statements.quotes import Quotation
from worker.statements.vocabulary import Vocabulary, alternatives, in_any_language

_OPENING = re.compile(r"\s*[—–―-]\s*(?=\S)")
_WORDS = re.compile(r"\w+(?:[’'\-]\w+)*")
_CUE_REACH = 3  # words between a dash and the cue that makes it the narrator's: "— тихо сказал он"


def spoken_runs(
    text: str, paragraphs: Sequence[Span], quoted: Sequence[Quotation], lexicon: Vocabulary
) -> Sequence[Quotation]:
    """Return the outermost quotations of `text` and the turns of its dialogues, in text order."""
    if not lexicon.dialogue:
        return quoted
    turns = [turn for place in paragraphs for turn in _turns(text, place, lexicon)]
    ends = [turn.end for turn in turns]

    def overlaps(quotation: Quotation) -> bool:
        at = bisect_right(ends, quotation.start)
        return at < len(turns) and turns[at].start < quotation.end

    return sorted([*turns, *(q for q in quoted if not overlaps(q))], key=lambda q: q.start)


def _turns(text: str, place: Span, lexicon: Vocabulary) -> list[Quotation]:
    """Return what is spoken in the paragraph `place`, as quotations that a dash opens; empty without."""
    opening = _OPENING.match(text, place.start, place.end)
    if opening is None:
        return []
    spoken: list[Quotation] = []
    start, narrating = opening.end(), False
    for dash in _turn().finditer(text, opening.end(), place.end):
        if not narrating and _narrates(text, dash.end(), place.end, lexicon):
            spoken += _spoken(text, start, dash.start())
            narrating = True
        elif narrating:
            start, narrating = dash.end(), False
    return spoken if narrating else spoken + _spoken(text, start, place.end)


@cache
def _turn() -> re.Pattern[str]:
    """Return what matches where the speech may turn to the narrator, in French with the verb alone: ", dit-elle."."""
    pronouns = alternatives(in_any_language("verb clitic"))
    return re.compile(rf"(?<!\s)\s++[—–―]\s*|[—–―](?=[\s.,;:])|,\s(?=\w+-(?:t-)?{pronouns}\b)")


def _narrates(text: str, start: int, end: int, lexicon: Vocabulary) -> bool:
    part = text[start : min(end, start + 60)]
    if not part[:1].islower():
        return False
    words = [word.lower() for word in re.split(r"[^\w’']+", part) if word]
    reach = range(min(_CUE_REACH, len(words)))
    return any(match(words, at, lexicon) is not None for at in reach)


def _spoken(text: str, start: int, end: int) -> list[Quotation]:
    word = _WORDS.search(text, start, end)
    if word is None:
        return []
    end = start + len(text[start:end].rstrip())
    inner = Span(word.start(), end)
    return [Quotation(word.start(), end, inner, closed=True, opener="—")]
