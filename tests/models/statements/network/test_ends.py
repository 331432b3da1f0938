from __future__ import annotations

import pytest

from worker.statements.document import Document
from worker.statements.network.decode import RoleSpan
from worker.statements.network.ends import finished
from worker.statements.network.words import read


def runs_of(text):
    """Return words, and a run for each part in brackets: "[C that it rains]" is a content."""
    plain, marks = "", []
    for piece in text.split("["):
        inside, closed, rest = piece.rpartition("]")
        if closed:
            marks.append((inside[0], len(plain), len(plain) + len(inside[2:])))
            plain += inside[2:] + rest
        else:
            plain += piece
    words = read(Document(plain))
    found = []
    for role, start, end in marks:
        inner = [at for at in range(len(words.forms)) if start <= words.start[at] and words.end[at] <= end]
        found.append(RoleSpan(role, inner[0], inner[-1] + 1, 0.9))
    return words, found


def said(words, run):
    return words.text[words.start[run.first] : words.end[run.last - 1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said [C that they want the] new bridge, and left.", "that they want the new bridge"),
        ("He said [C it will cost 2] million.", "it will cost 2"),
        ("He said [C that it costs more than] 2.5 million, all told.", "that it costs more than 2.5 million"),
        ("They ask for [C a low]-cost bridge.", "a low-cost bridge"),
        ("They ask for [C a bridge - low] - cost.", "a bridge - low"),
        ("He said [C the pier is one they could depend on].", "the pier is one they could depend on"),
        ("He said [C that they want the]\nNew bridge", "that they want the"),
        ('He said [C that they want a] "new" bridge.', "that they want a"),
        ("[C They want the bridge and], [S he] [Q said].", "They want the bridge and"),
        ("[C They want the bridge, which] [S he] [Q said] is old.", "They want the bridge, which"),
    ],
)
def test_a_content_goes_on_to_the_next_mark_where_its_last_word_needs_another(text, expected):
    words, found = runs_of(text)

    content = next(run for run in finished(words, found, len(words.forms)) if run.role == "C")

    assert said(words, content) == expected


def test_a_content_goes_on_to_the_next_run_and_no_further():
    words, found = runs_of("He said [C that they want the] old pier which [S she] [Q calls] [C unsafe].")

    first, *rest = finished(words, found, len(words.forms))

    assert (said(words, first), rest) == ("that they want the old pier which", found[1:])


def test_contents_that_touch_are_one_where_the_first_could_not_end():
    words, found = runs_of("He said [C that they know about] [C the pier] [C this year].")

    first, last = finished(words, found, len(words.forms))

    assert (said(words, first), said(words, last)) == ("that they know about the pier", "this year")


def test_a_content_without_end_is_continued_by_a_bounded_number_of_words():
    words, found = runs_of("He said [C that they want the] " + "pier " * 500)

    (content,) = finished(words, found, len(words.forms))

    assert content.last - content.first < 50


def test_a_content_is_not_continued_into_words_that_are_read_apart():
    words, found = runs_of("He said [C that they want the] old pier by the lake.")

    (content,) = finished(words, found, found[0].last + 1)

    assert said(words, content) == "that they want the old"
