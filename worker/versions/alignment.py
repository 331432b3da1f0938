"""Which statement of a new version of an article is which of the old one. Pure.

    align(before, after) -> {index in after: index in before}

Words first: who says the same as before is the same statement, wherever it stands now. What is left is paired by how
alike the words are; in the same place of the article, from the same mouth, in the same frame ("..., said Lund"), less
likeness will do, since that is what a silent edit looks like.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

#: So many statements of each version that have no like are compared, by so many of their first characters: the work
#: grows with the product of all four. A few seconds at most.
_MOST, _LONGEST = 200, 500
#: Share of common character trigrams (Dice) from which words are an edit of others: of anybody's, of the same
#: speaker's, of the same speaker's in the same place. Where the frame is the same as well, the words do not matter.
_ALIKE, _ALIKE_SPEAKER, _ALIKE_PLACE = 0.6, 0.4, 0.2


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as far as it tells which one it is; `frame` is its sentence without its words."""

    text: str
    speaker: str | None
    cue: str
    frame: str


def align(before: Sequence[Said], after: Sequence[Said]) -> dict[int, int]:
    """Pair each statement of `after` with at most one of `before`, and the other way round; both in text order."""
    pairs: dict[int, int] = {}
    for key in (_all, _words_and_speaker, _words):
        pairs |= _equal(before, after, pairs, key)
    return pairs | _similar(before, after, pairs)


def _all(said: Said) -> tuple[object, ...]:
    return _words(said), said.speaker, said.cue


def _words_and_speaker(said: Said) -> tuple[object, ...]:
    return _words(said), said.speaker


def _words(said: Said) -> str:
    return " ".join(said.text.split()).casefold()


def _equal(
    before: Sequence[Said], after: Sequence[Said], pairs: Mapping[int, int], key: Callable[[Said], object]
) -> dict[int, int]:
    """Pair what has the same key, the first with the first."""
    waiting: dict[object, list[int]] = defaultdict(list)
    for old in reversed(_left(before, pairs.values())):
        waiting[key(before[old])].append(old)
    found = {}
    for new in _left(after, pairs):
        if same := waiting.get(key(after[new])):
            found[new] = same.pop()
    return found


def _similar(before: Sequence[Said], after: Sequence[Said], pairs: Mapping[int, int]) -> dict[int, int]:
    """Pair the rest, the most alike first."""
    scored = sorted(_scores(before, after, pairs), reverse=True)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, new, old in ((score, -new, -old) for score, new, old in scored):
        if new not in found and old not in taken:
            found[new] = old
            taken.add(old)
    return found


def _scores(
    before: Sequence[Said], after: Sequence[Said], pairs: Mapping[int, int]
) -> Iterator[tuple[float, int, int]]:
    """Yield (score, -new, -old) for each pair that may be one statement."""
    olds = [(old, _grams(before[old].text)) for old in _left(before, pairs.values())[:_MOST]]
    was, now = _places(len(before), {old: old for old in pairs.values()}), _places(len(after), pairs)
    for new in _left(after, pairs)[:_MOST]:
        grams = _grams(after[new].text)
        for old, others in olds:
            one, other = after[new], before[old]
            speaks = one.speaker == other.speaker and one.speaker is not None
            placed = was[old] == now[new]
            framed = placed and one.frame == other.frame and bool(one.frame)
            alike = _dice(grams, others)
            if framed or alike >= (_ALIKE if not speaks else _ALIKE_PLACE if placed else _ALIKE_SPEAKER):
                yield alike + 0.2 * speaks + 0.2 * placed + 0.4 * framed, -new, -old


def _places(n: int, paired: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return for each of `n` statements which paired ones stand around it, by the numbers that they share."""
    before, after = list(_nearest(range(n), paired)), list(_nearest(range(n - 1, -1, -1), paired))
    return list(zip(before, reversed(after), strict=True))


def _nearest(order: Iterable[int], paired: Mapping[int, int]) -> Iterator[int]:
    last = -1
    for index in order:
        yield last
        last = paired.get(index, last)


def _left(said: Sequence[Said], gone: Iterable[int]) -> list[int]:
    known = set(gone)
    return [index for index in range(len(said)) if index not in known]


def _grams(text: str) -> set[str]:
    """Return the trigrams, each with how many like it came before: sets are compared many times faster than bags."""
    padded, seen = f" {' '.join(text[:_LONGEST].casefold().split())} ", Counter[str]()
    grams = set()
    for at in range(len(padded) - 2):
        gram = padded[at : at + 3]
        grams.add(f"{gram}{seen[gram]}")
        seen[gram] += 1
    return grams


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)
