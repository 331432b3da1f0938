from __future__ import annotations

import numpy as np
import pytest

from worker.statements.decode import CLASSES, TAGS
from worker.statements.taggers import Cascade
from worker.statements.words import packed, paragraphs, read

TEXT = "One line here.\nA second line here.\nAnd then a third.\nThe fourth is last."


class Recorded:
    """A tagger that gives one tag to every word, as sure as told of each form, and notes what it read."""

    def __init__(self, tag: str, unsure: tuple[str, ...] = ()) -> None:
        self.tag, self.unsure, self.read = tag, unsure, []

    def scores(self, words, run):
        self.read.append(" ".join(words.forms[run]).strip())
        scores = np.zeros((run.stop - run.start, len(TAGS) + len(CLASSES)), np.float32)
        scores[:, TAGS.index(self.tag)] = [0 if form in self.unsure else 9 for form in words.forms[run]]
        return scores


@pytest.mark.parametrize(
    ("unsure", "read_again"),
    [
        ((), []),
        (("second",), ["A second line here ."]),
        (("second", "third"), ["A second line here . \n And then a third ."]),
    ],
)
def test_only_paragraphs_with_an_unsure_word_are_read_again(unsure, read_again):
    text, second = read(TEXT), Recorded("I-S")

    scores = Cascade(Recorded("O", unsure), second).scores(text, slice(0, len(text.forms)))

    again = {form for line in read_again for form in line.split()}
    assert second.read == read_again
    assert {text.forms[i] for i in np.flatnonzero(scores.argmax(1))} - {"\n"} == again


def test_a_run_from_the_middle_of_a_text_keeps_its_place():
    text = read(TEXT)
    third = text.forms.index("And")

    scores = Cascade(Recorded("O", ("fourth",)), Recorded("I-S")).scores(text, slice(third, len(text.forms)))

    assert [text.forms[third + i] for i in np.flatnonzero(scores.argmax(1))] == [
        "\n",
        "The",
        "fourth",
        "is",
        "last",
        ".",
    ]


def test_paragraphs_that_are_apart_are_not_packed_together():
    assert list(packed([(0, 4), (4, 6), (9, 12)], 10)) == [slice(0, 6), slice(9, 12)]


def test_a_long_paragraph_is_cut():
    assert list(packed([(0, 3), (3, 28)], 10)) == [slice(0, 3), slice(3, 13), slice(13, 23), slice(23, 28)]


def test_paragraphs_cover_the_run_and_begin_with_their_break():
    text = read(TEXT)
    bounds = list(paragraphs(text, slice(0, len(text.forms))))

    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(text.forms)
    assert all(text.forms[first] == "\n" for first, _ in bounds[1:])
