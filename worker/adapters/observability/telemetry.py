"""What error reports and spans say of the attempt in hand: its task, its subject, what it came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from worker.adapters.observability import sentry, tracing


@contextmanager
def attempt(task: str, fields: Mapping[str, object]) -> Iterator[dict[str, str]]:
    """Tell of whatever happens inside that it is an attempt at `task`, with the `fields` of its message.

    Yields:
        What the attempt came to, for the caller to fill.
    """
    with sentry.attempt(task, fields), tracing.attempt(task) as came:
        yield came


def claimed(*, article: str = "", feed: str = "", url: str = "", trace: str = "") -> None:
    """Say what the attempt in hand is about, and which trace it goes on with."""
    sentry.about({"article": article, "feed": feed, "url": url})
    tracing.claimed(trace, {"article": article, "feed": feed})
