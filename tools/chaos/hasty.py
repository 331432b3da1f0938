"""The product's Celery app, in a hurry."""

from tools.chaos import hurry  # noqa: F401 - first: the app reads the limits
from worker.celery import app

__all__ = ["app"]
