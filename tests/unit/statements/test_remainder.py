from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.document import Document
from worker.statements.remainder import with_remainder

ALONE = (
    "Ilsa Varn has sold bread in the square since the flood of the year before last.\n\n"
    "“We never thought of leaving, not for one single day of it.”\n\n"
    "The baker closes at noon."
)


def spans(text, *parts):
    return tuple(Span(text.index(part), text.index(part) + len(part)) for part in parts)


def contents(text, *found):
    return [[span.of(text) for span in a.content] for a in with_remainder(Document(text), found)]


def test_a_long_quotation_in_a_paragraph_of_its_own_is_a_statement():
    (found,) = with_remainder(Document(ALONE), [])

    assert found.content == spans(ALONE, "“We never thought of leaving, not for one single day of it.”")
    assert not found.cue
    assert 0.48 < found.confidence < 0.9


def test_a_title_and_a_word_in_doubt_are_none():
    assert contents("“The Last Baker of the Square”\n\nThe “experts” left at noon, and nobody saw them go.") == []


def test_what_was_found_is_not_found_again():
    inner = "We never thought of leaving, not for one single day of it."
    known = Attribution(spans(ALONE, inner), source=spans(ALONE, "Ilsa Varn"))

    assert with_remainder(Document(ALONE), [known]) == [known]


def test_a_quotation_beside_one_that_was_found_is_a_part_of_it():
    text = "“We go,” Ann Marsh said. “There is nothing left for any of us in this valley.”"
    known = Attribution(spans(text, "“We go,”"), spans(text, "said"), spans(text, "Ann Marsh"), confidence=0.9)

    (found,) = with_remainder(Document(text), [known])

    assert [span.of(text) for span in found.content] == [
        "“We go,”",
        "“There is nothing left for any of us in this valley.”",
    ]
    assert (found.cue, found.source, found.confidence) == (known.cue, known.source, known.confidence)


def test_the_sentence_after_it_names_who_said_it():
    text = "“There is nothing left for any of us in this valley.” Ann Marsh said."
    named = [a.source[0].of(text) for a in with_remainder(Document(text), []) if a.source]

    assert named == ["Ann Marsh"]
