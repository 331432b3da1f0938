"""What a person does by hand, against a real server: a feed that is added, an article that is tried."""

import pytest
from typer.testing import CliRunner

from tests.newsroom.server import Reply, Site
from worker.cli.app import app
from worker.core.errors import Reason, RejectedError, TransientError
from worker.pipeline import probe
from worker.pipeline.articles import fetch_page

FEED = Reply(
    b"<rss><channel><title>Pier News</title><item><link>https://a.example/1</link></item></channel></rss>", "text/xml"
)
HOME = Reply(b'<html><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>Home</html>')
BARE = Reply(b"<html><p>No feed here.</html>")
PAGE = Reply(b"<html><p>The pier is shut.</html>")


@pytest.fixture
def pages():
    return {"/robots.txt": Reply(b"User-agent: *\nDisallow: /private/\n", "text/plain"), "/feed.xml": FEED}


@pytest.fixture
def site(pages):
    with Site(lambda _host, path: pages.get(path)) as running:
        yield running


def onrecord(services, monkeypatch, *arguments):
    monkeypatch.setenv("REDIS_URL", services.redis_url)
    monkeypatch.setenv("ONRECORD_KEY_PREFIX", services.settings.key_prefix)
    monkeypatch.setenv("ONRECORD_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner().invoke(app, arguments)


def test_adding_a_feed_again_says_what_changed(site, services, monkeypatch):
    url = f"{site.url}/feed.xml"
    first = onrecord(services, monkeypatch, "feeds", "add", url)
    again = onrecord(services, monkeypatch, "feeds", "add", url, "--every", "5m", "--name", "The Pier")
    same = onrecord(services, monkeypatch, "feeds", "add", url, "--every", "5m", "--name", "The Pier")

    assert first.stdout.splitlines() == [f"added: {url} (1 entries now)"]
    assert again.stdout.splitlines() == [
        f"already there: {url} (1 entries now)",
        "  it is called 'The Pier' now, not 'Pier News'",
        "  it is polled every 5m now, not as the settings say, and at once",
    ]
    assert same.stdout.splitlines() == [f"already there: {url} (1 entries now)"]


@pytest.mark.parametrize(
    ("reply", "reason", "says"),
    [
        (HOME, Reason.NOT_A_FEED, "add a feed that it names: {url}/feed.xml"),
        (BARE, Reason.NOT_A_FEED, "an HTML page; `onrecord feeds add {url}/` looks at the home page"),
        (Reply(b"", status=404), Reason.NOT_FOUND, "`onrecord feeds add {url}/` lists the feeds"),
        (Reply(b"no", status=403), Reason.HTTP_ERROR, "ONRECORD_USER_AGENT can say who asks"),
        (Reply(b"<title>Just a moment...</title>", status=403), Reason.HTTP_ERROR, "ask the publisher for access"),
    ],
)
def test_what_cannot_be_added_says_what_can_be_done(site, pages, services, reply, reason, says):
    pages["/news"] = reply
    with pytest.raises(RejectedError) as caught:
        probe.look(services, f"{site.url}/news")

    assert caught.value.reason is reason
    assert says.format(url=site.url) in caught.value.detail


def test_a_page_by_hand_obeys_robots_txt_if_asked_to(site, pages, services):
    pages["/private/a"], pages["/a"] = PAGE, PAGE
    pages["/b"] = Reply(b"", status=302, location="/private/a")

    assert fetch_page(f"{site.url}/a", services, obey_robots=True).body == PAGE.body
    assert fetch_page(f"{site.url}/private/a", services).body == PAGE.body
    with pytest.raises(RejectedError) as caught:
        fetch_page(f"{site.url}/private/a", services, obey_robots=True)
    assert caught.value.reason is Reason.ROBOTS_DENIED
    pages["/robots.txt"] = Reply(b"", status=500)
    with pytest.raises(TransientError) as later:
        fetch_page(f"{site.url}/a", services, obey_robots=True)
    assert later.value.reason is Reason.ROBOTS_UNAVAILABLE


def test_trying_an_article_obeys_robots_txt_unless_told_otherwise(site, pages, services, monkeypatch):
    text = "<p>The pier is shut, said Ida Holm, the harbour master, on Monday after the storm.</p>" * 12
    pages["/private/a"] = Reply(f"<html><title>Pier</title><article><h1>Pier shut</h1>{text}</article></html>".encode())
    url = f"{site.url}/private/a"

    denied = onrecord(services, monkeypatch, "try", url, "--engine", "rules")
    ignored = onrecord(services, monkeypatch, "try", url, "--engine", "rules", "--ignore-robots")

    assert isinstance(denied.exception, SystemExit | RejectedError)
    assert "--ignore-robots" in denied.output + str(denied.exception)
    assert ignored.exit_code == 0
