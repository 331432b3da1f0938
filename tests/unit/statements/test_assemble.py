import pytest

from worker.core.records import Block, Span
from worker.statements import engine_for, extract
from worker.statements.assemble import statements
from worker.statements.attribution import Attribution
from worker.statements.document import Document

RULES = engine_for("en", "rules")


def only(text, **options):
    (statement,) = extract(text, engine=RULES, **options)
    return statement


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“The bridge is closed,” Orla Finch said.", "direct"),
        ("Orla Finch said that the bridge was “a danger to all.”", "mixed"),
        ("Orla Finch said that the bridge was closed.", "indirect"),
    ],
)
def test_the_kind_follows_from_the_quotation_marks(text, kind):
    assert only(text).kind == kind


def test_segments_tell_the_quoted_part():
    text = "Orla Finch said that the bridge was “a danger to all.”"

    segments = only(text).segments

    assert [(text[s.start : s.end], s.quoted) for s in segments] == [
        ("the bridge was ", False),
        ("“a danger to all.”", True),
    ]


def test_the_sentence_says_to_whom_when_and_where():
    text = "“The bridge is closed,” Orla Finch told reporters in Port Ellery on Friday."

    statement = only(text)

    assert statement.addressee.of(text) == "reporters"
    assert statement.said_when.of(text) == "on Friday"
    assert statement.said_where.of(text) == "Port Ellery"


@pytest.mark.parametrize(
    ("text", "via"),
    [
        ("“The bridge is closed,” Orla Finch said in a statement.", "in a statement"),
        ("“The bridge is closed,” Orla Finch told Reuters.", "Reuters"),
        ("“The bridge is closed for good,” Orla Finch wrote on X.", "on X"),
    ],
)
def test_the_sentence_says_through_what(text, via):
    assert only(text).via.of(text) == via


def test_a_negated_cue_is_said_so():
    assert only("Orla Finch did not say that the bridge was closed.").negated


def test_a_line_without_a_full_stop_is_a_heading():
    text = "Finch says bridge will open\n\nOrla Finch said that the bridge would open."

    first, second = extract(text, engine=RULES)

    assert (first.in_heading, second.in_heading) == (True, False)
    assert (first.paragraph, second.paragraph) == (0, 1)


def test_marked_headings_win_over_the_look_of_a_line():
    text = "Finch says bridge will open\n\nOrla Finch said that the bridge would open."

    found = extract(text, engine=RULES, blocks=[Block("heading", 29, 80)])

    assert [statement.in_heading for statement in found] == [False, True]


def test_speech_within_speech_is_nested():
    text = "Orla Finch said that Pete Moss denied that the bridge was closed."
    outer = Attribution((Span(21, 64),), (Span(11, 15),), (Span(0, 10),))
    inner = Attribution((Span(43, 64),), (Span(31, 37),), (Span(21, 30),))

    found = statements(Document(text), [outer, inner])

    assert [statement.nested_in for statement in found] == [None, 0]


def test_stance_and_class_come_from_the_cue():
    cue = only("Orla Finch denied that the bridge was closed.").cue

    assert (cue.lemma, cue.cue_class, cue.stance) == ("deny", "speech", "denies")


def test_an_unknown_engine_is_a_clear_error():
    with pytest.raises(LookupError, match="rules"):
        engine_for("en", "no such engine")
