"""Tasks on feeds."""

from typing import Any

from celery import shared_task

from tasks.base import run
from worker.core.messages import PollFeed, Tick


@shared_task(name=Tick.task)
def tick(**fields: Any) -> None:
    """Hand out what is due."""
    run(Tick, fields)


@shared_task(name=PollFeed.task)
def poll(**fields: Any) -> None:
    """Poll one feed."""
    run(PollFeed, fields)
