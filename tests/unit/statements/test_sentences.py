import pytest

from worker.core.records import Span
from worker.statements.quotes import quotations
from worker.statements.sentences import LONGEST, paragraphs, sentences


def split(text):
    (place,) = paragraphs(text)
    inside = [Span(q.start, q.end) for q in quotations(text, paragraphs(text))]
    return [sentence.of(text) for sentence in sentences(text, place, inside)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Vance left. J. R. Moss stayed.", 2),
        ("He met the Mr . Then he left.", 2),
        ("The U.S. economy grew by 3.5 percent. It may slow.", 2),
        ("“Really?” she asked. “No!” he said.", 2),
        ("“One. Two. Three,” she said. He left.", 2),
        ("Herr Dr. Voss kam um ca. 9 Uhr. Er ging.", 2),
        ("M. Vidal est venu. Il est parti.", 2),
        ("« Non. » Il est parti.", 2),
        ("Он жил на ул. Садовой. Потом уехал.", 2),
        ("Wait... and see. Then go.", 2),
        ("これは文です。次の文です。", 2),
        ("no end at all", 1),
    ],
)
def test_sentences_end_where_readers_would_end_them(text, count):
    assert len(split(text)) == count


def test_paragraphs_are_the_lines_that_are_not_blank():
    text = "One.\n\n  \nTwo.\r\nThree.\u2029Four."

    assert [place.of(text) for place in paragraphs(text)] == ["One.", "Two.", "Three.", "Four."]


def test_an_endless_sentence_is_cut():
    assert all(len(sentence) <= LONGEST for sentence in split("word " * 2_000))


def test_a_long_quotation_is_not_cut():
    text = "Then “" + "word " * 2_000 + "end” he said."

    assert any(sentence.count("word") == 2_000 for sentence in split(text))
