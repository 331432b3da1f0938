"""Linking: which cue a content belongs to, and which source a cue.

A choice among the candidates of the same paragraph, or none, by a conditional logit over what lies
between the two runs of words (McFadden 1974). One source may serve several cues, one cue several contents.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from math import exp
from operator import mul
from pathlib import Path

from worker.statements.network.decode import Role, RoleSpan
from worker.statements.network.lexicon import LEXICON
from worker.statements.network.words import OUTSIDE, WordTable, line_breaks

_BE = LEXICON.words("be")
_PREPOSITIONS = LEXICON.words("source preposition")
_AGENTS = LEXICON.words("agent")
CANDIDATES = 8  # nearest on either side; more cannot matter, and the bound keeps linking linear
_DISTANCES = (1, 2, 3, 6, 13, 31)  # words; bounds of the distance buckets
_DASHES = (["―"], ["—"], ["–"], ["-"])
_MOST = 3  # counts are capped here

_BUCKETS = len(_DISTANCES) + 1
_DISTANCE_ROWS = [[float(at == bucket) for at in range(2 * _BUCKETS)] for bucket in range(2 * _BUCKETS)]
_NOTHING = (0,) * 4
FEATURES = 2 * _BUCKETS + 21


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The runs of one paragraph by role, each list in text order."""

    content: list[RoleSpan]
    cue: list[RoleSpan]
    source: list[RoleSpan]
    starts: list[list[int]] = field(init=False)  # first words, per role

    def __post_init__(self) -> None:
        roles = (self.content, self.cue, self.source)
        object.__setattr__(self, "starts", [[run.first for run in runs] for runs in roles])

    def of(self, role: Role) -> tuple[list[RoleSpan], list[int]]:
        """Return the runs of one role and their first words."""
        runs = (self.content, self.cue, self.source)
        at = "CQS".index(role)
        return runs[at], self.starts[at]

    def with_frames(self, runs: Sequence[RoleSpan]) -> Paragraph:
        """Return the paragraph with the cues and sources among `runs` as well."""
        cues, sources = ([run for run in runs if run.role == role] for role in "QS")
        return Paragraph(self.content, sorted(self.cue + cues, key=_first), sorted(self.source + sources, key=_first))


class Linker:
    """The two choices, with their weights: content to cue, and cue to source."""

    def __init__(self, weights: Path) -> None:
        table = json.loads(weights.read_text(encoding="utf-8"))
        self._to_cue, self._to_source = (table[name] for name in ("content_to_cue", "cue_to_source"))

    def cue_of(self, words: WordTable, content: RoleSpan, paragraph: Paragraph) -> tuple[RoleSpan | None, float]:
        """Return the cue of `content` and the probability of that choice."""
        return _choose(words, content, paragraph.cue, paragraph, self._to_cue)

    def source_of(self, words: WordTable, cue: RoleSpan, paragraph: Paragraph) -> tuple[RoleSpan | None, float]:
        """Return the source of `cue` and the probability of that choice."""
        return _choose(words, cue, paragraph.source, paragraph, self._to_source)


def _choose(
    words: WordTable, run: RoleSpan, among: Sequence[RoleSpan], paragraph: Paragraph, weights: Sequence[float]
) -> tuple[RoleSpan | None, float]:
    near = nearest(run, among)
    if not near:
        return None, 1.0
    utilities = [_utility(weights, row) for row in pair_features(words, run, near, paragraph)]
    utilities.append(weights[-1])
    most = max(utilities)
    best = utilities.index(most)
    return (None if best == len(near) else near[best]), 1 / sum(exp(utility - most) for utility in utilities)


def _utility(weights: Sequence[float], row: Sequence[float]) -> float:
    """Return the scalar product; weights beyond the row's length count for nothing."""
    utility: float = sum(map(mul, weights, row))
    return utility


def nearest(run: RoleSpan, among: Sequence[RoleSpan]) -> list[RoleSpan]:
    """Return the candidates on both sides of `run`, in text order."""
    at = bisect_left(among, run.first, key=_first)
    return list(among[max(0, at - CANDIDATES) : at + CANDIDATES])


def _first(run: RoleSpan) -> int:
    return run.first


def pair_features(
    words: WordTable, run: RoleSpan, others: Sequence[RoleSpan], paragraph: Paragraph
) -> list[list[float]]:
    """Describe what lies between `run` and each of `others`, by FEATURES numbers each."""
    forms = words.forms[run.first : run.last]
    passive = not _BE.isdisjoint(forms)
    about = (
        bool(words.quote[run.first] != OUTSIDE),
        _says(words, run.first - 1, ".?!"),
        passive,
    )
    participle = forms[0].endswith("ing")
    table = []
    for other in others:
        after = other.first >= run.last
        first, last = (run.last, other.first) if after else (other.last, run.first)
        gap = last - first
        distance = _DISTANCE_ROWS[bisect_right(_DISTANCES, gap) + _BUCKETS * after]
        counts = _counts((words.sentence_ends, *paragraph.starts), first, last) if gap > 0 else _NOTHING
        opens = words.forms[other.first]
        colon = opens == ":"
        table.append(
            [
                *distance,
                *counts,
                *(counts if after else _NOTHING),
                *about,
                gap > 0 and "," in (words.forms[first], words.forms[last - 1]),
                colon,
                colon and after,
                opens.islower(),
                opens in _PREPOSITIONS,
                _says(words, other.first - 1, ".?!\n”"),
                passive and _says(words, other.first - 1, _AGENTS),
                participle and after,
                _is_nearer(other, run, gap, paragraph),
                about[0] * counts[0],
            ]
        )
    return table


def _counts(places: Iterable[Sequence[int]], first: int, last: int) -> tuple[int, ...]:
    """Return how many of each of several sorted `places` are in first..last-1, capped."""
    found = [bisect_left(at, last) - bisect_left(at, first) for at in places]
    return tuple([min(_MOST, count) for count in found])


def _is_nearer(other: RoleSpan, run: RoleSpan, gap: int, paragraph: Paragraph) -> bool:
    """Say whether `other` stands nearer than `gap` to another run of the role of `run`."""
    alike, starts = paragraph.of(run.role)
    at = bisect_left(starts, other.first)
    for sibling in alike[max(0, at - 2) : at + 2]:
        if sibling is not run and max(other.first - sibling.last, sibling.first - other.last) < gap:
            return True
    return False


def _says(words: WordTable, at: int, marks: Container[str]) -> bool:
    return at < 0 or words.forms[at] in marks


def paragraphs_of(words: WordTable, runs: Sequence[RoleSpan]) -> list[Paragraph]:
    """Sort runs, in text order, into paragraphs; a paragraph without runs is left out.

    A line that ends with a colon, or a line that begins with a dash, belongs to its neighbour: it frames it.
    """
    found: list[tuple[list[RoleSpan], list[RoleSpan], list[RoleSpan]]] = []
    at = 0
    for run in runs:
        if not found or any(_parts(words, i) for i in line_breaks(words, slice(at, run.first))):
            found.append(([], [], []))
        found[-1]["CQS".index(run.role)].append(run)
        at = run.first
    return [Paragraph(*roles) for roles in found]


def _parts(words: WordTable, at: int) -> bool:
    """Say whether the line break parts the lines beside it."""
    return words.forms[at - 1 : at] != [":"] and words.forms[at + 1 : at + 2] not in _DASHES
