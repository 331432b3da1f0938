"""Tasks on articles."""

from typing import Any

from celery import shared_task

from tasks.base import run
from worker.core.messages import FetchArticle, ProcessArticle


@shared_task(name=FetchArticle.task)
def fetch(**fields: Any) -> None:
    """Fetch one article."""
    run(FetchArticle, fields)


@shared_task(name=ProcessArticle.task)
def process(**fields: Any) -> None:
    """Clean one page, extract its statements, publish both."""
    run(ProcessArticle, fields)
