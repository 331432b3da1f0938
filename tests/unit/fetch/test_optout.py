import pytest

from config.settings import Settings, SettingsError
from worker.fetch.optout import CHOICES, refusal, signals


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


@pytest.mark.parametrize(
    ("rights", "obeyed", "refused"),
    [
        (("robots: noai, noindex",), ("noindex",), "robots: noai, noindex"),
        (("x-robots-tag: noai",), ("noai",), "x-robots-tag: noai"),
        (("license: https://cc.example/", "tdm-reservation: 1"), ("tdm",), "tdm-reservation: 1"),
        (("tdm-reservation: 0",), CHOICES, None),
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
