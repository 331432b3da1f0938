"""How long one task goes on: what waits in the broker has its turn after a second."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from tasks import base
from worker.adapters.observability import sentry
from worker.core.messages import FetchArticle, ProcessArticle, Tick
from worker.core.outcomes import Outcome, Step
from worker.pipeline import articles

NEXT = FetchArticle(article_id="0" * 32, token=1)
PAGE = ProcessArticle(article_id="0" * 32, token=2)


@pytest.fixture
def worker(monkeypatch):
    """A worker of all queues, whose every attempt takes `took` seconds and comes to `then`; `sent` is what it sent."""
    state = SimpleNamespace(now=0.0, took=0.3, then=(NEXT,), done=[], sent=[])

    def step(kind, _fields):
        assert len(state.done) < 50, "the task never ends"
        state.done.append(kind)
        state.now += state.took
        return Step(Outcome.FETCHED, state.then)

    @contextmanager
    def attempt(_task, _fields):
        yield {}

    queues = SimpleNamespace(consume_from={kind.queue for kind in (FetchArticle, ProcessArticle, Tick)})
    monkeypatch.setattr(base, "current_app", SimpleNamespace(amqp=SimpleNamespace(queues=queues)))
    monkeypatch.setattr(base, "time", SimpleNamespace(monotonic=lambda: state.now))
    monkeypatch.setattr(base, "telemetry", SimpleNamespace(attempt=attempt))
    monkeypatch.setattr(base, "_step", step)
    monkeypatch.setattr(base, "_send", state.sent.extend)
    for name in ("_log", "_note", "_count", "_check_in"):
        monkeypatch.setattr(base, name, lambda *_: None)
    state.queues = queues
    return state


def test_a_task_goes_on_for_a_second_and_then_yields_its_slot(worker):
    base.run(Tick, {})

    assert worker.done == [Tick, FetchArticle, FetchArticle, FetchArticle]  # 0.3, 0.6, 0.9 and 1.2 s
    assert worker.sent == [NEXT]


def test_a_task_that_was_late_at_once_goes_on_with_nothing(worker):
    worker.took = 2.0
    base.run(Tick, {})

    assert (worker.done, worker.sent) == ([Tick], [NEXT])


def test_a_page_that_was_fetched_is_processed_however_late_it_is(worker):
    worker.took, worker.then = 2.0, (PAGE,)
    base.run(FetchArticle, {"article_id": "0" * 32, "token": 1})

    assert worker.done == [FetchArticle, ProcessArticle]
    assert worker.sent == [PAGE]  # what the double says follows from processing it


def test_several_things_are_for_several_processes(worker):
    other = FetchArticle(article_id="1" * 32, token=1)
    worker.then = (NEXT, other)
    base.run(Tick, {})

    assert (worker.done, worker.sent) == ([Tick], [NEXT, other])


def test_what_belongs_to_queues_of_other_workers_is_sent(worker):
    worker.queues.consume_from = {Tick.queue} - {FetchArticle.queue}
    base.run(Tick, {})

    assert (worker.done, worker.sent) == ([Tick], [NEXT])


def test_a_bug_while_an_outcome_is_settled_is_reported(monkeypatch):
    reported = []

    def fail(*_):
        raise KeyError("of the use case")

    def fail_again(*_):
        raise ZeroDivisionError("of the settling")

    monkeypatch.setattr(base, "services", lambda: None)
    monkeypatch.setattr(articles, "USE_CASES", {FetchArticle: fail})
    monkeypatch.setattr(articles, "conclude", fail_again)
    monkeypatch.setattr(sentry, "report", reported.append)

    step = base._step(FetchArticle, {"article_id": "0" * 32, "token": 1})

    assert [type(error) for error in reported] == [KeyError, ZeroDivisionError]
    assert (step.outcome, str(step.reason)) == (Outcome.RETRYING, "bug")


def test_a_bug_while_an_attempt_is_noted_is_reported_and_ends_nothing(worker, monkeypatch):
    reported = []

    def fail(*_):
        raise KeyError("of the journal")

    monkeypatch.setattr(base, "_note", fail)
    monkeypatch.setattr(sentry, "report", reported.append)
    worker.took = 2.0
    base.run(Tick, {})

    assert [type(error) for error in reported] == [KeyError]
    assert worker.sent == [NEXT]
