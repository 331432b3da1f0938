"""The ledger against a model in plain Python, step by step, whatever order workers act and die in."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from config.settings import Settings
from worker.adapters.redis.store import connect
from worker.core.errors import Reason
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.core.urls import article_id
from worker.services import Services

ATTEMPTS, RECENT = 2, 6
ZERO = timedelta(0)
URLS = [f"https://h{n}.example/" for n in range(4)]
CANONICAL = article_id(URLS[0])
PREFIXES = (f"model{n}" for n in itertools.count())


@dataclass
class Article:
    """What the model knows of an admitted article."""

    stage: str = "fetch"
    queued: bool = True
    token: int = 0
    claimed: bool = False
    attempts: int = 0
    crashes: int = 0
    outcome: str = ""

    def released(self, *, queued):
        self.token, self.claimed, self.queued = self.token + 1, False, queued


@dataclass
class Model:
    """The ledger in a few dicts."""

    articles: dict = field(default_factory=dict)
    published: set = field(default_factory=set)

    def open(self):
        return {key: one for key, one in self.articles.items() if not one.outcome}

    def holder(self, job):
        one = self.articles[job.id]
        return one if one.token == job.token and not one.outcome else None

    def finish(self, job, outcome, canonical):
        one = self.holder(job)
        if one is None:
            return "STALE"
        if outcome == "published" and canonical in self.published:
            outcome = "duplicate"
        if outcome == "published":
            self.published |= {canonical, job.id}
        one.outcome = outcome
        return outcome


class LedgerMachine(RuleBasedStateMachine):
    """Any number of workers, each as late as it likes: tokens and jobs are never taken from them."""

    redis_url = ""

    @initialize()
    def start(self):
        self.prefix = next(PREFIXES)
        self.ledger = Services(
            Settings(
                key_prefix=self.prefix, max_in_flight=100, host_spacing=ZERO, host_concurrency=5, max_attempts=ATTEMPTS
            ),
            self.redis_url,
        )
        self.model = Model()
        self.tokens, self.jobs = [], []

    @rule(urls=st.lists(st.sampled_from(URLS), unique=True))
    def admit(self, urls):
        new = {article_id(url) for url in urls} - self.model.articles.keys() - self.model.published

        assert set(self.ledger.articles.admit([FeedEntry(url) for url in urls]).admitted) == new
        self.model.articles |= {key: Article() for key in new}

    @rule()
    def tick(self):
        taken = self.ledger.articles.take()
        waiting = {key: one for key, one in self.model.open().items() if one.queued}
        for one in waiting.values():
            one.released(queued=False)

        assert {item.id: item.token for item in taken} == {key: one.token for key, one in waiting.items()}
        self.tokens += [(item.id, item.token, "fetch") for item in taken]

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), deliveries=st.integers(1, 2))
    def claim(self, data, deliveries):
        message = data.draw(st.sampled_from(self.tokens[-RECENT:]))
        for _ in range(deliveries):
            self._claim(*message)

    def _claim(self, key, token, stage):
        one = self.model.articles[key]
        granted = not one.outcome and (one.token, one.stage, one.claimed) == (token, stage, False)

        job = self.ledger.articles.claim(key, token, stage)

        assert (job is not None) == granted
        if job:
            one.claimed, one.attempts = True, one.attempts + 1
            assert job.attempts == one.attempts
            self.jobs.append((job, stage))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def fetched(self, data):
        job, stage = data.draw(st.sampled_from(self.jobs[-RECENT:]))
        if stage != "fetch":
            return
        one = self.model.holder(job)

        token = self.ledger.articles.fetched(job, "page-10", {})

        assert (token is not None) == (one is not None)
        if one:
            one.released(queued=False)
            one.stage, one.attempts, one.crashes = "process", 0, 0
            assert token == one.token
            self.tokens.append((job.id, token, "process"))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), counts=st.booleans())
    def put_back(self, data, counts):
        job, _ = data.draw(st.sampled_from(self.jobs[-RECENT:]))
        one = self.model.holder(job)
        reason = Reason.SERVER_ERROR if counts else Reason.HOST_BUSY

        said = self.ledger.articles.put_back(job, ZERO, reason, counts=counts)

        if one is None:
            assert said == "STALE"
        elif counts and one.stage == "process" and one.attempts >= ATTEMPTS:
            assert said == "EXHAUSTED"
        else:
            assert said == "BACK"
            one.attempts -= not counts
            one.released(queued=one.stage == "fetch")

    @precondition(lambda self: self.jobs)
    @rule(
        data=st.data(),
        outcome=st.sampled_from([Outcome.PUBLISHED, Outcome.PUBLISHED, Outcome.DROPPED, Outcome.DEAD]),
        canonical=st.sampled_from([CANONICAL, ""]),
    )
    def finish(self, data, outcome, canonical):
        job, _ = data.draw(st.sampled_from(self.jobs[-RECENT:]))
        self._finish(job, outcome, canonical or job.id)

    def _finish(self, job, outcome, canonical):
        events = [(f"{self.prefix}:articles", {"id": canonical})] if outcome is Outcome.PUBLISHED else []
        expected = self.model.finish(job, outcome.value, canonical)

        assert self.ledger.articles.finish(job, outcome, None, canonical_id=canonical, events=events) == expected

    @rule(busy=st.booleans())
    def all_die_and_are_swept(self, busy):
        for message in self.tokens[-RECENT:] if busy else []:
            self._claim(*message)
        self.ledger.articles.expire_leases()
        swept = self.ledger.articles.sweep()
        again, spent = {}, {}
        for key, one in self.model.open().items():
            if one.queued:
                continue
            one.crashes += one.claimed
            is_spent = one.crashes >= ATTEMPTS
            one.released(queued=one.stage == "fetch" and not is_spent)
            if not one.queued:
                (spent if is_spent else again)[key] = one.token

        assert {item.id: item.token for item in swept.again} == again
        assert {item.id: item.token for item in swept.spent} == spent
        self.tokens += [(item.id, item.token, "process") for item in swept.again]
        for item in swept.spent:
            self._finish(self.ledger.articles.job(item.id, item.token), Outcome.DEAD, item.id)

    def teardown(self):
        """Whatever happened: everything that is open can be finished, and the sums are right."""
        if not hasattr(self, "model"):
            return
        self.all_die_and_are_swept(busy=False)
        self.tick()
        for key, token, stage in self.tokens:
            job = self.ledger.articles.claim(key, token, stage)
            if job:
                self._finish(job, Outcome.PUBLISHED, CANONICAL)
        for key, one in self.model.articles.items():
            known = "published" if key in self.model.published else one.outcome
            assert self.ledger.status.outcome(key) == known != ""
        counts = self.ledger.status.counts()
        assert counts["in_flight"] == 0
        assert counts.get("discovered", 0) == sum(counts.values()) - counts.get("discovered", 0)
        sent = [fields["id"] for _, fields in connect(self.redis_url).xrange(f"{self.prefix}:articles")]
        assert len(sent) == len(set(sent)) == counts.get("published", 0)


@pytest.mark.timeout(300)
def test_the_ledger_does_what_the_model_does_in_any_order(redis_url):
    LedgerMachine.redis_url = redis_url

    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
