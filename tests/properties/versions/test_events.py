import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.versions.test_events import events_of
from worker.contract import decode, encode
from worker.core.records import ContentSegment, Span, Statement


@given(st.text(min_size=1, max_size=200).map(lambda t: unicodedata.normalize("NFC", t)), st.data())
def test_any_spans_of_any_text_are_verbatim(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    said = Statement("indirect", (ContentSegment(start, end, quoted=False),), Span(0, len(text)), 0)

    event = events_of(text, said)[1]

    assert decode(encode(event)).data["segments"][0]["exact"] == text[start:end]
