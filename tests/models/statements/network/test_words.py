"""WordTable, their places, their quote states, and where sentences and lines end."""

from hypothesis import given
from hypothesis import strategies as st

from worker.statements.document import Document
from worker.statements.network.words import CLOSES, INSIDE, OPENS, OUTSIDE, read


@given(st.text("aÉ .?,’'“”`-\n\r\t\u00a0\u2028\x0b"))
def test_words_stand_where_they_say_and_nothing_but_space_is_left_out(text):
    words = read(Document(text))

    pieces = [text[start:end] for start, end in zip(words.start, words.end, strict=True)]
    assert ["\n" if piece[0] == "\n" else piece for piece in pieces] == words.forms
    assert "".join(words.forms).replace("\n", "") == "".join(text.split())
    assert all(before <= after for before, after in zip(words.end, words.start[1:], strict=False))


def test_blank_lines_are_one_break():
    words = read(Document("  Kelp grew.\n \n\n\tIt held.\n"))

    assert words.forms == ["Kelp", "grew", ".", "\n", "It", "held", ".", "\n"]
    assert words.breaks == [3, 7]


def test_sentences_end_outside_of_quotations():
    words = read(Document("Will it hold? “No. Never!” she said. Go! 2.5, then"))

    ends = [words.forms[at - 1] for at in words.sentence_ends]
    assert ends == ["hold", "said", "Go", "2"]


def test_words_know_how_they_stand_to_the_quotation_around_them():
    words = read(Document("He said “it ’s fine” again."))

    states = dict(zip(words.forms, words.quote.tolist(), strict=True))
    assert (states["said"], states["“"], states["fine"], states["”"]) == (OUTSIDE, OPENS, INSIDE, CLOSES)
    assert states["again"] == OUTSIDE


def test_a_long_run_of_letters_is_cut():
    assert [len(form) for form in read(Document("a" * 90)).forms] == [40, 40, 10]
