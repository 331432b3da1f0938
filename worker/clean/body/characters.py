"""Counts of kinds of characters in the texts of a page: one table look-up per character."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from worker.clean.body.letters import (
    BEYOND,
    CAPITALS,
    COLONS,
    COMMAS,
    COUNTED,
    DIGITS,
    ENDS,
    KINDS,
    LOWER,
    PIPES,
    QUOTED,
    SPACES,
    STOPS,
    WIDE,
    kinds_of_letters,
)


def size(text: str) -> int:
    """Return the length of a text in Latin characters: one that writes a word counts as three."""
    table, wide = kinds_of_letters(), 0
    for letter in text:
        wide += table[min(ord(letter), BEYOND - 1)] >> WIDE & 1
    return len(text) + 2 * wide


def count(texts: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the length of each text in code points, and a row of counts for each kind; no text may be empty."""
    lengths = np.array([len(text) for text in texts], np.float32)
    counts = np.zeros((KINDS, len(texts)), np.float32)
    table = kinds_of_letters()
    for number, text in enumerate(texts):
        _count_one(text, table, counts, number)
    return lengths, counts


def _count_one(text: str, table: array[int], counts: NDArray[np.float32], number: int) -> None:
    kinds = commas = stops = digits = capitals = spaces = wide = pipes = 0
    for letter in text:
        kinds = table[min(ord(letter), BEYOND - 1)]
        if kinds & COUNTED:
            commas += kinds >> COMMAS & 1
            stops += kinds >> STOPS & 1
            digits += kinds >> DIGITS & 1
            capitals += kinds >> CAPITALS & 1
            spaces += kinds >> SPACES & 1
            wide += kinds >> WIDE & 1
            pipes += kinds >> PIPES & 1
    first = table[min(ord(text[0]), BEYOND - 1)]
    counts[COMMAS, number] = commas
    counts[STOPS, number] = stops
    counts[DIGITS, number] = digits
    counts[CAPITALS, number] = capitals
    counts[SPACES, number] = spaces
    counts[WIDE, number] = wide
    counts[PIPES, number] = pipes
    counts[ENDS, number] = kinds >> ENDS & 1
    counts[COLONS, number] = kinds >> COLONS & 1
    counts[QUOTED, number] = first >> QUOTED & 1
    counts[LOWER, number] = first >> LOWER & 1
