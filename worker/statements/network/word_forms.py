"""What the small network knows of a word: hashes of it, of its ends, and its shape."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WORD_BUCKETS = 40_000
AFFIX_BUCKETS = 2_000
SHAPES = 12
_REMEMBERED = 50_000  # words; more than are ever asked for at once

Features = tuple[int, int, int, int]


def form_features(form: str) -> Features:
    """Return the buckets of the lower-cased word, its first and its last three letters, and its shape."""
    low = form.lower()
    return (
        crc32(low.encode(errors="replace")) % WORD_BUCKETS,
        crc32(low[:3].encode(errors="replace")) % AFFIX_BUCKETS,
        crc32(low[-3:].encode(errors="replace")) % AFFIX_BUCKETS,
        _shape(form),
    )


def _shape(form: str) -> int:
    if form.isalpha():
        return _letters(form)
    if form.isalnum():
        return (6 if len(form) == 4 else 7) if form.isdigit() else 8
    if form == "\n":
        return 0
    return 9 if form in ".!?" else 10 if form in ",;:" else 11


def _letters(form: str) -> int:
    if form.islower():
        return 1
    if form.isupper():
        return 2 if len(form) == 1 else 3
    return 4 if form[0].isupper() else 5


class Forms:
    """Turns words into features, remembering the words it has met."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._features = np.empty((_REMEMBERED, 4), np.int64)

    def of(self, forms: Sequence[str], quote: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return an array of shape (words, 5): word, prefix, suffix, shape, quote state."""
        if len(self._rows) + len(forms) > _REMEMBERED:
            self._rows.clear()
        for row, form in enumerate(set(forms).difference(self._rows), len(self._rows)):
            self._features[row] = form_features(form)
            self._rows[form] = row
        rows = np.fromiter(map(self._rows.__getitem__, forms), np.intp, len(forms))
        return np.column_stack((self._features[rows], quote))
