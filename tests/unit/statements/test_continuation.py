import pytest

from worker.core.records import Span
from worker.statements import engine_for, extract
from worker.statements.attribution import Attribution
from worker.statements.continuation import carried_on
from worker.statements.quotes import quotations
from worker.statements.sentences import paragraphs

ENGINES = ("fast", "accurate", "rules")
SPEECH = (
    "“There is a way of doing business in this country,” Ilsa Varn said. “You ring people up. You sit down.\n\n"
    "“Nobody rang us. The first I heard of it was on the radio, between the weather and the football.\n\n"
    "“So the answer is no, and it will be no next week as well.”\n\nThe board meets in June."
)


@pytest.mark.parametrize("name", ENGINES)
def test_a_quotation_over_paragraphs_is_one_statement_of_its_speaker(name):
    (statement,) = extract(SPEECH, engine=engine_for("en", name))

    assert statement.speaker.name == "Ilsa Varn"
    assert [SPEECH[s.start : s.end][:8] for s in statement.segments] == ["“There i", "“You rin", "“Nobody ", "“So the "]
    assert all(segment.quoted for segment in statement.segments)


def spans(text, *parts):
    return tuple(Span(text.index(part), text.index(part) + len(part)) for part in parts)


def carried(text, *found):
    made = carried_on(quotations(text, paragraphs(text)), found)
    return [[span.of(text) for span in attribution.content] for attribution in made]


TWO = "Ann said: “We go.\n“We stay,” Ben said."


def test_a_paragraph_with_a_source_of_its_own_stays_apart():
    first = Attribution(spans(TWO, "“We go."), source=spans(TWO, "Ann"))
    second = Attribution(spans(TWO, "“We stay,”"), source=spans(TWO, "Ben"))

    assert carried(TWO, first, second) == [["“We go."], ["“We stay,”"]]


def test_what_was_quoted_before_the_speaker_is_named_is_the_speakers():
    text = "“We go.\n“We run.\n“We stay,” Ben said."
    first, second = (Attribution(spans(text, part)) for part in ("“We go.", "“We run."))
    third = Attribution(spans(text, "“We stay,”"), source=spans(text, "Ben"))

    assert carried(text, first, second, third) == [["“We go.", "“We run.", "“We stay,”"]]


def test_a_content_that_ends_before_its_unclosed_quotation_is_not_carried_on():
    text = "“We go, said Ann, who lives there.\n“We stay,” it read."

    assert carried(text, Attribution(spans(text, "“We go"), source=spans(text, "Ann"))) == [["“We go"]]


def test_what_nothing_holds_begins_no_statement():
    assert carried("“We go.\n“We stay.”") == []


def test_parts_that_are_held_by_one_attribution_already_are_not_doubled():
    text = "“One.\n“Two,” “three.\n“Four.”"
    first = Attribution(spans(text, "“One."), source=(Span(0, 1),))
    second, third = Attribution(spans(text, "“Two,”", "“three.")), Attribution(spans(text, "“Four.”"))

    assert carried(text, first, second, third) == [["“One.", "“Two,”", "“three.", "“Four.”"]]
