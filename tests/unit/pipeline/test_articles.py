"""The way of an article, without Redis: what each answer and each failure makes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config import limits
from tests.ports.memory import Memory
from tests.unit.pipeline.conftest import ARTICLE, ROBOTS
from tests.unit.pipeline.driver import URL, again, attempt, fetch, process
from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.messages import FetchArticle, PollFeed, ProcessArticle, Sweep, Tick
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.core.urls import article_id
from worker.fetch.robots import UNAVAILABLE
from worker.pipeline import articles

ID = article_id(URL)
HOST = "paper.example"


@pytest.fixture
def page(ports):
    ports.http.answer(URL, ARTICLE)
    return ports


def test_an_article_is_fetched_cleaned_and_published_with_its_statements(page):
    step = fetch(page)
    done = process(page, step)

    assert (step.outcome, step.subject) == (Outcome.FETCHED, URL)
    assert (done.outcome, done.detail) == (Outcome.PUBLISHED, "1 statements")
    assert page.streams.lengths() == {"articles": 1, "statements": 1, "dead": 0, "feeds": 0}
    (statement,) = page.events.page("statements").entries
    assert statement.event.data["speaker"]["name"] == "Ilse Varga"
    assert page.status.counts() == {"discovered": 1, "published": 1, "in_flight": 0}
    assert page.hosts.state(HOST).busy == 0


def test_robots_txt_is_asked_for_once_and_first(page):
    page.articles.admit([FeedEntry(URL)])
    (message,) = attempt(Tick(), page).then
    first = attempt(message, page)

    assert (first.outcome, first.detail) == (Outcome.RETRYING, "robots.txt first")
    assert page.articles.job(ID, message.token) is None
    attempt(first.then[0], page)
    assert [url for url, _ in page.http.asked] == [ROBOTS, URL]


def test_an_article_waits_while_another_one_asks_for_robots_txt(page):
    with page.robots.fetch_lock(HOST):
        page.articles.admit([FeedEntry(URL)])
        (message,) = attempt(Tick(), page).then
        attempt(message, page)

    assert page.http.asked == []
    assert attempt(Tick(), page).then == ()
    page.clock.advance(timedelta(seconds=1))
    assert again(page).outcome is Outcome.FETCHED


def test_what_robots_txt_denies_is_dropped(page):
    page.http.answer(ROBOTS, "User-agent: *\nDisallow: /")
    step = fetch(page)

    assert (step.outcome, step.reason) == (Outcome.DROPPED, Reason.ROBOTS_DENIED)
    assert page.status.outcome(ID) == "dropped:robots_denied"
    assert [url for url, _ in page.http.asked] == [ROBOTS]


def test_an_article_waits_without_losing_attempts_while_robots_txt_cannot_be_read(page):
    page.robots.put(HOST, UNAVAILABLE)
    step = fetch(page)

    assert (step.outcome, step.reason) == (Outcome.RETRYING, Reason.ROBOTS_UNAVAILABLE)
    assert page.status.open_job(ID).attempts == 0
    assert page.status.open_job(ID).due - page.clock.now() == UNAVAILABLE.ttl


def test_an_article_of_a_site_with_reservations_is_dropped_where_they_are_obeyed():
    ports = Memory(replace(Memory().settings, obey=("tdm",)))
    ports.http.answer(ROBOTS, status=404)
    ports.http.answer("https://paper.example/.well-known/tdmrep.json", '[{"location": "/", "tdm-reservation": 1}]')
    ports.http.answer(URL, ARTICLE)
    step = process(ports, fetch(ports))

    assert (step.outcome, step.reason) == (Outcome.DROPPED, Reason.OPTED_OUT)


def test_a_host_that_fails_for_now_is_tried_later_and_more_seldom(ports):
    ports.http.answer(URL, status=500)
    step = fetch(ports)

    assert (step.outcome, step.reason) == (Outcome.RETRYING, Reason.SERVER_ERROR)
    assert ports.status.open_job(ID).due - ports.clock.now() == timedelta(seconds=7.5)  # jitter is in the middle
    ports.clock.advance(timedelta(minutes=1))
    again(ports)
    assert ports.status.open_job(ID).due - ports.clock.now() == timedelta(seconds=15)


def test_an_article_that_is_not_there_is_dead_with_an_event(ports):
    ports.http.answer(URL, status=404)
    step = fetch(ports)

    assert (step.outcome, step.reason) == (Outcome.DEAD, Reason.NOT_FOUND)
    (entry,) = ports.events.page("dead").entries
    assert (entry.event.data["url"], entry.event.data["reason"], entry.event.data["stage"]) == (
        URL,
        "not_found",
        "fetch",
    )
    assert ports.status.outcome(ID) == "dead:not_found"
    assert ports.hosts.state(HOST).busy == 0


def test_an_article_on_another_host_waits_for_that_ones_permit(page):
    other = "https://other.example/bridge"
    page.http.answer(URL, status=302, location=other)
    page.http.answer("https://other.example/robots.txt", status=404)
    page.http.answer(other, ARTICLE)
    page.articles.admit([FeedEntry(URL)])
    moved = again(page)

    assert (moved.outcome, moved.subject) == (Outcome.FETCHED, URL)
    assert [url for url, _ in page.http.asked] == [ROBOTS, URL, "https://other.example/robots.txt", other]
    assert page.hosts.state(HOST).busy == 0


def test_an_article_that_is_sent_from_host_to_host_is_dead(page):
    for number in range(limits.PAGE.redirects + 2):
        here = URL if not number else f"https://h{number}.example/bridge"
        page.http.answer(f"https://h{number}.example/robots.txt", status=404)
        page.http.answer(here, status=302, location=f"https://h{number + 1}.example/bridge")

    assert (fetch(page).reason, page.status.outcome(ID)) == (Reason.TOO_MANY_REDIRECTS, "dead:too_many_redirects")


def test_a_page_that_is_no_article_is_dropped_with_its_reason(ports):
    ports.http.answer(URL, "<title>Log in</title>")
    step = process(ports, fetch(ports))

    assert step.outcome is Outcome.DROPPED
    assert ports.status.outcome(ID) == f"dropped:{step.reason}"


def test_another_url_of_an_article_is_a_duplicate_and_its_page_goes(page):
    head = ARTICLE.replace("<head>", f'<head><link rel="canonical" href="{URL}">')
    page.http.answer(URL + "-copy", head)
    process(page, fetch(page))
    step = process(page, fetch(page, URL + "-copy"))

    assert step.outcome is Outcome.DUPLICATE
    assert len(page.pages.stored) == 1
    assert page.streams.lengths()["articles"] == 1


def test_a_page_that_is_gone_before_it_was_processed_is_fetched_again(page):
    step = fetch(page)
    page.pages.stored.clear()
    lost = process(page, step)

    assert (lost.outcome, lost.reason) == (Outcome.RETRYING, Reason.PAGE_EXPIRED)
    page.clock.advance(timedelta(minutes=1))
    assert again(page).outcome is Outcome.FETCHED


def test_a_message_that_comes_twice_counts_once(page):
    step = fetch(page)
    process(page, step)

    assert process(page, step).outcome is Outcome.STALE
    assert attempt(FetchArticle(article_id=ID, token=1), page).outcome is Outcome.STALE
    assert attempt(PollFeed(feed_id="0" * 16, token=1), page).outcome is Outcome.STALE


def test_a_late_failure_of_an_older_attempt_changes_nothing(page):
    step = fetch(page)
    error = RejectedError(Reason.BUG, URL)

    assert articles.conclude(FetchArticle(article_id=ID, token=1), error, page).outcome is Outcome.STALE
    assert process(page, step).outcome is Outcome.PUBLISHED


def test_a_page_that_kills_its_worker_each_time_is_buried(page):
    step = fetch(page)
    swept = attempt(Sweep(), page)
    for _ in range(page.settings.max_attempts):
        page.articles.claim(ID, (swept.then or step.then)[0].token, "process")
        page.articles.expire_leases()
        swept = attempt(Sweep(), page)

    assert (swept.then, swept.detail) == ((), "1 stuck")
    assert page.status.outcome(ID) == "dead:too_many_attempts"
    (entry,) = page.events.page("dead").entries
    assert entry.event.data["stage"] == "sweep"


@pytest.mark.parametrize(
    ("reason", "is_ours"),
    [
        (Reason.BUG, True),
        (Reason.INVALID_EVENT, True),
        (Reason.BAD_ENGINE, True),
        (Reason.TOO_MANY_ATTEMPTS, True),
        (Reason.HOSTILE_MARKUP, False),
    ],
)
def test_failures_in_a_row_by_our_own_fault_pause_everything_and_a_strangers_do_not(ports, logged, reason, is_ours):
    for number in range(limits.BREAKER_FAILURES):
        ports.articles.admit([FeedEntry(f"https://h{number}.example/a")])
        (item,) = ports.articles.take()
        ports.articles.claim(item.id, item.token, "fetch")
        message = ProcessArticle(article_id=item.id, token=item.token)
        articles.conclude(message, RejectedError(reason, "a page"), ports)
    ports.articles.admit([FeedEntry(URL)])

    assert (attempt(Tick(), ports).then == ()) == is_ours
    assert [(one["event"], one["reason"]) for one in logged] == [("paused", str(reason))] * is_ours


def test_a_store_that_is_gone_while_a_page_is_stored_costs_no_attempt(page, monkeypatch):
    def gone(_page):
        raise TransientError(Reason.STORE_UNAVAILABLE, URL)

    monkeypatch.setattr(page.pages, "put", gone)
    step = fetch(page)

    assert (step.outcome, step.reason) == (Outcome.RETRYING, Reason.STORE_UNAVAILABLE)
    assert page.status.open_job(ID).attempts == 0


def test_what_is_asked_for_by_hand_is_admitted_once(ports):
    first, second = (attempt(FetchArticle(url=URL), ports) for _ in range(2))

    assert (first.outcome, first.then) == (Outcome.ADMITTED, (Tick(),))
    assert (second.outcome, second.then) == (Outcome.ALREADY_SEEN, ())
    assert attempt(PollFeed(url="https://paper.example/feed"), ports).outcome is Outcome.ADMITTED
    assert [row.url for row in ports.registry.rows()] == ["https://paper.example/feed"]


def test_a_request_by_hand_for_what_is_no_url_is_dead(ports):
    step = attempt(FetchArticle(url="ftp://paper.example/"), ports)

    assert (step.outcome, step.reason) == (Outcome.DEAD, Reason.BAD_URL)
    assert ports.status.counts() == {"in_flight": 0}
