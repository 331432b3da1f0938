import json

import pytest

from config.settings import Settings, SettingsError
from worker.fetch.optout import CHOICES, file_signals, refusal, signals


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, ()),
        ({"x-robots-tag": "NoAI, noindex"}, ("x-robots-tag: noai, noindex",)),
        ({"x-robots-tag": "max-snippet: 50, noarchive"}, ("x-robots-tag: noarchive",)),
        ({"x-robots-tag": "otherbot: noai, nosnippet"}, ()),
        ({"x-robots-tag": "noarchive, otherbot: noai"}, ("x-robots-tag: noarchive",)),
        ({"x-robots-tag": "all"}, ()),
        (
            {"tdm-reservation": "1", "tdm-policy": "https://paper.example/tdm.json"},
            ("tdm-reservation: 1", "tdm-policy: https://paper.example/tdm.json"),
        ),
    ],
)
def test_the_headers_of_an_answer_carry_signals(headers, found):
    assert signals(headers) == found


MANY_STARS = json.dumps([{"location": "*a" * 100_000, "tdm-reservation": 1}])
URL = "https://paper.example/news/2026/a-b?page=2"


@pytest.mark.parametrize(
    ("location", "matches"),
    [
        ("/", True),
        ("/news/", True),
        ("/News/", False),
        ("/sport/", False),
        ("news", False),
        ("*a-b", True),
        ("/*/2026/", True),
        ("/news/*/2026", False),
        ("/news/2026/a%2Db", True),
        ("/news/2026/a-b$", False),
        ("/*page=2$", True),
        ("/*a*b*2$", True),
        ("/news/2026/a-b?page=2$", True),
        ("*2026/*2026/*", False),
        ("", True),
        ("2026*a-b", False),
        ("/news/2026/a-b*-b?page=2$", False),
    ],
)
def test_a_rule_of_tdmrep_json_matches_as_one_of_robots_txt_does(location, matches):
    rule = json.dumps([{"location": location, "tdm-reservation": 1}])

    assert file_signals(rule, URL) == (("tdmrep: 1",) if matches else ())


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (
            [{"location": "/news/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}],
            ("tdmrep: 0",),
        ),
        (
            [{"location": "/", "tdm-reservation": "1", "tdm-policy": "https://paper.example/p"}],
            ("tdmrep: 1, https://paper.example/p",),
        ),
        ([{"location": "/"}, 3, [], {"location": 1, "tdm-reservation": 1}], ()),
        ([{"location": "/", "tdm-reservation": {}}, {"location": "/", "tdm-reservation": 2}], ()),
        ({"location": "/", "tdm-reservation": 1}, ()),
    ],
    ids=["the first one counts", "a policy", "no rules", "no reservation", "no list"],
)
def test_the_first_rule_counts_and_what_is_none_is_passed_over(rules, found):
    assert file_signals(json.dumps(rules), URL) == found


@pytest.mark.parametrize("text", ["", "<html>", "[" * 100_000, MANY_STARS])
def test_a_file_that_is_no_file_of_rules_says_nothing(text):
    assert file_signals(text, URL) == ()


@pytest.mark.parametrize(
    ("rights", "obeyed", "refused"),
    [
        (("robots: noai, noindex",), ("noindex",), "robots: noai, noindex"),
        (("x-robots-tag: noai",), ("noai",), "x-robots-tag: noai"),
        (("license: https://cc.example/", "tdm-reservation: 1"), ("tdm",), "tdm-reservation: 1"),
        (("tdm-reservation: 0",), CHOICES, None),
        (("tdmrep: 1, https://paper.example/p",), ("tdm",), "tdmrep: 1, https://paper.example/p"),
        (("tdmrep: 1", "tdm-reservation: 0"), ("tdm",), None),
        (("tdmrep: 0", "tdm-reservation: 1"), ("tdm",), "tdm-reservation: 1"),
        (("tdmrep: 0",), ("tdm",), None),
        (("robots: noai",), (), None),
        (("robots: notranslate", "copyright: noai"), CHOICES, None),
    ],
)
def test_a_signal_refuses_only_those_who_obey_it(rights, obeyed, refused):
    assert refusal(rights, obeyed) == refused


def test_the_setting_takes_what_can_be_obeyed_and_nothing_else():
    assert Settings.from_env({"ONRECORD_OBEY": ",".join(CHOICES)}).obey == CHOICES
    with pytest.raises(SettingsError):
        Settings.from_env({"ONRECORD_OBEY": "noimageai"})
