import pytest

from worker.statements import engine_for
from worker.statements.document import Document

RULES = engine_for("en", "rules")


def attributed(text):
    """Return (source, content...) of what the rules find."""
    return [
        (" ".join(s.of(text) for s in a.source), *(c.of(text) for c in a.content))
        for a in RULES.attributions(Document(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We go,” said Orla Finch.", ("Orla Finch", "“We go,”")),
        ("“We go,” Orla Finch said last week on CNN.", ("Orla Finch", "“We go,”")),
        ("“We go,” Orla Finch, the mayor, told reporters.", ("Orla Finch, the mayor", "“We go,”")),
        ("“We go,” Sen. Orla Finch (D-N.Y.) said Tuesday.", ("Sen. Orla Finch (D-N.Y.)", "“We go,”")),
        ("“Really?” Orla Finch asked.", ("Orla Finch", "“Really?”")),
        ("Orla Finch said: “We go.”", ("Orla Finch", "“We go.”")),
        ("Orla Finch told reporters, “We go.”", ("Orla Finch", "“We go.”")),
        ("''We go,'' Ms. Tully said.", ("Ms. Tully", "''We go,''")),
        ("Orla Finch said that the bridge had closed.", ("Orla Finch", "the bridge had closed")),
        ("The bridge had closed, Orla Finch said.", ("Orla Finch", "The bridge had closed")),
        ("The bridge had closed for good, said Orla Finch.", ("Orla Finch", "The bridge had closed for good")),
        ("According to police, the bridge had closed.", ("police", "the bridge had closed")),
        ("The bridge had closed, according to police.", ("police", "The bridge had closed")),
        ("Despite Finch’s claim that taxes fell, they rose.", ("Finch’s", "taxes fell")),
        ("VANCE: We go now. It is late.", ("VANCE", "We go now. It is late.")),
        ("Kremlin: Troops Are a Red Line", ("Kremlin", "Troops Are a Red Line")),
    ],
)
def test_one_pattern_one_statement(text, expected):
    assert attributed(text) == [expected]


def test_a_cue_inside_a_quotation_joins_its_parts():
    text = "“We go,” said Orla Finch. “Now.” Nobody moved."

    assert attributed(text) == [("Orla Finch", "“We go,”", "“Now.”")]


def test_a_gerund_shares_the_subject_and_ends_the_content_before_it():
    text = "Orla Finch said that the bridge had closed, adding that a new one would cost less."

    assert attributed(text) == [
        ("Orla Finch", "the bridge had closed"),
        ("Orla Finch", "a new one would cost less"),
    ]


def test_a_mixed_statement_keeps_the_clause_around_its_quotation():
    text = "Orla Finch said that the plan was “a disgrace” for the town."

    assert attributed(text) == [("Orla Finch", "the plan was “a disgrace” for the town")]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “green corridor” opens in May.",
        "The report on the state of the United States is out.",
        "Reports of rain were few.",
        "He was told to leave.",
    ],
)
def test_scare_quotes_and_nouns_are_no_statements(text):
    assert attributed(text) == []


def test_a_quotation_over_paragraphs_is_one_statement():
    text = "“We go now, all of us,” said Orla Finch. “The bridge is closed.\n\n“And it will stay so for years.”"

    (found,) = attributed(text)

    assert found == (
        "Orla Finch", "“We go now, all of us,”", "“The bridge is closed.", "“And it will stay so for years.”",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "«Hemos esperado demasiado», afirmó ante los periodistas."),
        ("it", "«Abbiamo aspettato troppo», ha dichiarato ai giornalisti."),
        ("pt", "“Esperámos demasiado”, afirmou aos jornalistas."),
    ],
)
def test_a_verb_without_a_subject_is_not_given_the_listeners_as_one(language, text):
    (found,) = RULES.attributions(Document(text, language))

    assert found.source == ()
    assert found.cue


def test_a_cue_without_content_before_a_quotation_is_left_out():
    text = "Orla Finch denied the claims, saying they were “made up and false.” The crew left the town."

    assert [content for _, content in attributed(text)] == ["the claims", "they were “made up and false.”"]
