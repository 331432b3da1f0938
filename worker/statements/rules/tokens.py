"""The words, marks and whole quotations of a sentence, as the rules read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from worker.core.records import Span
from worker.statements.quotes import Quotation

Kind = Literal["word", "mark", "quotation"]

# French inverts with a hyphen ("dit-il", "a-t-elle"); French and Italian elide ("l'homme", "dell'auto")
_CLITIC = r"(?:ils?|elles?|on|je|nous)\b"
_ELIDED = r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|un|(?:de|a|ne|da|su)ll)['’](?=\w)"
_TOKEN = re.compile(
    rf"(?P<elided>\b{_ELIDED})|-(?:t-)?(?P<clitic>{_CLITIC})"
    rf"|(?P<word>\w+(?:(?!-(?:t-)?{_CLITIC})[’'\-–./&]\w+)*|[’']s\b)|(?P<mark>\.\.\.|[^\w\s])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a quotation as one token; `low` is its lower-case text ("“" for a quotation)."""

    start: int
    end: int
    kind: Kind
    low: str
    capital: bool = False


def tokenise(text: str, place: Span, quotations: Sequence[Quotation] = ()) -> list[Token]:
    """Return the tokens of `place`; each of its outermost `quotations` is one token."""
    tokens: list[Token] = []
    start = place.start
    for quotation in quotations:
        tokens += _plain(text, start, quotation.start)
        tokens.append(Token(quotation.start, quotation.end, "quotation", "“"))
        start = quotation.end
    tokens += _plain(text, start, place.end)
    return tokens


def _plain(text: str, start: int, end: int) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or "mark"
        word, at = match[kind], match.start(kind)
        if kind == "mark":
            tokens.append(Token(at, match.end(), "mark", word))
        else:
            low = word.lower().replace("’", "'")
            tokens.append(Token(at, match.end(), "word", low, not word[0].islower()))
    return tokens
