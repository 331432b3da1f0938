from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.feeds.opml import OpmlOutline, read_opml, write_opml

SUBSCRIPTIONS = st.builds(
    OpmlOutline,
    st.integers(0, 10**6).map("https://a.example/{}".format),
    st.sampled_from(["One", "Größe", "A & B", "a < b & c > d", "&amp;"]),
    st.none() | st.sampled_from(["Local", "Far & wide"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(SUBSCRIPTIONS, unique_by=lambda subscription: subscription.url, max_size=6))
def test_what_is_written_is_read_again(subscriptions):
    again = read_opml(write_opml(subscriptions, title="T"), subject="list")

    assert sorted(again, key=str) == sorted(subscriptions, key=str)
