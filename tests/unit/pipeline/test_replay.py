"""Kept pages processed again, without Redis: only what comes out differently is published."""

from dataclasses import replace

import pytest

from tests.unit.pipeline.conftest import ARTICLE
from tests.unit.pipeline.driver import URL, fetch, process
from worker.core.errors import Reason
from worker.core.records import NotArticle
from worker.core.urls import article_id
from worker.pipeline.replay import Found, replay

ID = article_id(URL)


@pytest.fixture
def published(ports):
    ports.http.answer(URL, ARTICLE)
    process(ports, fetch(ports))
    return ports


@pytest.fixture
def fewer(monkeypatch):
    """An engine of a later day, which finds nothing."""
    monkeypatch.setattr("worker.pipeline.replay.statements_of", lambda *_: [])


def test_what_comes_out_as_before_publishes_nothing(published):
    before = published.streams.lengths()

    assert replay(ID, published, publish=True).found is Found.SAME
    assert published.streams.lengths() == before


@pytest.mark.usefixtures("fewer")
def test_what_comes_out_differently_is_a_new_version(published):
    look = replay(ID, published, publish=True)

    assert look.found is Found.UPDATED
    assert [event.type.split(".")[-2] for event in look.events] == ["updated", "retracted"]
    assert published.snapshots.get(ID).version == 2
    assert published.streams.lengths()["statements"] == 2


@pytest.mark.usefixtures("fewer")
def test_a_dry_run_publishes_nothing(published):
    before = published.streams.lengths()

    assert replay(ID, published, publish=False).found is Found.UPDATED
    assert published.streams.lengths() == before
    assert published.snapshots.get(ID).version == 1


def test_an_article_that_is_none_any_more_is_left_as_it_is(published, monkeypatch):
    monkeypatch.setattr("worker.pipeline.replay.article_of", lambda *_: NotArticle(Reason.NO_TEXT))

    assert replay(ID, published, publish=True).found is Found.NOT_ANY_MORE
    assert published.streams.lengths()["articles"] == 1


def test_a_bug_ends_this_article_alone(published, monkeypatch):
    monkeypatch.setattr("worker.pipeline.replay.statements_of", lambda *_: 1 / 0)

    assert replay(ID, published, publish=True).found is Found.FAILED
    assert replay("unknown", published, publish=True).found is Found.GONE


def test_a_page_that_is_not_kept_is_said_to_be_gone(published):
    published.pages.remove([published.snapshots.get(ID).job.page_ref])

    assert replay(ID, published, publish=True).found is Found.GONE


@pytest.mark.usefixtures("fewer")
def test_a_version_that_another_replay_wrote_meanwhile_is_not_overwritten(published, monkeypatch):
    stale = published.snapshots.get(ID)
    replay(ID, published, publish=True)
    monkeypatch.setattr(published.snapshots, "get", lambda _: replace(stale))

    assert replay(ID, published, publish=True).found is Found.OVERTAKEN
