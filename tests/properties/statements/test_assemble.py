from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.statements.test_assemble import RULES
from worker.statements import engine_for, extract
from worker.statements.vocabulary import LANGUAGES
from worker.versions.lines import to_json

PIECES = [
    *'“”"‘’«»„—\n ()?…🙂漢\u200f\x00x',
    *("''", "\n\n", ". ", ", ", ": ", "’s", "-t-il", "a" * 50, "שלום"),
    *(
        "said",
        "Ann Marsh",
        "he",
        "Mr. Vance",
        "according to",
        "that",
        "told reporters",
        "who",
        "the mayor",
        "and",
    ),
    *("сказал", "ha detto", "selon", "dit-il"),
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(LANGUAGES))
def test_any_text_gives_statements_whose_offsets_verify(text, language):
    found = extract(text, engine=engine_for(language, "rules"), language=language)

    for index, statement in enumerate(found):
        assert statement.segments
        spans: list[Any] = [*statement.segments, *statement.source, statement.sentence]
        spans += statement.cue.spans if statement.cue else ()
        spans += [s for s in (statement.addressee, statement.via, statement.said_when) if s]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert statement.nested_in is None or statement.nested_in != index
        assert to_json(statement)["kind"] in ("direct", "mixed", "indirect")


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_no_text_raises(text):
    extract(text, engine=RULES)
