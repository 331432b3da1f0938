from datetime import timedelta

import pytest

from config import limits
from worker.core.errors import Reason, TransientError
from worker.fetch.response import Response
from worker.fetch.robots import MAX_BYTES, UNAVAILABLE, Rules, permitted_delay, read_rules

RULES = "User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n\nUser-agent: hasty\nCrawl-delay: 900\n"


@pytest.mark.parametrize(
    ("text", "path", "agent", "seconds"),
    [
        ("", "/private/a", "onrecord", 0),
        (RULES, "/news", "onrecord", 7),
        (RULES, "/private/a", "onrecord", None),
        (RULES, "/private/a", "hasty", 60),
        ("User-agent: *\nAllow: /\n", "/news", "onrecord", 0),
    ],
)
def test_the_rules_deny_or_name_a_delay(text, path, agent, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert permitted_delay(Rules(text, timedelta(1)), f"https://paper.example{path}", agent) == expected


def test_while_the_rules_are_unavailable_nothing_is_permitted():
    with pytest.raises(TransientError) as caught:
        permitted_delay(UNAVAILABLE, "https://paper.example/a", "onrecord")

    assert (caught.value.reason, caught.value.retry_after) == (Reason.ROBOTS_UNAVAILABLE, UNAVAILABLE.ttl)


def test_of_rules_that_were_cut_the_last_line_does_not_count():
    body = b"User-agent: *\nDisallow: /a\n" + b"#" * MAX_BYTES
    cut = body[: MAX_BYTES - 12] + b"\nDisallow: /"

    assert read_rules(Response(200, "https://p.example/robots.txt", {}, cut, timedelta(0))).text.count("Disallow") == 1
    assert limits.ROBOTS.body_bytes == MAX_BYTES
