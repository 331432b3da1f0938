from __future__ import annotations

import pytest

from worker.statements.decode import Run
from worker.statements.settle import past_noun
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
