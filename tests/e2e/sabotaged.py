"""The product's app in a hurry, with stages that fail while a file in the state folder says so."""

import os

from config import broker
from tools.chaos.hasty import app
from worker.celery import settings
from worker.contract import InvalidEventError
from worker.pipeline import extraction

__all__ = ["app"]

broker.STALL_LIMIT /= 5
_clean, _events = vars(extraction)["clean"], vars(extraction)["article_events"]


def _deadly(page):
    """Kill the process that cleans the poisoned page, as an exhausted memory or a broken C library would."""
    if (settings.state_dir / "poison").exists() and "/news/7/" in page.url:
        os.abort()
    return _clean(page)


def _invalid(*arguments, **named):
    if (settings.state_dir / "invalid").exists():
        raise InvalidEventError("sabotaged")
    return _events(*arguments, **named)


vars(extraction).update(clean=_deadly, article_events=_invalid)
