"""The words, marks and whole quotations of a sentence, as the rules read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from worker.core.records import Span
from worker.statements.quotes import Quotation
from worker.statements.vocabulary import alternatives, in_any_language

Kind = Literal["word", "mark", "quotation"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a quotation as one token; `low` is its lower-case text ("“" for a quotation)."""

    start: int
    end: int
    kind: Kind
    low: str
    capital: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    """Return what matches a token; French inverts with a hyphen ("dit-il"), French and Italian elide ("l'homme")."""
    clitic = alternatives(in_any_language("clitic")) + r"\b"
    elided = alternatives(in_any_language("elided")) + r"['’](?=\w)"
    return re.compile(
        rf"(?P<elided>\b{elided})|-(?:t-)?(?P<clitic>{clitic})"
        rf"|(?P<word>\w+(?:(?!-(?:t-)?{clitic})[’'\-–./&]\w+)*|[’']s\b)|(?P<mark>\.\.\.|[^\w\s])",
        re.IGNORECASE,
    )


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
    for match in _pattern().finditer(text, start, end):
        kind = match.lastgroup or "mark"
        word, at = match[kind], match.start(kind)
        if kind == "mark":
            tokens.append(Token(at, match.end(), "mark", word))
        else:
            low = word.lower().replace("’", "'")
            tokens.append(Token(at, match.end(), "word", low, not word[0].islower()))
    return tokens
