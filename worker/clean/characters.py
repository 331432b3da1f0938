"""Counts of characters in many texts at once: one table look-up per character, one sum per text."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

COMMAS, STOPS, DIGITS, CAPITALS, SPACES, WIDE, PIPES = range(7)
#: Kinds of a text's last character, and of its first: 1 or 0.
ENDS, COLONS, QUOTED, LOWER = range(7, 11)
_COUNTED = 7
_LAST = 0x10000
#: Scripts that write a word in few characters: Thai, Lao, Khmer, kana, Han, Hangul.
_WIDE_RANGES = ((0x0E00, 0x0EFF), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF),
                (0xF900, 0xFAFF))  # fmt: skip


@cache
def _table() -> NDArray[np.uint16]:
    """Return the bit set of each code point of the basic plane."""
    letters = np.array([chr(code) for code in range(_LAST)])
    table = np.zeros(_LAST, np.uint16)
    table[np.isin(letters, list(",，、;；:："))] |= 1 << COMMAS
    table[np.isin(letters, list(".!?。！？؟।"))] |= 1 << STOPS
    table[np.char.isdigit(letters)] |= 1 << DIGITS
    table[np.char.isupper(letters)] |= 1 << CAPITALS
    table[0x20] |= 1 << SPACES
    table[ord("|")] |= 1 << PIPES
    table[np.isin(letters, list(".!?。！？…؟।»”\"'’)]"))] |= 1 << ENDS
    table[ord(":")] |= 1 << COLONS
    table[np.isin(letters, list("\"“„«‚‘「『'—–-"))] |= 1 << QUOTED
    table[np.char.islower(letters)] |= 1 << LOWER
    for first, last in _WIDE_RANGES:
        table[first : last + 1] |= 1 << WIDE
    return table


def sizes(lengths: NDArray[np.float32], counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lengths of counted texts in Latin characters: one that writes a word counts as three."""
    latin: NDArray[np.float32] = lengths + 2 * counts[WIDE]
    return latin


def count(texts: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the length of each text in code points, and a row of counts for each kind; no text may be empty."""
    lengths = np.array([len(text) for text in texts])
    codes: NDArray[Any] = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table()[np.minimum(codes, _LAST - 1)]
    starts = np.cumsum(lengths) - lengths
    counts = [np.add.reduceat((kinds >> kind) & 1, starts, dtype=np.int32) for kind in range(_COUNTED)]
    last, first = kinds[starts + lengths - 1], kinds[starts]
    counts += [(last >> ENDS) & 1, (last >> COLONS) & 1, (first >> QUOTED) & 1, (first >> LOWER) & 1]
    return lengths.astype(np.float32), np.array(counts, np.float32)
