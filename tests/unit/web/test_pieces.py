"""The small parts of the web page: links, searches, charts, spans of activity."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.adapters.redis.journal import JournalEntry
from worker.contract import Event
from worker.views.activity import activity
from worker.web.render import href, query
from worker.web.search import Search

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("url", ["http://a.example/x", "https://a.example"])
def test_a_link_may_lead_to_the_web(url):
    assert href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            " javascript:alert(1)",
            "JAVASCRIPT:x",
            "data:text/html,x",
            "vbscript:x",
            "//a.example",
        ),
        *("/x", "", None, "http:", "https://", "http://[", "ftp://a.example", "file:///etc/passwd"),
    ],
)
def test_a_link_may_lead_nowhere_else(url):
    assert href(url) is None


def test_a_query_has_what_was_chosen():
    assert query({"speaker": "Ida & Co", "text": "", "before": None}) == "?speaker=Ida+%26+Co"
    assert query({"text": ""}) == ""


def said(speaker, **article):
    about = {"url": "https://www.paper.example/a", **article}
    return Event("", "", "io.onrecord.statement.created.v1", "", "", {"speaker": speaker, "article": about})


def test_a_whole_name_is_another_search_than_words_of_it():
    assert Search(speaker="lund")(said({"name": "Ida Lund"}))
    assert not Search(name="Lund")(said({"name": "Ida Lund"}))
    assert Search(name="Ida Lund")(said("Ida Lund"))  # as a retraction has it


@pytest.mark.parametrize(("outlet", "fits"), [("ferry", True), ("paper.example", True), ("aper.example", False)])
def test_an_outlet_is_a_part_of_its_name_or_a_domain(outlet, fits):
    assert Search(outlet=outlet)(said({"name": None}, site="The Ferry Post")) is fits


def attempt(ago, outcome, detail="", reason="", task="articles.process"):
    return JournalEntry("", NOW - ago, task, outcome, reason, detail, timedelta(0))


def test_attempts_are_counted_in_their_spans():
    shown = activity(
        [
            attempt(timedelta(seconds=1), "published", "12 statements"),
            attempt(timedelta(minutes=59, seconds=59), "published", "3 statements"),
            attempt(timedelta(minutes=30, seconds=1), "not_modified", task="feeds.poll"),
            attempt(timedelta(minutes=30, seconds=1), "retrying", "robots.txt first"),
            attempt(timedelta(minutes=30, seconds=1), "retrying", reason="timed_out"),
            attempt(timedelta(hours=2), "published", "7 statements"),
        ],
        NOW,
        HOUR,
    )

    assert (shown.statements[0], shown.statements[-1], sum(shown.articles)) == (3, 12, 2)
    assert shown.polls[29] == shown.failures[29] == 1
    assert sum(shown.polls) == sum(shown.failures) == 1
