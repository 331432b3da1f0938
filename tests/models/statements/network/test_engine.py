from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.statements.attribution import Attribution
from worker.statements.document import Document
from worker.statements.network.confidence import Confidence
from worker.statements.network.engine import NetworkEngine, load

SAID = (
    "The harbour will close in March, Mayor Ilse Brandt said on Tuesday.\n\n"
    "“We cannot keep the cranes running,” said Tomas Okafor, who leads the dockers. “The money is gone.”\n\n"
    "Rain fell all night over the empty quays.\n\n"
    "According to the port authority, ninety people work there."
)


@pytest.fixture(scope="module")
def fast() -> NetworkEngine:
    return load("fast")


def words(text: str, spans) -> str:
    return " ".join(span.of(text) for span in spans)


def by_source(text: str, found: list[Attribution], source: str) -> Attribution:
    return next(a for a in found if source in words(text, a.source))


def test_an_indirect_statement_has_its_source_and_cue(fast):
    found = by_source(SAID, fast.attributions(Document(SAID)), "Brandt")

    assert "The harbour will close in March" in words(SAID, found.content)
    assert "said" in words(SAID, found.cue)
    assert found.cue_class == "speech"


def test_both_parts_of_a_quotation_around_its_cue_are_one_statement(fast):
    found = by_source(SAID, fast.attributions(Document(SAID)), "Okafor")

    assert [span.of(SAID).strip("“”,.") for span in found.content] == [
        "We cannot keep the cranes running",
        "The money is gone",
    ]


def test_narrative_is_nobodys_statement(fast):
    rain = SAID.index("Rain")

    assert all(not s.start <= rain < s.end for a in fast.attributions(Document(SAID)) for s in a.content)


def test_spans_keep_their_offsets_far_into_a_long_text(fast):
    before = "Nothing moved on the river for an hour and the clocks stood still.\n\n" * 200
    shifted = fast.attributions(Document(before + SAID))

    assert "cranes" in words(before + SAID, by_source(before + SAID, shifted, "Okafor").content)


@pytest.mark.parametrize("name", ["fast", "accurate"])
@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("aB9 \n\n.,“”\"''said he:\u202eש😀\x00\ud800"), max_size=300))
def test_any_text_gives_ordered_spans_within_it(name, text):
    found = load(name).attributions(Document(text))

    assert all(0 <= s.start < s.end <= len(text) for a in found for s in (*a.content, *a.cue, *a.source))
    assert [a.content[0].start for a in found] == sorted(a.content[0].start for a in found)


@pytest.mark.parametrize("text", ["", "\n\n", "x" * 20_000, "“" * 5_000, "“a” " * 2_000])
def test_degenerate_texts_are_read_to_the_end(fast, text):
    assert all(a.content for a in fast.attributions(Document(text)))


def test_words_of_another_script_are_more_pieces_than_the_encoder_has_places_for():
    said = "Міністерка повідомила журналістам: «Підрозділи перекинуто якнайшвидше». " * 20

    assert isinstance(load("accurate").attributions(Document(said)), list)


TRANSCRIPT = (
    "The two met on Friday.\nBRANDT: The harbour will close in March.\nOKAFOR: We will fight it in every court."
)


def test_a_transcript_gives_each_line_to_its_label(fast):
    found = by_source(TRANSCRIPT, fast.attributions(Document(TRANSCRIPT)), "OKAFOR")

    assert [span.of(TRANSCRIPT) for span in found.content] == ["We will fight it in every court."]
    assert [span.of(TRANSCRIPT) for span in found.cue] == [":"]


@pytest.mark.parametrize("line", ["Ms. Brandt said:\n“{}”", "“{}”\n— Ilse Brandt"], ids=["before", "after"])
def test_a_quotation_has_its_source_on_the_line_beside_it(fast, line):
    text = line.format("We cannot keep the cranes running, and the money is gone.")

    assert "cranes" in words(text, by_source(text, fast.attributions(Document(text)), "Brandt").content)


class Unsure(Confidence):
    """Gives every attribution the same confidence."""

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence

    def of(self, evidence) -> float:
        return self.confidence


@pytest.mark.parametrize(("confidence", "left"), [(0.5, 3), (0.2, 1), (0.0, 0)])
def test_what_is_unlikely_is_nobodys_statement_unless_it_is_a_whole_quotation(fast, confidence, left):
    found = NetworkEngine(fast._tagger, fast._linker, Unsure(confidence)).attributions(Document(SAID))

    assert len(found) == left


@pytest.mark.parametrize("name", ["fast", "accurate"])
def test_a_quotation_without_a_cue_is_a_statement(name):
    text = (
        "Ilsa Varn has sold bread in the square since the flood.\n\n"
        "“We never thought of leaving, not for one single day of it.”\n\nThe baker closes at noon."
    )

    found = [words(text, attribution.content) for attribution in load(name).attributions(Document(text))]

    assert "“We never thought of leaving, not for one single day of it.”" in found
