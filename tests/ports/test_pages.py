"""Fetched pages, and rules of hosts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.ports.steps import page
from worker.core.errors import Reason, TransientError
from worker.fetch.robots import UNAVAILABLE, Rules

DAY = timedelta(days=1)


def test_a_page_is_stored_and_named_by_its_url_and_content(ports):
    whole = replace(page(), fetched=datetime(2026, 3, 2, tzinfo=UTC), signals=("tdm",))
    ref = ports.pages.put(whole)
    ports.pages.put(page("https://paper.example/2"))  # whoever stores a page often has it at hand, and this is another

    assert ports.pages.get(ref) == whole
    assert ports.pages.put(whole) == ref
    assert ports.pages.put(page(body=b"other")) != ref
    assert int(ref.rpartition("-")[2]) > 0


def test_a_page_that_is_gone_is_said_to_be(ports):
    ref = ports.pages.put(page())
    ports.pages.remove([ref, "nothing-1"])

    with pytest.raises(TransientError) as raised:
        ports.pages.get(ref)
    assert raised.value.reason is Reason.PAGE_EXPIRED


@pytest.mark.parametrize("cache", ["robots", "reservations"])
def test_rules_are_remembered_by_host(ports, cache):
    rules = getattr(ports, cache)
    rules.put("https://a.example", Rules("User-agent: *", DAY))
    rules.put("https://b.example", UNAVAILABLE)

    assert rules.get("https://a.example").text == "User-agent: *"
    assert timedelta(hours=23) < rules.get("https://a.example").ttl <= DAY
    assert rules.get("https://b.example").text is None
    assert rules.get("https://c.example") is None


def test_reservations_are_no_rules(ports):
    ports.robots.put("https://a.example", Rules("", DAY))

    assert ports.reservations.get("https://a.example") is None


def test_one_at_a_time_asks_a_host_for_its_rules(ports):
    with ports.robots.fetch_lock("https://a.example") as mine:
        with (
            ports.robots.fetch_lock("https://a.example") as theirs,
            ports.robots.fetch_lock("https://b.example") as other,
        ):
            assert (mine, theirs, other) == (True, False, True)
        with ports.robots.fetch_lock("https://a.example") as theirs:
            assert not theirs
    with ports.robots.fetch_lock("https://a.example") as mine:
        assert mine
