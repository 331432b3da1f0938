from __future__ import annotations

from worker.statements.document import Document
from worker.statements.network.words import packed, paragraphs, read

TEXT = "One line here.\nA second line here.\nAnd then a third.\nThe fourth is last."


def test_paragraphs_that_are_apart_are_not_packed_together():
    assert list(packed([(0, 4), (4, 6), (9, 12)], 10)) == [slice(0, 6), slice(9, 12)]


def test_a_long_paragraph_is_cut():
    assert list(packed([(0, 3), (3, 28)], 10)) == [slice(0, 3), slice(3, 13), slice(13, 23), slice(23, 28)]


def test_paragraphs_cover_the_run_and_begin_with_their_break():
    text = read(Document(TEXT))
    bounds = list(paragraphs(text, slice(0, len(text.forms))))

    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(text.forms)
    assert all(text.forms[first] == "\n" for first, _ in bounds[1:])
