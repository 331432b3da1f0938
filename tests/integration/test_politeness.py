"""Politeness against real servers, on a real Redis: permits, pace, robots.txt, redirects."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config import limits
from tests.newsroom.server import Reply, Site
from tools.driver import attempt, drain
from tools.wait import wait_for
from worker.core.errors import Reason, TransientError
from worker.core.messages import FetchArticle
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.core.urls import article_id, host_of
from worker.fetch.pace import HostPace
from worker.fetch.robots import UNAVAILABLE, Rules
from worker.services import Services

ZERO, MINUTE, SECOND = timedelta(0), timedelta(minutes=1), timedelta(seconds=1)
ABSENT = Reply(b"", status=404)
PAGE = Reply(b"<html><head><title>A</title></head><body><p>Nothing to say.</p></body></html>")


@pytest.fixture
def pages():
    """What the site answers, by path."""
    return {"/robots.txt": ABSENT, "/a": PAGE, "/b": PAGE}


@pytest.fixture
def other():
    """Another host, which disallows /private/."""
    replies = {"/robots.txt": Reply(b"User-agent: *\nDisallow: /private/\n", "text/plain"), "/a": PAGE}
    with Site(lambda _host, path: replies.get(path), addresses=["127.0.0.2"]) as running:
        yield running


@pytest.fixture
def slow(settings, redis_url):
    """Services that leave a minute between two requests."""
    return Services(replace(settings, host_spacing=MINUTE), redis_url)


def admit(services, *urls):
    services.articles.admit([FeedEntry(url) for url in urls])


def outcome(services, url):
    """Run what is due until the article has its outcome; return that."""

    def settled():
        drain(services)
        return services.status.outcome(article_id(url))

    wait_for(settled)
    return settled()


def paths(site):
    return [request.path for request in site.requests]


def test_spacing_counts_from_the_start_and_not_from_the_hand_out(slow):
    slow.robots.put("paper.example", Rules("", MINUTE))
    admit(slow, "https://paper.example/a", "https://paper.example/b")
    (first,) = slow.articles.take()

    assert slow.hosts.state("paper.example").wait > limits.LEASE - SECOND
    slow.articles.claim(first.id, first.token, "fetch")
    assert MINUTE - 5 * SECOND < slow.hosts.state("paper.example").wait <= MINUTE


def test_a_hand_out_that_nobody_started_keeps_its_host_no_longer_than_its_lease(slow):
    admit(slow, "https://paper.example/a")
    slow.articles.take()
    slow.articles.expire_leases()

    assert slow.articles.sweep().put_back == 1
    assert len(slow.articles.take()) == 1


def test_two_requests_at_once_need_two_permits(settings, redis_url):
    ledger = Services(replace(settings, host_spacing=timedelta(milliseconds=1)), redis_url)
    ledger.articles.admit([FeedEntry(f"https://paper.example/{n}") for n in range(5)])
    started = []

    def start_one():
        started.extend(ledger.articles.claim(item.id, item.token, "fetch") for item in ledger.articles.take())
        return len(started) == 2

    wait_for(start_one)
    assert ledger.articles.take() == []
    assert ledger.hosts.state("paper.example").busy == 2


def test_a_feed_goes_before_the_articles_of_its_host(services):
    admit(services, *(f"https://paper.example/{n}" for n in range(50)))
    services.registry.add("https://paper.example/feed")

    assert any(item.is_feed for item in services.articles.take())


def test_redirects_need_a_permit_also_while_another_start_is_awaited(slow):
    admit(slow, "https://paper.example/a")
    slow.articles.take()

    assert slow.hosts.permit("paper.example") == MINUTE


def test_a_slow_host_is_asked_less_often(site, settings, redis_url):
    services = Services(replace(settings, host_spacing=timedelta(milliseconds=10)), redis_url)
    site.misbehave("/a", delay=0.4)
    admit(services, f"{site.url}/a")
    outcome(services, f"{site.url}/a")

    host = host_of(site.url)
    assert services.hosts.pace(host).spacing >= timedelta(seconds=0.4) / services.settings.host_concurrency
    assert services.hosts.pace(host).had_success


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_throttles_is_left_alone_as_long_as_it_asks(site, services, status):
    site.misbehave("/a", status=status, retry_after=120)
    admit(services, f"{site.url}/a", f"{site.url}/b")
    wait_for(lambda: any(step.reason is Reason.THROTTLED for step in drain(services)))

    host = services.hosts.state(host_of(site.url))
    assert timedelta(seconds=115) < host.wait <= timedelta(seconds=120)
    assert services.articles.take() == []


def test_403_of_a_host_that_answered_before_slows_it_down(site, services):
    services.hosts.heard(host_of(site.url), HostPace(ZERO, had_success=True), age=ZERO, hold=ZERO)
    site.misbehave("/a", status=403)
    admit(services, f"{site.url}/a")
    wait_for(lambda: any(step.reason is Reason.THROTTLED for step in drain(services)))

    assert services.hosts.state(host_of(site.url)).wait > timedelta(seconds=25)


def test_403_of_a_host_that_never_answered_is_final(site, services):
    site.misbehave("/", status=403)
    admit(services, f"{site.url}/a")

    assert outcome(services, f"{site.url}/a") == "dead:http_error"


def test_robots_txt_is_asked_for_once_a_host(site, services):
    admit(services, f"{site.url}/a", f"{site.url}/b")
    for path in ("a", "b"):
        outcome(services, f"{site.url}/{path}")

    assert paths(site).count("/robots.txt") == 1


def test_of_robots_txt_nothing_is_remembered_while_the_store_is_gone(site, services, monkeypatch):
    def gone(host):
        raise TransientError(Reason.STORE_UNAVAILABLE, host, "silent")

    monkeypatch.setattr(services.hosts, "pace", gone)
    admit(services, f"{site.url}/a")
    (item,) = services.articles.take()
    step = attempt(FetchArticle(article_id=item.id, token=item.token), services)

    assert step.reason is Reason.STORE_UNAVAILABLE
    assert services.robots.get(host_of(site.url)) is None


def test_robots_txt_is_asked_for_by_one_at_a_time(site, services):
    admit(services, f"{site.url}/a")
    (item,) = services.articles.take()
    with services.robots.fetch_lock(host_of(site.url)) as mine:
        step = attempt(FetchArticle(article_id=item.id, token=item.token), services)

    assert mine
    assert (step.outcome, paths(site)) == (Outcome.RETRYING, [])


def test_an_article_that_robots_txt_denies_is_dropped(site, pages, services):
    pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /a\n", "text/plain")
    admit(services, f"{site.url}/a")

    assert outcome(services, f"{site.url}/a") == "dropped:robots_denied"
    assert paths(site) == ["/robots.txt"]


@pytest.fixture
def obedient(settings, redis_url):
    """Services that obey a reservation of text and data mining."""
    return Services(replace(settings, obey=("tdm",)), redis_url)


ARTICLE = Reply(
    b"<html lang='en'><head><title>The ferry is late again</title><meta property='og:type' content='article'></head>"
    b"<body><article><h1>The ferry is late again</h1>"
    + b"<p>The ferry to the island was late again on Monday, the third time this month, its company said.</p>" * 8
    + b"</article></body></html>"
)


def test_a_reservation_in_tdmrep_json_is_obeyed_and_asked_for_once_a_host(site, pages, obedient):
    rules = b'[{"location": "/free/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]'
    pages |= {"/.well-known/tdmrep.json": Reply(rules, "application/json"), "/a": ARTICLE, "/free/b": ARTICLE}
    admit(obedient, f"{site.url}/a", f"{site.url}/free/b")

    assert outcome(obedient, f"{site.url}/a") == "dropped:opted_out"
    assert outcome(obedient, f"{site.url}/free/b") == "published"
    assert paths(site).count("/.well-known/tdmrep.json") == 1


@pytest.mark.parametrize("status", [404, 500, 200])
def test_a_host_without_a_usable_tdmrep_json_reserves_nothing(site, pages, obedient, status):
    pages |= {"/.well-known/tdmrep.json": Reply(b"<html>", status=status), "/a": ARTICLE}
    admit(obedient, f"{site.url}/a")

    assert outcome(obedient, f"{site.url}/a") == "published"


def test_robots_txt_binds_tdmrep_json_too(site, pages, obedient):
    pages |= {"/robots.txt": Reply(b"User-agent: *\nDisallow: /.well-known/", "text/plain"), "/a": ARTICLE}
    admit(obedient, f"{site.url}/a")

    assert outcome(obedient, f"{site.url}/a") == "published"
    assert paths(site) == ["/robots.txt", "/a"]


def test_who_does_not_obey_reservations_does_not_ask_for_them(site, pages, services):
    pages["/a"] = ARTICLE
    admit(services, f"{site.url}/a")

    assert outcome(services, f"{site.url}/a") == "published"
    assert paths(site) == ["/robots.txt", "/a"]


def test_of_an_oversized_robots_txt_the_first_500_kib_count(site, pages, services):
    filler = b"# nothing\n" * 60_000
    pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /a\n" + filler + b"Disallow: /b\n", "text/plain")
    admit(services, f"{site.url}/a", f"{site.url}/b")

    assert outcome(services, f"{site.url}/a") == "dropped:robots_denied"
    assert outcome(services, f"{site.url}/b") == "dropped:no_text"


@pytest.mark.parametrize("status", [500, 429])
def test_while_robots_txt_cannot_be_read_articles_wait(site, services, status):
    site.misbehave("/robots.txt", status=status, times=1)
    url = f"{site.url}/a"
    admit(services, url)
    wait_for(lambda: any(step.reason is Reason.ROBOTS_UNAVAILABLE for step in drain(services)), 40)

    assert paths(site) == ["/robots.txt"]
    waiting = services.status.open_job(article_id(url))
    assert timedelta(minutes=14) < waiting.due - services.clock.now() < UNAVAILABLE.ttl
    assert waiting.attempts == 0


def test_the_crawl_delay_spaces_all_requests_to_the_host(site, pages, services):
    pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 30\n", "text/plain")
    admit(services, f"{site.url}/a")
    outcome(services, f"{site.url}/a")

    assert services.hosts.pace(host_of(site.url)).spacing == timedelta(seconds=30)
    assert services.hosts.state(host_of(site.url)).wait > timedelta(seconds=25)


def test_after_a_redirect_the_host_that_failed_is_slowed_down(site, pages, services):
    with Site(lambda _host, _path: None, addresses=["127.0.0.3"]) as gone:
        away = gone.url
    pages["/feed.xml"] = Reply(b"", status=302, location=f"{away}/feed.xml")
    services.registry.add(f"{site.url}/feed.xml")
    wait_for(lambda: any(step.reason is Reason.CONNECT_FAILED for step in drain(services)))

    assert services.hosts.pace(host_of(away)).spacing > ZERO
    assert services.hosts.pace(host_of(site.url)).spacing == ZERO


def test_a_host_with_as_many_requests_as_it_bears_permits_no_extra_one(settings, redis_url):
    ledger = Services(replace(settings, host_concurrency=1), redis_url)
    assert ledger.hosts.permit("paper.example") == ZERO
    ledger.articles.admit([FeedEntry("https://paper.example/a")])
    (item,) = ledger.articles.take()
    job = ledger.articles.claim(item.id, item.token, "fetch")

    assert ledger.hosts.permit("paper.example") == SECOND
    ledger.articles.fetched(job, "page", {})
    assert ledger.hosts.permit("paper.example") == ZERO


def test_an_article_redirected_to_another_host_waits_for_its_permit(site, pages, other, services):
    pages["/a"] = Reply(b"", status=302, location=f"{other.url}/a")
    services.hosts.heard(host_of(other.url), HostPace(MINUTE, had_success=True), age=ZERO, hold=ZERO)
    admit(services, f"{site.url}/a")
    wait_for(lambda: "/a" in paths(site) or drain(services) is None)
    drain(services)

    assert other.requests == ()
    assert services.status.open_job(article_id(f"{site.url}/a")).host == host_of(other.url)


def test_an_article_redirected_to_another_host_is_fetched_under_its_rules(site, pages, other, services):
    pages |= {
        "/a": Reply(b"", status=302, location=f"{other.url}/a"),
        "/b": Reply(b"", status=302, location=f"{other.url}/private/b"),
    }
    admit(services, f"{site.url}/a", f"{site.url}/b")

    assert outcome(services, f"{site.url}/a") == "dropped:no_text"
    assert outcome(services, f"{site.url}/b") == "dropped:robots_denied"
    assert sorted(paths(other)) == ["/a", "/robots.txt"]


def test_an_article_sent_from_host_to_host_for_ever_is_dead(site, pages, services):
    with Site(lambda _host, _path: Reply(b"", status=302, location=f"{site.url}/a"), addresses=["127.0.0.3"]) as back:
        pages["/a"] = Reply(b"", status=302, location=f"{back.url}/a")
        services.robots.put(host_of(back.url), Rules("", MINUTE))
        admit(services, f"{site.url}/a")

        assert outcome(services, f"{site.url}/a") == "dead:too_many_redirects"


def refreshed(target):
    return Reply(f'<html><head><meta http-equiv="refresh" content="0; url={target}"></head></html>'.encode())


def test_a_page_that_only_leads_on_within_its_host_is_followed(site, pages, services):
    pages["/a"], pages["/b"] = refreshed("/b"), PAGE
    admit(services, f"{site.url}/a")

    assert outcome(services, f"{site.url}/a") == "dropped:no_text"
    assert [path for path in paths(site) if path != "/robots.txt"] == ["/a", "/b"]


def test_a_page_that_only_leads_to_another_host_waits_in_its_queue(site, pages, other, services):
    pages["/a"] = refreshed(f"{other.url}/private/b")
    admit(services, f"{site.url}/a")

    assert outcome(services, f"{site.url}/a") == "dropped:robots_denied"
