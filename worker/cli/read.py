"""`onrecord consume`: events from the streams, for people or for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from worker.adapters.redis.event_log import alone
from worker.adapters.redis.store import connect, single, store_errors
from worker.cli import show
from worker.cli.filters import known_stream
from worker.cli.terminal import Terminal, print_json, words
from worker.contract import Event, Match
from worker.contract import consume as consume_group
from worker.services import Services
from worker.views.article import published


def consume(services: Services, stream: str, group: str, only: Match, *, follow: bool, as_json: bool) -> None:
    """Print the wanted events of a stream: all of them, or, in a group, each once over all its consumers."""
    known_stream(stream)
    if group and not follow:
        raise typer.BadParameter("a group waits for more; leave out --group or --no-follow", param_hint="--no-follow")
    client = connect(services.redis_url)
    with store_errors("streams"):
        client.ping()
    console = Terminal(soft_wrap=True)

    def show_one(event: Event) -> None:
        if as_json:
            print_json(event.data)
        else:
            print_event(console, event)

    prefix = services.settings.key_prefix
    if group:
        url = single(services.redis_url)
        consume_group(_unless_closed(show_one), stream, group=group, only=only, url=url, prefix=prefix)
        return
    for _, event in alone(client, f"{prefix}:{stream}", follow=follow):
        if only(event):
            show_one(event)


def _unless_closed(show_one: Callable[[Event], None]) -> Callable[[Event], None]:
    """End when nobody reads on (`| head`): the event at hand stays unacknowledged, and comes again."""

    def show_or_end(event: Event) -> None:
        try:
            show_one(event)
        except BrokenPipeError:
            raise SystemExit(0) from None

    return show_or_end


def print_event(console: Terminal, event: Event) -> None:
    """Print one event on one line."""
    if event.noun == "statement":
        console.print(show.statement_line(event))
    else:
        about = [event.data.get(name) for name in ("headline", "state", "reason", "url")]
        console.print(words(" ".join(filter(None, (event.time, *about, show.copy_of(event.data))))))


def statements_of_article(services: Services, key: str, url: str) -> list[dict[str, Any]]:
    """Return what one of the latest articles says now: by its id, or by the URL it was fetched from."""
    named = services.events.page("articles", lambda event: event.data.get("fetched_url") == url, limit=1).entries
    found = published(services, named[0].event.subject if named else key)
    return found.statements if found and not found.withdrawn else []
