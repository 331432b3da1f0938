"""Where a content may end: not between a word and the one it needs ("she wants the | bridge"), nor within a word."""

from __future__ import annotations

from collections.abc import Sequence

from worker.statements.network.decode import RoleSpan
from worker.statements.network.lexicon import LEXICON
from worker.statements.network.words import OUTSIDE, WordTable

_UNFINISHED = LEXICON.words("unfinished")
_MARKS = frozenset(',.;:?!—–―()[]“”"„«»`\n')
_FURTHEST = 40  # words


def finished(words: WordTable, runs: Sequence[RoleSpan], stop: int) -> list[RoleSpan]:
    """Return the runs, in text order, with each content that ends too early continued to the next mark, run, or `stop`.

    A content that touches the unfinished one before it becomes a part of it.
    """
    found: list[RoleSpan] = []
    for at, run in enumerate(runs):
        limit = runs[at + 1].first if at + 1 < len(runs) else stop
        if found and run.role == "C" and _goes_on(words, found[-1], run.first):
            found[-1] = found[-1]._replace(last=run.last)
        else:
            found.append(run)
        if run.last < limit and _goes_on(words, run, run.last):
            found[-1] = found[-1]._replace(last=_end(words, run.last, limit))
    return found


def _goes_on(words: WordTable, run: RoleSpan, at: int) -> bool:
    """Say whether `run` is a content that ends before the word `at` and needs it."""
    return run.role == "C" and run.last == at and _is_unfinished(words, at)


def _is_unfinished(words: WordTable, last: int) -> bool:
    """Say whether the words before `last` need the one that stands there.

    Of gold contents, two in a thousand end between an "unfinished" word and another; of those found, one in thirty.
    """
    if words.quote[last] != OUTSIDE or words.quote[last - 1] != OUTSIDE:
        return False
    if "-" in words.forms[last - 1 : last + 1]:
        hyphen = words.forms.index("-", last - 1)
        return _touch(words, hyphen) and _touch(words, hyphen + 1)
    return words.forms[last] not in _MARKS and words.forms[last - 1].lower() in _UNFINISHED


def _touch(words: WordTable, at: int) -> bool:
    return at < len(words.forms) and bool(words.start[at] == words.end[at - 1])


def _end(words: WordTable, first: int, limit: int) -> int:
    """Return the first mark from `first` on that has a space behind it, at most `limit`."""
    for at in range(first, min(limit, first + _FURTHEST)):
        if words.forms[at] in _MARKS and not _touch(words, at + 1):
            return at
    return min(limit, first + _FURTHEST)
