from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.feeds.test_parse import CORPUS, URL
from worker.core.errors import IngestError
from worker.feeds.parse import parse


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(CORPUS.iterdir())), st.integers(0, 2000), st.binary(max_size=8))
def test_a_damaged_feed_is_read_or_rejected(path, at, damage):
    body = path.read_bytes()
    try:
        feed = parse(body[:at] + damage + body[at + len(damage) :], url=URL, content_type=None)
    except IngestError:
        return
    assert all(entry.url.startswith(("http://", "https://", "HTTP")) for entry in feed.entries)
