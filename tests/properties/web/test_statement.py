"""A statement on a page: its sentence, and what was said marked in it, whatever the offsets claim."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.web.test_statement import segments, words
from worker.web.statement import sentence_runs


@given(words, st.integers(0, 9), segments)
def test_offsets_that_lie_lose_no_word_and_repeat_none(sentence, start, listed):
    shown = list(sentence_runs({"sentence": {"exact": sentence, "start": start}, "segments": listed}))

    text = "".join(run.text for run in shown)
    assert sentence in text
    assert all(one["exact"] in text for one in listed)
    assert len(text) <= len(sentence) + sum(len(one["exact"]) + 3 for one in listed)


@given(st.text(alphabet="ab", min_size=1, max_size=20), st.data())
def test_true_offsets_give_the_text_itself(text, data):
    def place():
        low = data.draw(st.integers(0, len(text) - 1))
        high = data.draw(st.integers(low + 1, len(text)))
        return {"exact": text[low:high], "start": low}

    inner = [place() for _ in range(3)]
    shown = list(sentence_runs({"sentence": {"exact": text, "start": 0}, "segments": inner}))

    assert "".join(run.text for run in shown) == text
    assert sum(len(run.text) for run in shown if run.mark) == len(
        set().union(*(range(one["start"], one["start"] + len(one["exact"])) for one in inner))
    )
