from __future__ import annotations

import pytest

from worker.statements.document import Document
from worker.statements.network.insertions import insertions
from worker.statements.network.words import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the pier , which Ann praises , is safe", [", which Ann praises , is"]),
        ("the pier — old as it is — is safe", ["— old as it is — is"]),
        ("the pier -- old as it is -- is safe", ["-- old as it is -- is"]),
        ("the pier – old as it is – is safe – so far", ["– old as it is – is"]),
        ("the pier, built in U.S. yards, is safe", []),
        ("the pier, like those in U.S. yards, is safe", [", like those in U.S. yards, is"]),
        ("the pier, costing 2.5 million, is safe", [", costing 2.5 million, is"]),
        ("the pier , the bridge , and the lake", []),
        ("the well-known, low-cost pier", []),
        ("open 10–12 and 14–16 daily", []),
        ("the pier, which is old. The bridge, so they say, is new", []),
        ("the pier — old — ", []),
        ("the pier, which " + "is old and " * 20 + ", is safe", []),
    ],
)
def test_insertions_have_two_marks_and_words_on_both_sides(text, expected):
    words = read(Document(text))

    found = list(insertions(words, slice(0, len(words.forms))))

    assert [text[words.start[i.first] : words.end[i.after]] for i in found] == expected


def test_an_insertion_knows_whether_it_is_relative_and_whether_a_verb_follows():
    words = read(Document("the pier, which Ann praises, still stands — some of it — by the lake"))

    relative, dashes = insertions(words, slice(0, len(words.forms)))

    assert (relative.is_relative, relative.before_verb) == (True, True)
    assert (dashes.is_relative, dashes.before_verb) == (False, False)


def test_a_run_of_words_has_its_own_insertions_only():
    words = read(Document("the pier, which Ann praises, still stands"))

    assert not list(insertions(words, slice(0, 7)))
    assert not list(insertions(words, slice(2, len(words.forms))))
