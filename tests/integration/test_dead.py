"""Dead letters: listed while they are dead, tried again or given up, with the sum kept."""

import json

import pytest
from typer.testing import CliRunner

from tests.newsroom.server import Reply, Site
from tools.driver import attempt, drain
from worker.cli import context
from worker.cli.app import app
from worker.core.errors import Reason, RejectedError
from worker.core.messages import Sweep
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.pipeline.articles import sweep
from worker.views.dead_letters import dead
from worker.views.status import identity_holds

PARAGRAPH = (
    "<p>The council of the harbour town met for three hours and mended the roof of its school, as it had said.</p>"
)
PAGE = f"<html><head><title>The Council Met</title></head><body><article>{PARAGRAPH * 9}</article></body></html>"


@pytest.fixture
def site():
    with Site(lambda _host, path: Reply(PAGE.replace("met", f"met for {path}").encode())) as running:
        yield running


@pytest.fixture
def bury(services, site, monkeypatch):
    """Bury articles of the site, whose pages are kept or could not even be fetched."""

    def by(error, where, *paths):
        def fail(*_, **__):
            raise error

        with monkeypatch.context() as broken:
            broken.setattr(where, fail)
            services.articles.admit([FeedEntry(site.url + path) for path in paths])
            while services.status.counts()["in_flight"]:
                settle(services)
        return [letter.id for _, letter in dead(services) if letter.url in [site.url + path for path in paths]]

    return by


@pytest.fixture
def processing(bury):
    error = RejectedError(Reason.HOSTILE_MARKUP, "page", "too deep")
    return lambda *paths: bury(error, "worker.pipeline.extraction.clean", *paths)


@pytest.fixture
def fetching(bury):
    error = RejectedError(Reason.TLS_FAILED, "host", "expired")
    return lambda *paths: bury(error, "worker.pipeline.articles.check_page", *paths)


@pytest.fixture
def onrecord(services, monkeypatch):
    monkeypatch.setattr(context, "services", lambda: services)

    def run(*arguments, code=0):
        done = CliRunner().invoke(app, ["dead", *arguments])
        assert done.exit_code == code, done.output
        return done.output

    return run


def outcomes(services):
    counts = services.status.counts()
    assert identity_holds(counts)
    return {name: number for name, number in counts.items() if number and name != "discovered"}


def settle(services):
    """Do what is due, and what a sweep brings back."""
    for message in sweep(Sweep(), services).then:
        attempt(message, services)
    drain(services)


def test_a_dead_letter_says_where_and_why(processing, services):
    (article,) = processing("/a")

    ((_, letter),) = dead(services)

    assert (letter.id, letter.stage, letter.reason, letter.detail) == (article, "process", "hostile_markup", "too deep")


def test_what_died_in_processing_goes_on_from_its_page(processing, services, site, onrecord):
    (article,) = processing("/a")
    asked = len(site.requests)

    onrecord("retry", article)
    assert outcomes(services) == {"in_flight": 1}
    settle(services)

    assert outcomes(services) == {"published": 1}
    assert len(site.requests) == asked
    assert list(dead(services)) == []


def test_what_died_in_fetching_is_fetched_again(fetching, services, onrecord):
    (article,) = fetching("/a")

    onrecord("retry", article)
    settle(services)

    assert outcomes(services) == {"published": 1}


def test_what_dies_again_is_listed_once(processing, services, onrecord):
    (article,) = processing("/a")
    onrecord("retry", article)
    services.articles.expire_leases()

    assert processing("/b") != []
    listed = [json.loads(line)["id"] for line in onrecord("list", "--json").splitlines()]

    assert len(listed) == len(set(listed)) == 2
    assert outcomes(services) == {"dead:hostile_markup": 2}


def test_all_of_a_reason_are_retried_and_others_stay(processing, fetching, services, onrecord):
    processing("/a", "/b")
    fetching("/c")

    assert "2 would be on its way again" in onrecord("retry", "--reason", "hostile_markup", "--dry-run")
    assert outcomes(services) == {"dead:hostile_markup": 2, "dead:tls_failed": 1}
    assert "2 on its way again" in onrecord("retry", "--reason", "hostile_markup")
    settle(services)

    assert outcomes(services) == {"published": 2, "dead:tls_failed": 1}


def test_what_is_given_up_counts_as_dropped_and_is_forgotten(processing, services, onrecord):
    (article,) = processing("/a")

    assert "1 dropped" in onrecord("drop", article)

    assert outcomes(services) == {"dropped:given_up": 1}
    assert services.snapshots.get(article) is None
    assert list(dead(services)) == []


def test_an_id_that_is_not_dead_is_said_to_be_none(onrecord):
    with pytest.raises(RejectedError, match="no dead letter has this id"):
        CliRunner().invoke(app, ["dead", "retry", "0" * 32], catch_exceptions=False)


def test_only_one_of_two_retries_counts(processing, services):
    (article,) = processing("/a")
    ((_, letter),) = dead(services)

    assert [services.dead_letters.retry(article, letter.url, "") for _ in range(2)] == [True, False]
    assert not services.dead_letters.give_up(article)
    assert outcomes(services) == {"in_flight": 1}


def test_a_feed_does_not_bring_a_dead_article_back(processing, services, site):
    processing("/a")

    assert services.articles.admit([FeedEntry(site.url + "/a")]).admitted == ()


def test_who_held_an_article_before_it_died_does_not_hold_it_again(services):
    (admitted,) = services.articles.admit([FeedEntry("https://paper.example/a")]).admitted

    def take():
        (item,) = services.articles.take()
        return services.articles.claim(item.id, item.token, "fetch")

    late = take()
    services.articles.finish(late, Outcome.DEAD, Reason.TOO_MANY_ATTEMPTS)
    assert services.dead_letters.retry(admitted, late.url, "")
    now = take()

    assert services.articles.fetched(late, "old", {}) is None
    assert services.articles.finish(late, Outcome.DEAD, Reason.BUG) == "STALE"
    assert services.articles.finish(now, Outcome.PUBLISHED, None) == "published"


def test_nothing_is_chosen_by_accident(onrecord):
    assert "name ids" in onrecord("drop", code=2)


def test_show_has_the_attempts(processing, onrecord):
    (article,) = processing("/a")

    assert "hostile_markup" in onrecord("show", article)
