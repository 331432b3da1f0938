from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from worker.core.errors import RejectedError
from worker.core.urls import article_id, canonical_url, check_url

URLS = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["http://", "HTTPS://", "https://u:p@"]),
    st.sampled_from(["paper.example", "Bücher.example", "[::1]", "10.0.0.1", "www.google.com/amp/s/a.example"]),
    st.sampled_from(["", ":", ":80", ":8080"]),
    st.text(st.sampled_from("/.%2eE5a é?&=#;+[]|\\'utm_amp"), max_size=30).map("/{}".format),
)


@given(URLS)
def test_the_canonical_form_is_its_own_canonical_form(url):
    canonical = check_url(url) if _is_valid(url) else "http://a.example/"

    assert canonical_url(canonical) == canonical
    assert article_id(canonical) == article_id(url if _is_valid(url) else canonical)
    assert canonical.isascii()
    assert "@" not in urlsplit(canonical).netloc


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_a_rejection(text):
    for url in (text, "http://" + text, "http://a.example/" + text):
        try:
            canonical = check_url(url)
        except RejectedError:
            continue
        assert canonical_url(canonical) == canonical


def _is_valid(url):
    try:
        canonical_url(url)
    except ValueError:
        return False
    return True
