"""What is put into a clause: ", which Kestria references," and "— whatever the weather —"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worker.statements.network.lexicon import LEXICON
from worker.statements.network.words import WordTable

_RELATIVES = LEXICON.words("inserted relative")
_VERBS = LEXICON.words("verb after insertion")
_OPENINGS = LEXICON.words("insertion opening")
_MARKS = frozenset(",—–―-")
_PARTS = frozenset(':“”"')
_ENDS = frozenset(".;?!\n")
_LONGEST = 25  # words


@dataclass(frozen=True, slots=True)
class Insertion:
    """An insertion between two marks, words `first` and `last`; `after` is the word behind it."""

    first: int
    last: int
    after: int
    is_relative: bool
    before_verb: bool


def insertions(words: WordTable, run: slice) -> Iterator[Insertion]:
    """Yield the short insertions of a run of words, in order, that have words of it on both sides."""
    forms, at = words.forms, run.start + 1
    for first in [at for at in range(run.start, run.stop) if forms[at] in _MARKS]:
        inner = _behind(words, first) if first >= at else 0
        if not inner or inner >= run.stop or not _opens(forms[first], forms[inner]):
            continue
        last = _closing(words, forms[first], inner, run.stop)
        after = _behind(words, last) if last else 0
        if last and after < run.stop:
            yield Insertion(first, last, after, forms[inner] in _RELATIVES, forms[after] in _VERBS)
        at = after if after and forms[first] != "," else inner


def _opens(mark: str, inner: str) -> bool:
    return mark != "," or inner in _OPENINGS or inner.endswith("ing")


def _closing(words: WordTable, mark: str, inner: int, stop: int) -> int:
    """Return the next `mark` after the word `inner`, 0 where the clause ends before or goes on for long."""
    for at in range(inner + 1, min(inner + _LONGEST, stop)):
        form = words.forms[at]
        if form in _PARTS or ends_sentence(words, at) or (form in _MARKS and _behind(words, at)):
            return at if form == mark else 0
    return 0


def ends_sentence(words: WordTable, at: int) -> bool:
    """Say whether the word at `at` ends a sentence or the like: not the full stops of "U.S. troops" and of "2.5"."""
    form, after = words.forms[at], at + 1
    if form != "." or after >= len(words.forms):
        return form in _ENDS
    return not (words.forms[after].islower() or _touches(words, after))


def _touches(words: WordTable, at: int) -> bool:
    return bool(words.start[at] == words.end[at - 1]) and words.forms[at].isalnum()


def _behind(words: WordTable, mark: int) -> int:
    """Return the word behind the comma or dash at `mark`, 0 where it is a hyphen or stands in a number."""
    form, after = words.forms[mark], mark + 1
    if form == "-" and words.forms[after : after + 1] == ["-"]:
        return after + 1
    free = after >= len(words.forms) or words.start[after] > words.end[mark]
    return after if free or form in "—―" else 0
