"""The control: the same stages without the ledger, as Celery programs are usually written.

Every advice for reliable Celery is followed (late acknowledgement, rejection when a child is lost, a sane visibility
timeout), the configuration is the product's own, and events are written when the work is done. What it lacks is one
truth about each article: `seen` says that one was queued, not that it was published.
"""

from __future__ import annotations

from datetime import UTC, datetime

from celery import Celery, shared_task

from config import limits
from config.broker import celery_config
from config.settings import Settings
from tools.chaos import hurry  # noqa: F401 - its visibility timeout, too, is a fourth
from worker.adapters.redis.registry import read_feeds
from worker.adapters.redis.store import connect
from worker.clean import clean
from worker.contract import encode
from worker.contract.event import STREAMS
from worker.core.jobs import Job
from worker.core.records import Article, FeedEntry, Page
from worker.core.urls import article_id
from worker.feeds.parse import parse
from worker.pipeline.extraction import statements_of
from worker.services import Services
from worker.versions.events import article_events

settings = Settings.from_env()
services = Services.of(settings)
_client = connect(services.redis_url)
app = Celery("naive", config_source=celery_config(settings, settings.redis_url or ""))
app.conf.beat_schedule = {"naive.polls": {"task": "naive.polls", "schedule": 5.0, "options": {"queue": "control"}}}


@shared_task(name="naive.polls")
def polls() -> None:
    """Queue a poll of every feed."""
    for url, *_ in read_feeds(settings.feeds):
        poll.apply_async((url,), queue="network")


@shared_task(name="naive.poll")
def poll(url: str) -> None:
    """Queue every article that was not queued before."""
    response = services.http.get(url, limits=limits.FEED)
    seen = f"{settings.key_prefix}:seen"
    for entry in parse(response.body, url=url, content_type=response.content_type).entries:
        if _client.sadd(seen, article_id(entry.url)):
            article.apply_async((entry.url,), queue="cpu")


@shared_task(name="naive.article")
def article(url: str) -> None:
    """Fetch, clean, extract, and write the events."""
    response = services.http.get(url, limits=limits.PAGE)
    now = datetime.now(UTC)
    page = Page(url, response.url, response.body, response.content_type, response.status, now)
    key = article_id(url)
    job = Job(key, 0, url, "", "", FeedEntry(url), 1, now)
    cleaned = clean(page)
    assert isinstance(cleaned, Article)
    said = statements_of(cleaned, services)
    for event in article_events(cleaned, said, job, page, article_id=key, source="urn:naive"):
        _client.xadd(f"{settings.key_prefix}:{STREAMS[event.noun]}", encode(event))
