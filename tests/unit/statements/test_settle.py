from __future__ import annotations

import numpy as np
import pytest

from worker.statements import decode
from worker.statements.decode import TAGS, Run
from worker.statements.settle import keep_insertions_whole, past_noun
from worker.statements.words import read


def runs(text, cue, content):
    """Return the words of a text, and the runs of its words that are the cue and the content."""
    words = read(text)
    found = []
    for role, part in (("Q", cue), ("C", content)):
        size = len(read(part).forms)
        first = next(i for i in range(len(words.forms)) if words.forms[i : i + size] == read(part).forms)
        found.append(Run(role, first, first + size, 0.9))
    return words, *found


def said(words, run):
    return " ".join(words.forms[run.first : run.last])


@pytest.mark.parametrize(
    ("cue", "content", "expected_cue", "expected"),
    [
        ("repeated", "her old claim that the pier is safe", "repeated her old claim", "that the pier is safe"),
        ("said", "that the pier is safe", "said", "that the pier is safe"),
        ("said", "the pier that they built is safe", "said", "the pier that they built is safe"),
        ("heard", "claim that", "heard", "claim that"),
    ],
)
def test_a_noun_between_cue_and_clause_is_part_of_the_cue(cue, content, expected_cue, expected):
    words, cue_run, content_run = runs(f"Ann Marsh {cue} {content} .", cue, content)

    moved, (rest,) = past_noun(words, cue_run, [content_run])

    assert (said(words, moved), said(words, rest)) == (expected_cue, expected)


def test_a_noun_that_does_not_follow_the_cue_stays():
    words, cue, content = runs("Her claim that it rains was loud , Ann Marsh said .", "said", "Her claim that it rains")

    assert past_noun(words, cue, [content]) == (cue, [content])


def tagged(text, outside):
    """Return the words of a text, and scores by which all but the words `outside` are content, if faintly."""
    words = read(text)
    scores = np.zeros((len(words.forms), len(TAGS)), np.float32)
    scores[:, TAGS.index("I-C")] = 2.0
    scores[0, TAGS.index("B-C")] = 4.0
    for at, form in enumerate(words.forms):
        if form in outside:
            scores[at] = 0
            scores[at, 0] = 4.0
    return words, scores


@pytest.mark.parametrize(
    ("text", "outside", "is_whole"),
    [
        ("that the pier , which Ann still praises , is safe", ("which", "Ann", "praises"), True),
        ("that the pier , which Ann still praises . It is safe", ("which", "Ann", "praises", "."), False),
        ("the pier , which Ann still praises , is safe", ("which", "is", "safe"), False),
        ("that the pier , so Ann says , is safe", ("so", "Ann", "says"), False),
    ],
)
def test_content_goes_on_through_a_relative_clause_that_is_put_in(text, outside, is_whole):
    words, scores = tagged(text, outside)

    keep_insertions_whole(words, scores, 0)

    (*_, last) = decode.runs(scores)
    assert (last.first == 0) == is_whole


def test_a_window_that_begins_later_is_settled_by_its_own_words():
    words, scores = tagged("He spoke . that the pier , which Ann still praises , is safe", ("which", "Ann", "praises"))
    offset = words.forms.index("that")
    window = scores[offset:].copy()
    window[0, TAGS.index("B-C")] = 4.0

    keep_insertions_whole(words, window, offset)

    assert [(run.first, run.last) for run in decode.runs(window)] == [(0, len(window))]
