from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.clean.test_clean import page
from worker.clean import clean, clean_fragment
from worker.core.errors import Reason, RejectedError
from worker.core.records import Article, NotArticle


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text("<>/=\"' abp!-&;\x00\xad", max_size=200).map(str.encode))
def test_any_bytes_give_an_article_or_a_reason(body):
    try:
        result = clean(page(b"<html><body>" + body))
    except RejectedError as rejected:
        reasons = {Reason.EMPTY, Reason.NOT_TEXT, Reason.HOSTILE_MARKUP, Reason.TOO_LARGE}
        assert rejected.reason in reasons  # noqa: PT017 - either way out is right
    else:
        assert isinstance(result, Article | NotArticle)


@given(st.text(max_size=200))
def test_a_cleaned_fragment_is_one_line(html):
    assert "\n" not in clean_fragment(html)
