"""`onrecord why`: what is known of one feed or article, and how it came to that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from worker.adapters.redis.journal import JournalEntry
from worker.cli.source import is_url
from worker.cli.terminal import Terminal, print_json, words
from worker.core.errors import Reason, RejectedError
from worker.core.outcomes import spelled
from worker.core.urls import article_id, check_url
from worker.services import Services
from worker.views.history import ID, Facts, history


def why(services: Services, subject: str, *, as_json: bool) -> None:
    """Print the trace of a feed or an article, given by its URL or id.

    Raises:
        RejectedError: UNKNOWN, when there is no such feed or article.
        typer.BadParameter: It can be neither.
    """
    key = _key(subject)
    found = history(services, services.registry.key(subject) if is_url(subject) else key, key)
    if found is None:
        raise RejectedError(Reason.UNKNOWN, subject, "no feed and no article of this URL or id is known here")
    facts, attempts = found
    if as_json:
        print_json({**facts, "attempts": [asdict(one) for one in attempts]})
        return
    _print(facts, attempts)


def _key(subject: str) -> str:
    if is_url(subject):
        return article_id(check_url(subject))
    if not ID.fullmatch(subject):
        raise typer.BadParameter(f"{subject!r} is neither a URL nor an id, which has 16 or 32 hex digits")
    return subject


def _print(facts: Facts, attempts: list[JournalEntry]) -> None:
    console = Terminal(soft_wrap=True)
    for name, value in facts.items():
        console.print(Text.assemble((f"{name:>9}", "bold"), "  ", words(value)))
    if not attempts:
        console.print("no attempt is in the journal (any more)", style="dim")
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for row in map(_row, attempts):
        table.add_row(*row)
    console.print(table)


def _row(attempt: JournalEntry) -> Iterator[Any]:
    yield attempt.time.strftime("%m-%d %H:%M:%S")
    yield words(attempt.task)
    yield words(spelled(attempt.outcome) + (f" ({spelled(attempt.reason)})" if attempt.reason else ""))
    yield _took(attempt.took)
    yield words(attempt.detail)


def _took(span: timedelta) -> str:
    return f"{span.total_seconds():.2f} s"
