import pytest

from worker.core.records import ContentSegment, Span, Statement
from worker.statements.display import source_of, words_of


def statement(text, *parts, source=()):
    segments = tuple(ContentSegment(text.index(part), text.index(part) + len(part), quoted=False) for part in parts)
    spans = tuple(Span(text.index(part), text.index(part) + len(part)) for part in source)
    return Statement("mixed", segments, Span(0, len(text)), 0, source=spans)


@pytest.mark.parametrize(
    ("text", "parts", "shown"),
    [
        ("Ann said the “late” tram left.", ("the ", "“late”", " tram left"), "the “late” tram left"),
        ("“We go,” she said. “Now.”", ("“We go,”", "“Now.”"), "“We go,” … “Now.”"),
        ("“We go.\n\n“We run.”", ("“We go.", "“We run.”"), "“We go. “We run.”"),
        ("Ann said it was\n late.", ("it was\n late",), "it was late"),
    ],
)
def test_an_ellipsis_stands_for_what_is_said_between_the_words(text, parts, shown):
    assert words_of(text, statement(text, *parts)) == shown


def test_the_source_is_named_in_the_words_of_the_text():
    text = "It is late, the owner of the\nharbour, said."

    assert source_of(text, statement(text, "It is late", source=("the owner of the\nharbour,",))) == (
        "the owner of the harbour"
    )
    assert source_of(text, statement(text, "It is late")) == ""
