"""The archive of a feed on a real socket, into a real ledger."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.newsroom.server import Reply, Site
from worker.cli.backfill import backfill as command
from worker.core.errors import RejectedError, TransientError
from worker.core.urls import article_id, host_of
from worker.fetch.robots import ABSENT, Rules
from worker.pipeline.backfill import backfill

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:fh='http://purl.org/syndication/history/1.0'>"


def page(numbers, *links):
    entries = (
        f"<entry><title>{n}</title><id>urn:{n}</id><link href='https://paper.example/{n}'/>"
        f"<published>{(NOON - timedelta(days=n)).isoformat()}</published></entry>"
        for n in numbers
    )
    return f"{ATOM}{''.join(links)}{''.join(entries)}</feed>"


def link(rel, target):
    return f"<link rel='{rel}' href='{target}'/>"


def sitemap(*urls):
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


@pytest.fixture
def pages():
    """Four pages of three entries each, and in the last a link back to the first."""
    return {
        "/feed": page(range(3), link("prev-archive", "/2")),
        "/2": page(range(2, 6), link("prev-archive", "/3")),
        "/3": page(range(6, 9), link("next", "/4")),
        "/4": page(range(9, 12), link("prev-archive", "/feed")),
    }


@pytest.fixture
def site(pages):
    def answer(_host, path):
        return Reply(pages[path].encode(), "application/xml") if path in pages else None

    with Site(answer) as running:
        yield running


@pytest.fixture
def waits():
    """How long walks waited for permits, in seconds."""
    return []


@pytest.fixture
def walk(services, site, waits):
    services.registry.add(f"{site.url}/feed")

    def pause(seconds):
        waits.append(seconds)
        services.ledger.client.delete(f"{services.settings.key_prefix}:host:{host_of(site.url)}")  # as if it passed

    def run(budget=100, since=None, url="/feed"):
        return backfill(
            site.url + url,
            services,
            budget=budget,
            since=since,
            on_page=lambda _progress: None,
            pause=pause,
        )

    return run


def asked(site):
    return [request.path for request in site.requests if request.path != "/robots.txt"]


def test_an_archive_is_walked_to_its_end_and_each_page_is_read_once(walk, site, services):
    end = walk()

    assert (end.new, end.known, end.waiting) == (12, 1, ())
    assert asked(site) == ["/feed", "/2", "/3", "/4"]
    job = services.ledger.client.hgetall(f"{services.settings.key_prefix}:job:{article_id('https://paper.example/9')}")
    assert job["feed"]  # what is found late knows its feed too


def test_a_walk_goes_on_where_its_budget_ended(walk, site):
    assert walk(budget=4).new == 4
    assert walk(budget=4).new == 4
    end = walk()

    assert end.new == 4
    assert asked(site) == ["/feed", "/2", "/2", "/3", "/3", "/4"]


def test_a_walk_goes_on_where_a_failure_ended_it(walk, site):
    site.misbehave("/3", status=503, times=1)
    with pytest.raises(TransientError):
        walk()

    assert walk().new == 6
    assert asked(site) == ["/feed", "/2", "/3", "/3", "/4"]


def test_a_host_that_is_asked_too_much_is_left_alone_as_long_as_it_says(walk, site, waits):
    site.misbehave("/2", status=429, retry_after=600, times=1)
    with pytest.raises(TransientError):
        walk()
    assert not waits

    walk()
    assert 590 < waits[0] <= 600


def test_a_walk_keeps_the_crawl_delay_of_the_host(walk, site, services, waits):
    services.robots.put(host_of(site.url), Rules("User-agent: *\nCrawl-delay: 5", timedelta(minutes=1)))

    walk()

    assert len(waits) == 3
    assert all(1 < wait <= 5 for wait in waits)  # what the last request took, on a busy machine seconds, is over


def test_robots_txt_is_asked_for_once_and_binds_the_archive_but_not_the_feed(walk, site, pages):
    pages["/robots.txt"] = "User-agent: *\nDisallow: /feed\nDisallow: /3\n"

    end = walk()

    assert [request.path for request in site.requests] == ["/feed", "/robots.txt", "/2"]
    assert (end.new, end.denied, end.waiting) == (6, 1, ())
    assert (walk().known, asked(site)[-2:]) == (7, ["/feed", "/2"])


def test_a_walk_waits_for_another_one_that_asks_for_the_rules(services, site):
    services.registry.add(f"{site.url}/feed")
    host = host_of(site.url)
    with services.robots.fetch_lock(host):
        end = backfill(
            f"{site.url}/feed",
            services,
            budget=100,
            since=None,
            on_page=lambda _progress: None,
            pause=lambda _seconds: services.robots.put(host, ABSENT),  # as the other one does
        )

    assert end.new == 12
    assert "/robots.txt" not in [request.path for request in site.requests]


def test_while_robots_txt_cannot_be_read_a_walk_ends_and_goes_on_later(walk, site, services):
    site.misbehave("/robots.txt", status=500)
    with pytest.raises(TransientError, match=r"robots\.txt"):
        walk()
    services.robots.put(host_of(site.url), ABSENT)

    assert walk().new == 9
    assert asked(site) == ["/feed", "/2", "/3", "/4"]


def test_a_walk_that_ended_begins_anew(walk, site):
    walk()
    end = walk()

    assert (end.new, end.known) == (0, 13)


def test_what_is_too_old_is_left_alone(walk, site):
    end = walk(since=NOON - timedelta(days=4))

    assert end.new == 5
    assert asked(site) == ["/feed", "/2", "/3"]  # the third page has nothing that is young enough


def test_a_complete_feed_has_no_archive(walk, site, pages):
    pages["/feed"] = page(range(3), "<fh:complete/>", link("prev-archive", "/2"))

    assert walk().new == 3
    assert asked(site) == ["/feed"]


def test_an_index_of_sitemaps_is_walked_whatever_it_lists(walk, site, pages):
    listed = ("/a", "/feed", "/a", "/b", "http://not a host/", "file:///etc/passwd")
    pages["/feed"] = f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in listed)}</sitemapindex>"
    pages["/a"] = sitemap("https://paper.example/1", "https://paper.example/2")
    pages["/b"] = pages["/feed"]  # an index in an index, with itself in it

    assert walk().new == 2
    assert asked(site) == ["/feed", "/a", "/b"]


def test_a_walk_waits_for_the_permit_of_the_host(services, site):
    services.registry.add(f"{site.url}/feed")
    waits, answers = [], [timedelta(seconds=7), timedelta(0)]
    services.hosts.permit = lambda _host: answers.pop(0) if answers else timedelta(0)

    backfill(f"{site.url}/feed", services, budget=1, since=None, on_page=lambda _progress: None, pause=waits.append)

    assert waits == [7.0]


def test_the_archive_of_a_feed_that_moved_is_walked_from_where_it_is(walk, site, services, pages):
    key = services.registry.key(f"{site.url}/feed")
    services.registry.moved(key, f"{site.url}/new")
    services.ledger.client.hset(f"{services.settings.key_prefix}:feed:{key}", "url", f"{site.url}/new")
    pages["/new"] = pages["/feed"]

    assert walk(url="/new", budget=3).new == 3
    assert walk(url="/feed").new == 9
    assert asked(site)[0] == "/new"


def test_a_feed_that_nobody_added_has_no_archive(walk):
    with pytest.raises(RejectedError, match="feeds add"):
        walk(url="/2")


def test_the_command_says_what_it_found_and_what_is_left(services, site, pages, capsys):
    services.robots.put(host_of(site.url), Rules("User-agent: *\nDisallow: /4", timedelta(minutes=1)))
    url = f"{site.url}/feed"
    services.registry.add(url)

    command(services, url, 4, None, as_json=False)
    command(services, url, 100, NOON.replace(tzinfo=None) - timedelta(days=30), as_json=False)
    command(services, url, 4, None, as_json=True)

    first, second, told = capsys.readouterr().out.splitlines()
    assert first == f"4 new articles, 1 known; more is left: onrecord backfill {url}"
    assert second == "5 new articles, 2 known, 1 pages not asked for (robots.txt); the archive ends here"
    assert json.loads(told) == {"url": url, "new": 0, "known": 10, "denied": 1, "more": False}
