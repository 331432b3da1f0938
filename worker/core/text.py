"""Text from strangers: character references and combining marks, where Python's own functions fail or take hours."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

#: A reference by a number that names no character, and that Python may refuse to read.
_NO_CHARACTER = re.compile(r"&#(?:\d{8,}+|[xX][0-9a-fA-F]{8,}+);?")
#: Marks on one letter sort in quadratic time; Unicode's stream-safe format allows as many, shorter texts do no harm.
_MOST_MARKS, _HARMLESS = 30, 300
_STRANGE = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")


#: What a terminal obeys, or what cannot be written: C0, DEL and C1 (ISO 6429), separators of lines, what sets or
#: changes the direction of text (Unicode's property Bidi_Control), halves of surrogate pairs.
CONTROLS = (
    *range(32),
    *range(127, 160),
    *(0x061C, 0x200E, 0x200F, 0x2028, 0x2029),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
)


def unescaped(text: str) -> str:
    """Return a text with its character references replaced."""
    return unescape(without_huge_references(text)) if "&" in text else text


def without_huge_references(text: str) -> str:
    """Return markup whose references by a number can all be read."""
    return _NO_CHARACTER.sub("\ufffd", text)


def nfc(text: str) -> str:
    """Return a text in NFC; marks on one letter beyond those of any writing are dropped."""
    if len(text) > _HARMLESS and len(text.encode("utf-8", "surrogatepass")) - len(text) > _MOST_MARKS:
        text = _STRANGE.sub(_without_marks, text)
    return unicodedata.normalize("NFC", text)


def _without_marks(found: re.Match[str]) -> str:
    """Return a run of characters that are no letters, with its combining marks up to the first few only."""
    run = found[0]
    return run[:_MOST_MARKS] + "".join(letter for letter in run[_MOST_MARKS:] if not unicodedata.combining(letter))
