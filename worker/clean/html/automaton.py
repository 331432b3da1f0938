"""Words found anywhere in a text, all in one pass: an automaton as Aho and Corasick have it (CACM 18:6, 1975)."""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain

#: The symbols that words are made of: small letters for either case, white space ("+"), "-", "_", ":"; "." is all else.
_SYMBOLS = ".abcdefghijklmnopqrstuvwxyz+-_:"
_WIDTH, _SPACE = len(_SYMBOLS), _SYMBOLS.index("+")
_NO_LETTER = "{.,+,-,_,:}"
_SYMBOL_OF = bytes(
    _SYMBOLS.index(chr(code).lower()) if chr(code).isascii() and chr(code).lower() in _SYMBOLS[1:27] + "-_:"
    else _SPACE if code in b"\t\n\f\r " else 0 for code in range(256)
)  # fmt: skip
_CHOICE = re.compile(r"\{([^{}]*)\}")


def spelled(word: str) -> Iterator[str]:
    """Yield the words that a pattern with choices stands for: "side{,-}bar" is "sidebar" and "side-bar"."""
    choice = _CHOICE.search(word)
    if choice is None:
        yield word
    else:
        for chosen in choice[1].split(","):
            yield from spelled(word[: choice.start()] + chosen + word[choice.end() :])


class Automaton:
    """Finds groups of words; `read` returns the bits of all that a text holds.

    Args:
        groups: The bit of each group of words, which are separated by spaces; "<" before and ">" after a word stand for
            no letter, "+" for white space, and the text's beginning and end for that, too.
    """

    def __init__(self, groups: Mapping[str, int]) -> None:
        rows, found = [[0] * _WIDTH], [0]
        for words, bit in groups.items():
            for word in words.split():
                for variant in spelled(word.replace("<", _NO_LETTER).replace(">", _NO_LETTER)):
                    _add(variant, bit, rows, found)
        _link(rows, found)
        self.rows = array("H", chain.from_iterable(rows))
        self.found = array("i", found)
        self.begin = self.after(b"")

    def after(self, text: bytes) -> int:
        """Return the row of the automaton after the beginning of a text."""
        row = self.rows[_SPACE]
        for code in text:
            row = self.rows[row * _WIDTH + _SYMBOL_OF[code]]
        return row

    def read(self, text: bytes, start: int, end: int, row: int) -> int:
        """Return the bits of the groups that a part of a text, begun at a row, holds words of."""
        bits, symbols = 0, _SYMBOL_OF
        for place in range(start, end):
            row = self.rows[row * _WIDTH + symbols[text[place]]]
            bits |= self.found[row]
        return bits | self.found[self.rows[row * _WIDTH + _SPACE]]


def _add(word: str, bit: int, rows: list[list[int]], found: list[int]) -> None:
    row = 0
    for letter in word:
        symbol = _SYMBOLS.index(letter)
        if not rows[row][symbol]:
            rows[row][symbol] = len(rows)
            rows.append([0] * _WIDTH)
            found.append(0)
        row = rows[row][symbol]
    found[row] |= bit


def _link(rows: list[list[int]], found: list[int]) -> None:
    """Let each row go on as the longest end of it that begins a word: no text is read twice."""
    others, waiting = [0] * len(rows), deque([0])
    while waiting:
        row = waiting.popleft()
        other = others[row]
        found[row] |= found[other]
        for symbol, following in enumerate(rows[row]):
            instead = rows[other][symbol] if row else 0
            if following:
                others[following] = instead
                waiting.append(following)
            else:
                rows[row][symbol] = instead
