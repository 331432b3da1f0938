"""Tasks that keep the rest going."""

from typing import Any

from celery import shared_task

from tasks.base import run
from worker.core.messages import Sweep


@shared_task(name=Sweep.task)
def sweep(**fields: Any) -> None:
    """Bring back what got stuck."""
    run(Sweep, fields)
