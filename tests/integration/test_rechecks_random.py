"""Re-checks in any order with all that may happen meanwhile: what consumers have is the last version."""

import random

import pytest

from tests.integration.test_rechecks import BODY, Paper, events, keys, page
from tools.driver import attempt, drain
from worker.adapters.redis.store import connect
from worker.core.errors import Reason, RejectedError
from worker.core.messages import FetchArticle, ProcessArticle
from worker.core.records import FeedEntry
from worker.core.urls import article_id
from worker.pipeline.articles import conclude
from worker.pipeline.replay import replay
from worker.views.status import identity_holds

PATHS = ("/roof", "/quay", "/alias")
EDITS = ("before the winter", "when there is money", "or not at all", "")
OPERATIONS = (
    "write",
    "gone",
    "retitle",
    "look",
    "look",
    "look",
    "read",
    "read",
    "fail",
    "lose",
    "expire",
    "replay",
    "evict",
)


class World:
    """One site, one ledger, and workers that are as late as they like."""

    def __init__(self, services, paper, seed):
        self.services, self.paper, self.random = services, paper, random.Random(seed)
        self.messages = []
        for path in PATHS:
            self.write(path)
            self.admit(path)
            if self.random.random() < 0.8:
                drain(services)

    def step(self):
        getattr(self, self.random.choice(OPERATIONS))(self.random.choice(PATHS))

    def write(self, path):
        self.paper.behave(path)
        head = '<link rel=canonical href="/roof">' if path == "/alias" else ""
        body = BODY.replace("before the winter", self.random.choice(EDITS))
        self.paper.write(page(body, self.random.choice(["A Roof", "A Quay"]), head), path)

    def gone(self, path):
        self.paper.misbehave(path, status=self.random.choice([404, 410, 500]))

    def admit(self, path):
        self.services.articles.admit([FeedEntry(self.paper.url + path, title="A")], archive_of="feed")

    def retitle(self, path):
        title = str(self.random.random())
        self.services.articles.admit([FeedEntry(self.paper.url + path, title=title)], archive_of="feed")

    def look(self, path):
        self.services.snapshots.recheck(article_id(self.paper.url + path))
        self.messages += [FetchArticle(article_id=one.id, token=one.token) for one in self.services.articles.take()]

    def read(self, _path):
        if self.messages:
            at = self.random.randrange(len(self.messages))
            step = attempt(self.messages[at], self.services)  # and again, perhaps: messages come more than once
            if self.random.random() < 0.8:
                del self.messages[at]
            self.messages += step.then

    def fail(self, _path):
        if self.messages:
            message = self.random.choice(self.messages)
            job = self.services.articles.job(message.article_id, message.token)
            if job and job.recheck:
                conclude(message, RejectedError(Reason.HTTP_ERROR, "it"), self.services)

    def lose(self, _path):
        self.messages = self.messages[1:]

    def expire(self, _path):
        self.services.articles.expire_leases()
        again = self.services.articles.sweep().again
        self.messages += [ProcessArticle(article_id=one.id, token=one.token) for one in again]

    def replay(self, path):
        replay(article_id(self.paper.url + path), self.services, publish=True)

    def evict(self, _path):
        if self.random.random() < 0.05:
            self.services.pages.remove(self.services.snapshots.evict(0))

    def settle(self):
        """Let all that is under way come to its end, whatever was put back for later."""
        client, prefix = connect(self.services.redis_url), self.services.settings.key_prefix
        for path in PATHS:
            self.write(path)
        for _ in range(20):
            self.expire("")
            for message in self.messages:
                attempt(message, self.services)
            self.messages = []
            for queue in client.keys(f"{prefix}:queue:*"):
                client.zadd(queue, dict.fromkeys(client.zrange(queue, 0, -1), 0))
                client.zadd(f"{prefix}:hosts", {queue.split(":queue:")[1]: 0})
                client.delete(f"{prefix}:host:{queue.split(':queue:')[1]}")
            client.delete(f"{prefix}:breaker")
            drain(self.services)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_whatever_order_consumers_have_the_last_version(services, seed):
    with Paper() as paper:
        world = World(services, paper, seed)
        for _ in range(60):
            world.step()
        world.settle()

    sent = events(services)
    assert len({event.id for event in sent}) == len(sent)
    counts = services.status.counts()
    assert identity_holds(counts)
    assert counts["in_flight"] == 0
    assert keys(services, "job:*") + keys(services, "running") + keys(services, "queue:*") == []
    editions = [services.snapshots.get(name.rpartition(":")[2]) for name in keys(services, "edition:*")]
    assert {name.rpartition(":page:")[2] for name in keys(services, "page:*")} == {one.job.page_ref for one in editions}
    for edition in editions:
        latest = [event for event in sent if event.subject == edition.article_id][-1]
        assert standing(sent, edition.article_id) == set(latest.data.get("statement_ids", ()))


def standing(sent, article):
    """Return the ids of the statements that a consumer has of an article."""
    ids = set()
    for event in sent:
        if "article" in event.data and event.data["article"]["id"] == article:
            (ids.discard if "retracted" in event.type else ids.add)(event.subject)
    return ids
