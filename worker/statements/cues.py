"""Cues of attribution: finding them among words, and saying what a given one means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.core.records import CueClass, Stance
from worker.statements.vocabulary import CueEntry, Frame, Sense, Vocabulary, vocabulary

_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_UNKNOWN = Sense("", "speech", "asserts")


@dataclass(frozen=True, slots=True)
class CueReading:
    """What a cue's words mean: its lemma, class and stance, and whether it is negated."""

    lemma: str
    cue_class: CueClass
    stance: Stance
    negated: bool = False


def match(words: Sequence[str], at: int, lexicon: Vocabulary) -> CueEntry | None:
    """Return the longest cue that starts at `words[at]`, None without one. `words` are lower-case."""
    for entry in lexicon.cues.get(words[at], ()):
        if tuple(words[at : at + len(entry.words)]) == entry.words:
            return entry
    return None


@lru_cache(maxsize=1024)  # most cues are a few words that every article has
def read_cue(text: str, language: str = "en", prefer: Frame | None = None) -> CueReading:
    """Return what the cue `text` ("has also argued") means.

    The first cue of the lexicon in it decides; a lemma that the lexicon lacks is the text's own first
    word, and counts as asserting speech ("speech" covers 70 % of attributions).
    """
    words = [m[0].lower().replace("’", "'") for m in _WORD.finditer(text)]
    lexicon = vocabulary(language)
    negated = any(word in lexicon.words("negation") for word in words)
    for at in range(len(words)):
        entry = match(words, at, lexicon)
        if entry is not None:
            sense = entry.senses.get(prefer, entry.sense) if prefer else entry.sense
            return CueReading(sense.lemma, sense.cue_class, sense.stance, negated)
    lemma = words[0] if words else text.strip()
    return CueReading(lemma, _UNKNOWN.cue_class, _UNKNOWN.stance, negated)
