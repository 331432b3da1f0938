from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from worker.core.records import Span
from worker.statements.quotes import quotations
from worker.statements.sentences import paragraphs, sentences


@given(st.text(alphabet="aA.!?“” \n", max_size=60))
def test_sentences_cover_every_word_once(text):
    inside = [Span(q.start, q.end) for q in quotations(text, paragraphs(text))]
    found = [sentence for place in paragraphs(text) for sentence in sentences(text, place, inside)]

    assert "".join("".join(s.of(text) for s in found).split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(found))
