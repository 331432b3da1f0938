"""The words, marks and whole quotations of a sentence, as the rules read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from worker.records import Span
from worker.statements.quotes import Quotation

Kind = Literal["word", "mark", "quotation"]

_TOKEN = re.compile(r"(?P<word>\w+(?:[’'\-–./&]\w+)*|[’']s\b)|(?P<mark>\.\.\.|[^\w\s])")
_PERIOD_WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\Z")


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
        if match.lastgroup == "word":
            word = match[0]
            tokens.append(
                Token(
                    match.start(), match.end(), "word", word.lower().replace("’", "'"), not word[0].islower()
                )
            )
        else:
            tokens.append(Token(match.start(), match.end(), "mark", match[0]))
    return tokens
