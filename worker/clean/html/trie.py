"""Names of elements and attributes, found in a page, in any case, without a copy."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

#: A column for each byte that a name may hold: letters, digits, "-", ":". None of the names has another.
_WIDTH = 39
#: The row that names begin from; from row 0 no name goes on.
_FIRST = 1
_COLUMNS = bytes(
    1 + (code | 32) - 97 if 97 <= code | 32 <= 122 and code >= 65 else 27 + code - 48 if 48 <= code <= 57
    else 37 + (code == 58) if code in b"-:" else 0 for code in range(256)
)  # fmt: skip


class NameTrie:
    """A trie in an array: a row for each beginning of a name."""

    def __init__(self, names: Iterable[bytes]) -> None:
        rows, numbers = [[0] * _WIDTH, [0] * _WIDTH], [0, 0]
        for number, name in enumerate(names, 1):
            row = _FIRST
            for code in name:
                column = _COLUMNS[code]
                if not rows[row][column]:
                    rows[row][column] = len(rows)
                    rows.append([0] * _WIDTH)
                    numbers.append(0)
                row = rows[row][column]
            numbers[row] = number
        self.rows = array("H", [following for row in rows for following in row])
        self.numbers = array("H", numbers)

    def find(self, text: bytes, start: int, end: int) -> int:
        """Return the number of the name that stands there in a text, from 1; 0 if it is none of these."""
        row, columns = _FIRST, _COLUMNS
        while start < end and row:
            row = self.rows[row * _WIDTH + columns[text[start]]]
            start += 1
        return self.numbers[row]
