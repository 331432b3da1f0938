"""Two polls of one feed: is what the second lists the article that the first had?"""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.test_entry_identity import OTHER, URL, entry, known
from worker.core.identity import candidates


@given(st.lists(st.builds(entry, st.sampled_from([URL, OTHER, "x"]), st.none() | st.text(max_size=3)), max_size=6))
def test_any_listing_is_known_by_itself(listing):
    found = candidates(listing, feed_id="f")

    assert {one.id for one in found} <= known(listing)
    assert len({one.id for one in found}) == len(found)
