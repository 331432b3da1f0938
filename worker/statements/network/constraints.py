"""What the form of a text decides beside the network's scores."""

from __future__ import annotations

import re

import numpy as np

from worker.statements.labels import speaker_label
from worker.statements.network.decode import CLASSES, TAGS, Floats, log_softmax
from worker.statements.network.insertions import ends_sentence, insertions
from worker.statements.network.words import WordTable, paragraphs, quotations_in

_SURE = 8.0  # added to a logit, it decides the tag
_MOSTLY = 0.5
_GOES_ON = np.array((-2 * _SURE, 2 * _SURE), np.float32)  # added to the logits of content that begins and that goes on
_BEGIN_CONTENT, _CONTENT, _BEGIN_CUE, _CUE, _BEGIN_SOURCE, _SOURCE = range(1, len(TAGS))
_TORN = 20  # words
_LONGEST = 100  # words
_SOME = 0.1  # of content, in a phrase behind a torn one: in gold, seven of ten such contents go on to the end
_PHRASE_ENDS = frozenset(",—–")
_SIGNATURE = re.compile(
    r"\s{0,2}(?P<dash>[―—–]|--?)[ ]?(?P<name>[^\W\d_a-z][\w.’'\-]+(?: [^\W\d_a-z][\w.’'\-]*){1,4})(?= ?(?:,|\n|\Z))"
)


def keep_quotations_whole(words: WordTable, tags: Floats, offset: int) -> None:
    """Decide in `tags` that a quotation which is mostly content is all content, in one run.

    A paragraph that opens a quotation and never closes it may be a transcript ("“VANCE: We ..."):
    where the network sees a cue or a source in it, the network is believed.
    """
    starts = words.start[offset : offset + len(tags)]
    near = quotations_in(words, slice(offset, offset + len(tags)))
    if not near:
        return
    chances = np.exp(log_softmax(tags))
    content = np.concatenate(([0.0], np.cumsum(chances[:, _BEGIN_CONTENT] + chances[:, _CONTENT], dtype=np.float64)))
    bounds = np.searchsorted(starts, [(q.start, q.end) for q in near]).tolist()
    for quotation, (first, last) in zip(near, bounds, strict=True):
        if content[last] - content[first] <= _MOSTLY * (last - first):
            continue
        if not quotation.closed and chances[first:last, 3:].sum(1).max() > _MOSTLY:
            continue
        tags[first, _BEGIN_CONTENT : _CONTENT + 1] += 2 * _SURE
        _go_on(tags, first + 1, last)


def keep_insertions_whole(words: WordTable, tags: Floats, offset: int) -> None:
    """Decide in `tags` that ", which Kestria praises," within a content is content, and so is what it leads to.

    Without its verb after the insertion, the content would say nothing; the cue in it frames nothing.
    """
    found = list(insertions(words, slice(offset, offset + len(tags))))
    if not found:
        return
    chances = np.exp(log_softmax(tags))
    content = chances[:, 1:3].sum(1)
    for insertion in found:
        first, last, after = (at - offset for at in (insertion.first, insertion.last, insertion.after))
        if content[first - 1] <= _MOSTLY:
            continue
        is_sure = insertion.is_relative or chances[first:last, _BEGIN_CUE:].sum(1).max() <= _MOSTLY
        if is_sure and content[after] > _MOSTLY:
            _go_on(tags, first, after + 1)
        elif insertion.before_verb and content[first:last].mean() > _MOSTLY:
            _go_on(tags, first, _mended(words, offset, chances, after))


def believe_labels(words: WordTable, scores: Floats, offset: int) -> None:
    """Decide in `scores` that a line under a label ("VANCE: We go.") is the speech of the one named."""
    for first, end in paragraphs(words, slice(offset, offset + len(scores))):
        if words.forms[first] == "\n":
            first += 1  # noqa: PLW2901
        elif offset:
            continue  # the rest of a line that was cut
        if end - first > 2 and ":" in words.forms[first + 1 : min(end, first + 8)]:
            _believe_label(words, scores[first - offset : end - offset], first)


def believe_signatures(words: WordTable, tags: Floats, offset: int) -> None:
    """Decide in `tags` that a name after a dash has said the quotation that fills the line before it."""
    starts, ends = (places[offset : offset + len(tags)] for places in (words.start, words.end))
    for quotation in quotations_in(words, slice(offset, offset + len(tags))):
        signed = _SIGNATURE.match(words.text, quotation.end)
        if signed is None or words.text[quotation.start - 1 : quotation.start] not in ("", "\n"):
            continue
        if quotation.start < starts[0] or signed.end("name") > ends[-1]:
            continue
        bounds = (quotation.start, quotation.end, *signed.span("dash"), *signed.span("name"))
        first, last, dash, after, name, end = np.searchsorted(starts, bounds)
        tags[first:end] = -_SURE
        tags[first:last, _CONTENT] = tags[dash:after, _CUE] = tags[name:end, _SOURCE] = _SURE
        tags[first, _BEGIN_CONTENT] = tags[dash : dash + 1, _BEGIN_CUE] = 2 * _SURE
        tags[name : name + 1, _BEGIN_SOURCE] = 2 * _SURE


def _mended(words: WordTable, offset: int, chances: Floats, after: int) -> int:
    """Return up to where a content goes on that the network tears at the word `after`, after an insertion.

    That is to where the network finds it again, and through the phrases behind that to which it gives some chance.
    """
    furthest = min(after + _LONGEST, len(chances))
    stop = next((at for at in range(after, furthest) if ends_sentence(words, offset + at)), furthest)
    content, frame = chances[:stop, 1:3].sum(1), chances[:stop, _BEGIN_CUE:].sum(1)
    again = next((at for at in range(after + 1, min(after + _TORN, stop)) if content[at] > _MOSTLY), None)
    if again is None or chances[after:again, _BEGIN_SOURCE:].sum(1).max() > _MOSTLY:
        return after + 1
    end = again + 1
    marks = [at for at in range(end, stop) if words.forms[offset + at] in _PHRASE_ENDS]
    for mark in (*marks, stop):
        if mark > end and (content[end:mark].mean() < _SOME or frame[end:mark].max() > _MOSTLY):
            break
        end = mark
    return end


def _go_on(tags: Floats, first: int, last: int) -> None:
    """Decide that the content which began before words first..last-1 goes on through them."""
    tags[first:last, _BEGIN_CONTENT : _CONTENT + 1] += _GOES_ON


def _believe_label(words: WordTable, scores: Floats, offset: int) -> None:
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
