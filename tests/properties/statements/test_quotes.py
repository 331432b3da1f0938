from hypothesis import given
from hypothesis import strategies as st

from worker.statements.quotes import quotations
from worker.statements.sentences import paragraphs

MARKS = "“”„‟\"«»‹›'‘’‚`´,「」『』—"


@given(st.text(alphabet=st.sampled_from(MARKS + "aé1 .,!\n"), max_size=80))
def test_quotations_are_ordered_and_hold_what_they_nest(text):
    end = 0
    for quotation in quotations(text, paragraphs(text)):
        assert end <= quotation.start < quotation.inner.start
        assert quotation.inner.start < quotation.inner.end <= quotation.end <= len(text)
        assert "\n" not in text[quotation.start : quotation.end]
        for nested in quotation.nested:
            assert quotation.start < nested.start < nested.end <= quotation.end
        end = quotation.end


@given(st.text(alphabet=st.sampled_from("abc .\n"), max_size=20))
def test_without_marks_nothing_is_quoted(text):
    assert quotations(text, paragraphs(text)) == ()
