"""What the form of a sentence corrects in what the linker chose: who speaks, and what is said."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from worker.statements.network.decode import RoleSpan
from worker.statements.network.lexicon import LEXICON
from worker.statements.network.words import WordTable, line_of
from worker.statements.sentences import MAX_HEADLINE

_LINKS = LEXICON.words("content link")
_COORDINATES = LEXICON.words("cue coordinate")
_RAISING = LEXICON.words("raising")
Part = tuple[RoleSpan, float]  # a content, and the probability of its link to the cue

_PHRASE = 5  # words before "that" among which the noun is looked for
_PROSE_ENDS = frozenset('.?!…:;”"’')


def past_noun(words: WordTable, cue: RoleSpan, contents: list[RoleSpan]) -> tuple[RoleSpan, list[RoleSpan]]:
    """Return cue and contents so that "repeated | his old claim that it rains" says that it rains: the claim is cue."""
    first = contents[0]
    if first.first == cue.last:
        for at in range(first.first, min(first.first + _PHRASE, first.last - 2)):
            if words.forms[at + 1] == "that" and words.forms[at].lower() in _nouns():
                return cue._replace(last=at + 1), [first._replace(first=at + 1), *contents[1:]]
    return cue, contents


def past_subject(words: WordTable, cue: RoleSpan, contents: Sequence[Part]) -> tuple[RoleSpan | None, list[Part]]:
    """Return the source and the contents of "Those who met | pledged | to go": who met is no content, but the source.

    In gold nothing else stands before such a cue, unless the content itself is its subject, as of "seemed to",
    "is expected to" and "known to". The source is None where the contents stay as they are.
    """
    subject = next((part for part, _ in contents if part.last == cue.first), None)
    rest = [(part, chance) for part, chance in contents if part.first >= cue.last]
    follows = any(part.first == cue.last and words.forms[part.first] in _LINKS for part, _ in rest)
    if subject is None or not follows or not _has_subject(words.forms[cue.first - 1 : cue.last]):
        return None, list(contents)
    return subject._replace(role="S", score=1.0), rest


def _has_subject(forms: Sequence[str]) -> bool:
    """Say whether a cue's verb, with the word before it, is one that has a subject of its own."""
    coordinated = forms[0] == "," or forms[0] in _COORDINATES
    return not coordinated and not forms[1].endswith("ing") and _RAISING.isdisjoint(forms)


def opening_source(words: WordTable, cue: RoleSpan, content: RoleSpan, sources: Sequence[RoleSpan]) -> RoleSpan | None:
    """Return who "Kestria rejects the plan of its neighbours, says ..." is about: in a headline, not the neighbours.

    None where the cue is not that of a headline, follows no comma, or does not frame the `content` after it.
    """
    if cue.first == 0 or words.forms[cue.first - 1] != "," or content.first != cue.last:
        return None
    start, stop = line_of(words, cue.first, cue.first, slice(0, len(words.forms)))
    if words.end[stop - 1] - words.start[start] > MAX_HEADLINE or words.forms[stop - 1] in _PROSE_ENDS:
        return None
    at = bisect_left(sources, start, key=lambda run: run.first)
    found = [run for run in sources[at : at + 1] if run.first == start and run.last < cue.first]
    return found[0] if found else None


@cache
def _nouns() -> frozenset[str]:
    """Return the nouns that may carry a that-clause."""
    entries = (entry for several in LEXICON.cues.values() for entry in several)
    return frozenset(entry.words[0] for entry in entries if "noun" in entry.senses and len(entry.words) == 1)
