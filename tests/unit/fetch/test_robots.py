from datetime import timedelta

import pytest

from worker.fetch.robots import Rules, permitted_delay

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
