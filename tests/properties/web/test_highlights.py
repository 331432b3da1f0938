"""An article's text with marks: every character once and in its place, whatever blocks and statements claim."""

from hypothesis import given
from hypothesis import strategies as st

from worker.web.highlights import blocks

numbers = st.integers(-3, 40)


claims = st.builds(lambda start, end: {"kind": "paragraph", "start": start, "end": end}, numbers, numbers)


selectors = st.builds(
    lambda exact, start, end: {"exact": exact, "start": start, "end": end, "prefix": "", "suffix": ""},
    st.text(alphabet="ab ", max_size=5),
    numbers,
    numbers,
)


statements = st.lists(st.builds(lambda listed: {"segments": listed}, st.lists(selectors, max_size=4)), max_size=4)


@given(st.text(alphabet="ab ", max_size=30), st.lists(claims, max_size=4), statements)
def test_every_word_is_shown_once_and_in_order(text, listed, found):
    shown = "".join(run.text for block in blocks({"text": text, "blocks": listed}, found) for run in block.runs)

    assert shown.replace(" ", "") == text.replace(" ", "")
