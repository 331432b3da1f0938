"""`onrecord sinks list|retry|drop`: where else events go, and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from config.settings import Settings, process_environment
from worker.adapters.redis.deferred import DeferredDeliveries
from worker.cli import context
from worker.cli.show import example
from worker.cli.terminal import Terminal, print_json, words
from worker.contract.event import STREAMS
from worker.core.errors import Reason, RejectedError
from worker.core.status import Group
from worker.delivery.config import Sink, SinksFileError, read_sinks
from worker.delivery.transports import registered
from worker.services import Services

app = typer.Typer(help="Where else events go, and how far they are.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The sink's name.", metavar="SINK")]


def configured(settings: Settings) -> tuple[Sink, ...]:
    """Return the sinks of the configuration.

    Raises:
        SinksFileError: Naming all that is wrong with it.
    """
    path = settings.sinks
    try:
        return read_sinks(path.read_text(encoding="utf-8"), process_environment(), registered())
    except (OSError, UnicodeDecodeError) as error:
        raise SinksFileError([f"{path}: cannot be read: {error}"]) from error
    except SinksFileError as error:
        raise SinksFileError([f"{path}: {problem}" for problem in error.problems]) from error


def facts(services: Services) -> list[dict[str, Any]]:
    """Return what is known of each sink; those that are no longer in the file, but for which events are kept, last.

    Raises:
        SinksFileError: As `configured`.
    """
    sinks, groups = configured(services.settings), services.streams.groups()
    rows = [_row(services, groups, sink.name, sink.streams, sink.url) for sink in sinks]
    left = sorted({group.name for group in groups if group.name.startswith("sink:")} - {sink.group for sink in sinks})
    return rows + [_row(services, groups, group.removeprefix("sink:"), tuple(STREAMS.values())) for group in left]


@app.command(name="list", epilog=example("onrecord sinks list --json"))
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """Show each sink: what waits for it, what is deferred after a failure, what is dead."""
    services = context.services()
    rows = facts(services)
    if as_json:
        for row in rows:
            print_json(row)
        return
    if not rows:
        Terminal(soft_wrap=True).print(f"no sinks in {services.settings.sinks}")
        return
    table = Table(*rows[0], box=None, header_style="dim")
    for row in rows:
        table.add_row(*(words(str(value)) for value in row.values()))
    Terminal().print(table)


@app.command(epilog=example("onrecord sinks retry desk"))
def retry(name: Name) -> None:
    """Deliver its dead letters again; go on with one that had answered that it is gone."""
    services = context.services()
    sink = _named(services, name)
    if sink is None:
        raise RejectedError(Reason.UNKNOWN, name, f"no sink has this name; see {services.settings.sinks}")
    count = _deferred(services, name).revive(sink.streams, services.clock.now())
    Terminal(soft_wrap=True).print(
        f"{count:,} on their way again; a sink that was gone goes on when `onrecord deliver` starts again"
    )


@app.command(epilog=example("onrecord sinks drop desk"))
def drop(name: Name) -> None:
    """Forget a sink that is no longer in the file, so that the streams keep nothing for it."""
    services = context.services()
    if _named(services, name):
        raise typer.BadParameter(
            f"it is still in {services.settings.sinks}; take it out there first", param_hint="SINK"
        )
    _deferred(services, name).drop(STREAMS.values())


def _named(services: Services, name: str) -> Sink | None:
    return next((sink for sink in configured(services.settings) if sink.name == name), None)


def _deferred(services: Services, name: str) -> DeferredDeliveries:
    return DeferredDeliveries(services.redis_url, services.settings.key_prefix, name)


def _row(
    services: Services, groups: Sequence[Group], name: str, streams: Sequence[str], url: str = ""
) -> dict[str, Any]:
    deferred = _deferred(services, name)
    state = "not in the file" if not url else "gone" if deferred.has_ended(url) else "on"
    waiting = sum(group.lag for group in groups if group.name == f"sink:{name}" and group.stream in streams)
    return {"name": name, "state": state, "waiting": waiting, **deferred.counts(streams)}
