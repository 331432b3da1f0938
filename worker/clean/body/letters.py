"""What kinds of character tell prose from other text: a bit set for each code point of the basic plane."""

from __future__ import annotations

from array import array
from functools import cache

import numpy as np

COMMAS, STOPS, DIGITS, CAPITALS, SPACES, WIDE, PIPES = range(7)
#: Kinds of a text's last character, and of its first: 1 or 0.
ENDS, COLONS, QUOTED, LOWER = range(7, 11)
KINDS = 11
#: Any of the first seven.
COUNTED = (1 << 7) - 1
BEYOND = 0x10000
#: Scripts that write a word in few characters: Thai, Lao, Khmer, kana, Han, Hangul.
_WIDE_RANGES = ((0x0E00, 0x0EFF), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF),
                (0xF900, 0xFAFF))  # fmt: skip


@cache
def kinds_of_letters() -> array[int]:
    """Return the bit set of each code point."""
    letters = np.array([chr(code) for code in range(BEYOND)])
    table = np.zeros(BEYOND, np.uint16)
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
    return array("H", table.tobytes())
