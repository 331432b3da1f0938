from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feeds.test_websub import signed
from worker.feeds.websub import (
    is_authentic,
)


@given(st.binary(max_size=50), st.sampled_from(["sha1", "sha256", "sha384", "sha512"]))
def test_what_the_hub_signed_is_authentic_and_nothing_else(body, method):
    assert is_authentic(body, signed(body, method=method), "s")
    assert is_authentic(body, signed(body, method=method).upper(), "s")
    assert not is_authentic(body + b"x", signed(body, method=method), "s")
    assert not is_authentic(body, signed(body, "other", method), "s")
