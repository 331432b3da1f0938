"""A published article looked at again, without Redis: what is published then, and what is not."""

from datetime import timedelta

import pytest

from tests.unit.pipeline.conftest import ARTICLE
from tests.unit.pipeline.driver import URL, again, fetch, process
from worker.core.outcomes import Outcome
from worker.core.urls import article_id

ID = article_id(URL)


@pytest.fixture
def published(ports):
    ports.http.answer(URL, ARTICLE, etag='"v1"')
    process(ports, fetch(ports))
    return ports


def look_again(ports):
    assert ports.snapshots.recheck(ID)
    ports.clock.advance(timedelta(minutes=1))
    step = again(ports)
    return process(ports, step) if step.outcome is Outcome.FETCHED else step


def types(ports, stream):
    return [entry.event.type.split(".")[-2] for entry in reversed(ports.events.page(stream).entries)]


def test_a_page_that_did_not_change_publishes_nothing(published):
    published.http.answer(URL, status=304)

    step = look_again(published)

    assert step.outcome is Outcome.UNCHANGED
    assert types(published, "articles") == ["created"]
    assert published.http.asked[-1][1]["If-None-Match"] == '"v1"'


def test_an_edited_quotation_is_amended_in_a_new_version(published):
    published.http.answer(URL, ARTICLE.replace("safe for all", "safe for most"))

    step = look_again(published)

    assert step.outcome is Outcome.UPDATED
    assert types(published, "articles") == ["created", "updated"]
    assert types(published, "statements") == ["created", "amended"]
    assert published.snapshots.get(ID).version == 2
    assert published.status.counts()["published"] == 1


def test_the_page_of_the_old_version_is_removed(published):
    old = published.snapshots.get(ID).job.page_ref
    published.http.answer(URL, ARTICLE.replace("safe for all", "safe for most"))

    look_again(published)

    assert old not in published.pages.stored
    assert published.snapshots.get(ID).job.page_ref in published.pages.stored


def test_one_answer_that_it_is_gone_withdraws_nothing_yet(published):
    published.http.answer(URL, status=404)

    look_again(published)

    assert types(published, "articles") == ["created"]
    assert published.snapshots.get(ID).outcome != Outcome.WITHDRAWN


def test_a_page_that_stays_away_is_withdrawn_with_its_statements(published):
    published.http.answer(URL, status=410)

    steps = [look_again(published) for _ in range(3)]

    assert Outcome.WITHDRAWN in {step.outcome for step in steps}
    assert types(published, "articles") == ["created", "withdrawn"]
    assert types(published, "statements") == ["created", "retracted"]
