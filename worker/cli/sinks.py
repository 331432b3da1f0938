"""`onrecord sinks list|retry`: where else events go, and how far that is."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from config.settings import Settings, process_environment
from worker.adapters.aside import Aside
from worker.adapters.store import connect, store_errors
from worker.cli import context
from worker.cli.show import example
from worker.errors import Reason, RejectedError
from worker.services import Services
from worker.sinks.sink import Sink, SinksFileError, read_sinks

app = typer.Typer(help="Where else events go (webhooks, RabbitMQ), and how far they are.", no_args_is_help=True)


def configured(settings: Settings) -> tuple[Sink, ...]:
    """Return the sinks of the configuration.

    Raises:
        SinksFileError: Naming all that is wrong with it.
    """
    from worker.adapters.exchange import SCHEMES  # noqa: PLC0415 - kombu, for those who have sinks

    path = settings.sinks
    try:
        return read_sinks(path.read_text(encoding="utf-8"), process_environment(), SCHEMES)
    except (OSError, UnicodeDecodeError) as error:
        raise SinksFileError([f"{path}: cannot be read: {error}"]) from error
    except SinksFileError as error:
        raise SinksFileError([f"{path}: {problem}" for problem in error.problems]) from error


@app.command(name="list", epilog=example("onrecord sinks list --json"))
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """Show each sink: what waits for it, what is set aside after a failure, what is dead."""
    services = context.services()
    rows = [_row(sink, services) for sink in configured(services.settings)]
    if as_json:
        for row in rows:
            print(json.dumps(row))
        return
    if not rows:
        print(f"no sinks in {services.settings.sinks}")
        return
    table = Table(*rows[0], box=None, header_style="dim")
    for row in rows:
        table.add_row(*("-" if value is None else str(value) for value in row.values()))
    Console().print(table)


@app.command(epilog=example("onrecord sinks retry desk"))
def retry(name: Annotated[str, typer.Argument(help="The sink's name.", metavar="SINK")]) -> None:
    """Deliver its dead letters again; go on with one that had answered that it is gone."""
    services = context.services()
    sink = next((each for each in configured(services.settings) if each.name == name), None)
    if sink is None:
        raise RejectedError(Reason.UNKNOWN, name, f"no sink has this name; see {services.settings.sinks}")
    count = _aside(sink, services).revive(sink.streams, services.clock.now())
    print(f"{count:,} on their way again; a sink that was gone goes on when `onrecord deliver` starts again")


def _aside(sink: Sink, services: Services) -> Aside:
    return Aside(services.redis_url, services.settings.key_prefix, sink.name)


def _row(sink: Sink, services: Services) -> dict[str, Any]:
    aside = _aside(sink, services)
    state = "gone" if aside.has_ended(sink.url) else "on"
    waiting = [_waiting(f"{services.settings.key_prefix}:{stream}", sink.group, services) for stream in sink.streams]
    known = [each for each in waiting if each is not None]
    total = sum(known) if len(known) == len(waiting) else None
    return {"name": sink.name, "state": state, "waiting": total, **aside.counts(sink.streams)}


def _waiting(key: str, group: str, services: Services) -> int | None:
    """Return how many entries a group has still to acknowledge; None where nobody knows."""
    client = connect(services.redis_url)
    with store_errors("sinks"):
        groups = client.xinfo_groups(key) if client.exists(key) else []
    for each in groups:
        if each["name"] == group and each["lag"] is not None:
            return int(each["lag"]) + int(each["pending"])
    return None
