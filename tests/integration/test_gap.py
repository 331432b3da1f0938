"""What a gap between two polls hides is found in the archive of the feed, politely, by the feed's own hand-outs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.newsroom.server import Reply, Site
from tools.driver import drain
from tools.wait import wait_for
from worker.cli.why import why
from worker.core.urls import article_id, host_of
from worker.feeds import gaps
from worker.fetch.pace import HostPace

NOW = datetime.now(UTC)
ZERO = timedelta(0)


@pytest.fixture
def pages():
    """What the site answers, by path; nothing else is there."""
    return {}


@pytest.fixture
def site(pages):
    with Site(lambda _host, path: pages.get(path), addresses=["127.0.0.1", "127.0.0.2"]) as running:
        yield running


@pytest.fixture
def services(services):
    services.jitter = lambda: 0.5
    return services


@pytest.fixture
def url(site, services):
    services.registry.add(f"{site.url}/feed")
    return f"{site.url}/feed"


@pytest.fixture
def show(site, pages):
    """Show a page of entries, numbered by age in hours, and a link to an older page."""

    def at(path, numbers, older=None):
        link = f"<link rel='prev-archive' href='{older}'/>" if older else ""
        entries = (
            f"<entry><title>{n}</title><id>urn:{n}</id><link href='{site.url}/article/{n}'/>"
            f"<published>{(NOW - timedelta(hours=n)).isoformat()}</published></entry>"
            for n in numbers
        )
        text = f"<feed xmlns='http://www.w3.org/2005/Atom'>{link}{''.join(entries)}</feed>"
        pages[path] = Reply(text.encode(), "application/atom+xml")

    return at


def poll(services, url):
    """Poll the feed and do what follows from that; return the details of the feed's steps."""
    services.registry.poll_now(url)
    subject = services.feeds.get(services.registry.key(url)).url
    steps = []

    def polled():
        steps.extend(step for step in drain(services) if step.subject == subject)
        return steps and not is_filling(services, url)

    wait_for(polled)
    return [step.detail for step in steps]


def is_filling(services, url):
    return bool(services.feeds.get(services.registry.key(url)).fields.get("gap"))


def asked(site):
    return [request.path for request in site.requests if "article" not in request.path]


def known(services, site, numbers):
    return [n for n in numbers if services.status.outcome(article_id(f"{site.url}/article/{n}")) is not None]


@pytest.fixture
def missed(services, url, show):
    """A feed that was polled once, and then went on for two pages: 10 to 12 are known, 0 and 1 are listed now."""
    show("/feed", [10, 11, 12])
    poll(services, url)
    show("/feed", [0, 1], older="/2")
    show("/2", [1, 2, 3], older="/3")  # the pages of a feed that grows overlap
    show("/3", [4, 5, 10], older="/4")


def test_a_gap_is_filled_from_the_archive_back_to_what_is_known(services, site, url, missed):
    told = poll(services, url)

    assert [path for path in asked(site) if path != "/robots.txt"] == ["/feed", "/feed", "/2", "/3"]
    assert known(services, site, range(6)) == [0, 1, 2, 3, 4, 5]
    assert told[0] == "2 new of 2, a gap before them"
    assert told[-1] == f"for a gap: 2 new and 1 known in {site.url}/3"
    row = services.registry.row(services.registry.key(url))
    assert row.due - services.clock.now() > services.settings.poll_min / 2  # the poll is due as it was decided


def test_a_gap_of_a_feed_without_an_archive_costs_nothing_more(services, site, url, show):
    show("/feed", [30])
    poll(services, url)
    show("/feed", [0])
    poll(services, url)

    assert asked(site).count("/feed") == 2
    assert len(asked(site)) == 3


def test_what_is_older_than_the_last_poll_ends_it(services, site, url, show):
    show("/feed", [30])
    poll(services, url)
    show("/feed", [0], older="/2")
    show("/2", [1, 100], older="/3")
    poll(services, url)

    assert "/3" not in asked(site)
    assert known(services, site, [1, 100]) == [1]


def test_robots_txt_binds_the_archive(services, site, url, missed, pages):
    services.robots._client.delete(services.robots._key(host_of(url)))
    pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /2\n", "text/plain")

    assert poll(services, url)[-1] == f"for a gap: robots.txt denies {site.url}/2"
    assert "/2" not in asked(site)


def test_a_page_that_fails_for_good_is_left_out_and_the_feed_is_well(services, site, url, missed, pages):
    pages["/2"] = Reply(b"", status=404)
    poll(services, url)

    fields = services.feeds.get(services.registry.key(url)).fields
    assert (fields["status"], fields["failures"]) == ("ok", "0")


def test_a_page_that_fails_for_now_is_asked_for_again_later(services, site, url, missed):
    site.misbehave("/2", status=500, times=1)
    services.registry.poll_now(url)
    wait_for(lambda: drain(services) and "/2" in asked(site))

    assert is_filling(services, url)
    assert services.registry.row(services.registry.key(url)).due > services.clock.now()
    assert poll(services, url)
    assert known(services, site, range(6)) == [0, 1, 2, 3, 4, 5]


def test_an_archive_without_an_end_has_a_budget(services, site, url, missed, monkeypatch):
    monkeypatch.setattr(gaps, "_ARTICLES", 1)
    poll(services, url)

    assert asked(site)[-1] == "/2"
    assert known(services, site, range(6)) == [0, 1, 2, 3]


def test_a_page_on_another_host_needs_its_permit(services, url, show, site, pages):
    other = site.url.replace("127.0.0.1", "127.0.0.2")
    services.hosts.heard(
        host_of(other), HostPace(timedelta(minutes=1), had_success=True), age=ZERO, hold=timedelta(minutes=1)
    )
    show("/feed", [30])
    poll(services, url)
    show("/feed", [0], older=f"{other}/2")
    services.registry.poll_now(url)
    wait_for(lambda: drain(services) and is_filling(services, url))
    drain(services)

    assert {request.host for request in site.requests} == {host_of(site.url)}
    assert is_filling(services, url)


def test_why_says_that_a_gap_is_being_filled(services, site, url, missed, capsys):
    site.misbehave("/2", status=500)
    services.registry.poll_now(url)
    wait_for(lambda: drain(services) and "/2" in asked(site))

    why(services, url, as_json=True)
    archive = json.loads(capsys.readouterr().out)["archive"]
    assert "0 articles so far, " in archive
    assert f"next {site.url}/2" in archive
