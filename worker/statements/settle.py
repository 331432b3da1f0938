"""What the form of a text settles beside the network's scores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np

from worker.statements.decode import CLASSES, TAGS, Floats, Run, log_softmax
from worker.statements.labels import speaker_label
from worker.statements.vocabulary import vocabulary
from worker.statements.words import Words, paragraphs, quotations_in

_SURE = 8.0  # added to a logit, it settles the tag
_MOSTLY = 0.5
_PHRASE = 5  # words before "that" among which the noun is looked for
_BEGIN_CONTENT, _CONTENT, _BEGIN_CUE, _CUE, _BEGIN_SOURCE, _SOURCE = range(1, len(TAGS))
_INSERTION = 12  # words, its commas counted
_RELATIVES = frozenset(("which", "who", "whom", "whose"))
_CLAUSE_ENDS = frozenset(',.;:?!—–"“”\n')
_SIGNATURE = re.compile(
    r"\s{0,2}(?P<dash>[―—–]|--?)[ ]?(?P<name>[^\W\d_a-z][\w.’'\-]+(?: [^\W\d_a-z][\w.’'\-]*){1,4})(?= ?(?:,|\n|\Z))"
)


def keep_quotations_whole(words: Words, tags: Floats, offset: int) -> None:
    """Settle in `tags` that a quotation which is mostly content is all content, in one run.

    A paragraph that opens a quotation and never closes it may be a transcript ("“VANCE: We ..."):
    where the network sees a cue or a source in it, the network is believed.
    """
    starts = words.start[offset : offset + len(tags)]
    near = quotations_in(words, slice(offset, offset + len(tags)))
    if not near:
        return
    chances = np.exp(log_softmax(tags))
    content = np.cumsum(np.append(0, chances[:, 1:3].sum(1)))
    bounds = np.searchsorted(starts, [(q.start, q.end) for q in near]).tolist()
    for quotation, (first, last) in zip(near, bounds, strict=True):
        if content[last] - content[first] <= _MOSTLY * (last - first):
            continue
        if not quotation.closed and chances[first:last, 3:].sum(1).max() > _MOSTLY:
            continue
        tags[first, [_BEGIN_CONTENT, _CONTENT]] += 2 * _SURE
        _go_on(tags, first + 1, last)


def keep_insertions_whole(words: Words, tags: Floats, offset: int) -> None:
    """Settle in `tags` that ", which Russia references," within a content is content, and so is what it leads to.

    Without its verb after the insertion, the content would say nothing; the cue in it frames nothing.
    """
    insertions = list(_insertions(words.forms[offset : offset + len(tags)]))
    if not insertions:
        return
    chances = np.exp(log_softmax(tags))[:, 1:3].sum(1)
    for first, last in insertions:
        if min(chances[first - 1], chances[last + 1]) > _MOSTLY:
            _go_on(tags, first, last + 2)


def believe_labels(words: Words, scores: Floats, offset: int) -> None:
    """Settle in `scores` that a line under a label ("VANCE: We go.") is the speech of the one named."""
    for first, end in paragraphs(words, slice(offset, offset + len(scores))):
        if words.forms[first] == "\n":
            first += 1  # noqa: PLW2901
        elif offset:
            continue  # the rest of a line that was cut
        if end - first > 2 and ":" in words.forms[first + 1 : min(end, first + 8)]:
            _believe_label(words, scores[first - offset : end - offset], first)


def believe_signatures(words: Words, tags: Floats, offset: int) -> None:
    """Settle in `tags` that a name after a dash has said the quotation that fills the line before it."""
    for quotation in quotations_in(words, slice(offset, offset + len(tags))):
        signed = _SIGNATURE.match(words.text, quotation.end)
        if signed is None or words.text[quotation.start - 1 : quotation.start] not in ("", "\n"):
            continue
        bounds = (quotation.start, quotation.end, *signed.span("dash"), *signed.span("name"))
        first, last, dash, after, name, end = np.searchsorted(words.start, bounds) - offset
        if first < 0 or end > len(tags):
            continue
        tags[first:end] = -_SURE
        tags[first:last, _CONTENT] = tags[dash:after, _CUE] = tags[name:end, _SOURCE] = _SURE
        tags[first, _BEGIN_CONTENT] = tags[dash : dash + 1, _BEGIN_CUE] = 2 * _SURE
        tags[name : name + 1, _BEGIN_SOURCE] = 2 * _SURE


def _insertions(forms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the two commas of every short ", which ... ," with words on both sides."""
    for first, (mark, form) in enumerate(pairwise(forms)):
        if first == 0 or form not in _RELATIVES or mark != ",":
            continue
        rest = range(first + 2, min(first + _INSERTION, len(forms) - 1))
        last = next((at for at in rest if forms[at] in _CLAUSE_ENDS), None)
        if last is not None and forms[last] == ",":
            yield first, last


def _go_on(tags: Floats, first: int, last: int) -> None:
    """Settle that the content which began before words first..last-1 goes on through them."""
    tags[first:last, _CONTENT] += 2 * _SURE
    tags[first:last, _BEGIN_CONTENT] -= 2 * _SURE


def _believe_label(words: Words, scores: Floats, offset: int) -> None:
    starts = words.start[offset : offset + len(scores)]
    label = speaker_label(words.text, int(starts[0]), int(words.end[offset + len(scores) - 1]))
    if label is None:
        return
    first, colon = np.searchsorted(starts, (label.start, label.end)).tolist()
    tags = scores[:, : len(TAGS)]
    tags[:] = -_SURE
    tags[:first, 0] = _SURE
    tags[first:colon, _SOURCE] = tags[colon, _BEGIN_CUE] = tags[colon + 1 :, _CONTENT] = _SURE
    tags[first, _BEGIN_SOURCE] = tags[colon + 1 : colon + 2, _BEGIN_CONTENT] = 2 * _SURE
    scores[colon, len(TAGS) + CLASSES.index("speech")] = 2 * _SURE


def past_noun(words: Words, cue: Run, contents: list[Run]) -> tuple[Run, list[Run]]:
    """Return cue and contents so that "repeated | his old claim that it rains" says that it rains: the claim is cue."""
    first = contents[0]
    if first.first == cue.last:
        for at in range(first.first, min(first.first + _PHRASE, first.last - 2)):
            if words.forms[at + 1] == "that" and words.forms[at].lower() in _nouns():
                return replace(cue, last=at + 1), [replace(first, first=at + 1), *contents[1:]]
    return cue, contents


@cache
def _nouns() -> frozenset[str]:
    """Return the nouns that may carry a that-clause."""
    entries = (entry for several in vocabulary("en").cues.values() for entry in several)
    return frozenset(entry.words[0] for entry in entries if "noun" in entry.senses and len(entry.words) == 1)
