"""Whether two texts are one article: exact, for two texts at hand. `sketch` finds a copy among many."""

from __future__ import annotations

from worker.duplicates.shingles import shingles

#: Of the shingles of the shorter text, as in clusters: copies share more, independent reports less than a third.
_ENOUGH = 0.6
_MAX_CHARACTERS = 200_000


def agree(one: str, other: str) -> bool:
    """Tell whether most of the shorter text is in the longer one."""
    if one == other:
        return True
    ours, theirs = shingles(one[:_MAX_CHARACTERS]), shingles(other[:_MAX_CHARACTERS])
    shorter = min(len(ours), len(theirs))
    return shorter > 0 and len(ours & theirs) >= _ENOUGH * shorter
