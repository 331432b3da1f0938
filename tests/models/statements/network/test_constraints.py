from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from worker.statements.document import Document
from worker.statements.network import decode
from worker.statements.network.constraints import believe_signatures, keep_insertions_whole
from worker.statements.network.decode import TAGS
from worker.statements.network.words import read


def said(words, run):
    return " ".join(words.forms[run.first : run.last])


def tagged(text, outside):
    """Return the words of a text, and scores by which all but the words `outside` are content, if faintly."""
    words = read(Document(text))
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
        ("the pier , which Ann still praises , is safe", ("which", "Ann", "still", "praises", "is"), False),
        ("that the pier , so Ann says , is safe", ("so", "Ann", "says"), False),
        ("that the pier — say what you like — is safe", ("is",), True),
        ("that the pier — say what you like — is safe", ("say", "what", "you", "like", "is"), False),
        ("that the pier — say what you like — by the lake", ("by",), False),
        ("that the pier — say what you like — is safe", ("what", "like"), True),
        ("that the pier , like the bridge , is safe", ("is",), True),
        ("that the pier , like the bridge , already has cracks", ("already", "has"), True),
    ],
)
def test_content_goes_on_through_a_relative_clause_that_is_put_in(text, outside, is_whole):
    words, scores = tagged(text, outside)

    keep_insertions_whole(words, scores, 0)

    assert (decode.runs(scores)[0].last == len(words.forms)) == is_whole


def test_a_window_that_begins_later_is_settled_by_its_own_words():
    words, scores = tagged("He spoke . that the pier , which Ann still praises , is safe", ("which", "Ann", "praises"))
    offset = words.forms.index("that")
    window = scores[offset:].copy()
    window[0, TAGS.index("B-C")] = 4.0

    keep_insertions_whole(words, window, offset)

    assert [(run.first, run.last) for run in decode.runs(window)] == [(0, len(window))]


def test_a_torn_content_goes_on_through_the_phrases_that_have_some_chance():
    text = "that the pier — old as it is — would stand another winter , in return for new paint ."
    words, scores = tagged(text, ("would", "stand", "."))
    faint = slice(words.forms.index("return") - 2, len(words.forms) - 1)
    scores[faint, 0] = 3.5

    keep_insertions_whole(words, scores, 0)

    (content,) = decode.runs(scores)
    assert said(words, content) == text.removesuffix(" .")


def test_a_torn_content_ends_before_a_phrase_that_has_a_cue():
    words, scores = tagged("the pier — old as it is — would stand another winter , she added .", ("would", "she", "."))
    scores[words.forms.index("added"), TAGS.index("B-Q")] = 9.0

    keep_insertions_whole(words, scores, 0)

    assert said(words, decode.runs(scores)[0]) == "the pier — old as it is — would stand another winter ,"


class Watched(np.ndarray):
    """Remembers how many numbers were searched at a time."""

    searched = 0

    def searchsorted(self, *args, **kwargs):
        Watched.searched = max(Watched.searched, self.size)
        return super().searchsorted(*args, **kwargs)


def test_a_signature_is_looked_for_in_the_words_that_were_scored():
    words = read(Document("“We go now and never.” — Ann Marsh\n" * 40))
    tags = np.zeros((len(words.forms) // 4, len(TAGS)), np.float32)

    believe_signatures(replace(words, start=words.start.view(Watched)), tags, len(tags))

    assert 0 < Watched.searched <= len(tags)
    assert tags.any()
