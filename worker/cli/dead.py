"""`onrecord dead list|show|retry|drop`: the articles that could not be published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import track
from rich.table import Table

from worker.cli import context
from worker.cli.show import example
from worker.cli.terminal import Terminal, print_json, words
from worker.cli.why import why
from worker.contract.article import DeadData
from worker.core.errors import Reason, RejectedError
from worker.services import Services
from worker.views.dead_letters import dead

app = typer.Typer(help="The articles that could not be published, and what is to become of them.", no_args_is_help=True)
console = Terminal(soft_wrap=True)

OfReason = Annotated[str, typer.Option("--reason", help="Only those that died of this, such as timed_out.")]
OfStage = Annotated[str, typer.Option("--stage", help="Only those that died in this stage: fetch, process or sweep.")]
Ids = Annotated[
    list[str] | None, typer.Argument(help="Ids; without any, all that --reason and --stage leave.", metavar="[ID]...")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say which.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command(name="list", epilog=example("onrecord dead list --stage fetch"))
def list_(reason: OfReason = "", stage: OfStage = "", as_json: AsJson = False) -> None:
    """List the dead letters, the newest first."""
    letters = list(dead(context.services(), reason=reason, stage=stage))
    if as_json:
        for time, letter in letters:
            print_json({"time": time, **asdict(letter)})
        return
    console.print(_table(letters) if letters else "nothing is dead")


@app.command(epilog=example("onrecord dead show 4bf92f3577b34da6a3ce929d0e0e4736"))
def show(
    article: Annotated[str, typer.Argument(help="The article's id.", metavar="ID")], as_json: AsJson = False
) -> None:
    """Show a dead letter and the attempts that led to it."""
    services = context.services()
    ((time, letter),) = _named(services, [article])
    if not as_json:
        console.print(_table([(time, letter)]))
    why(services, letter.id, as_json=as_json)


@app.command(epilog=example("onrecord dead retry --reason timed_out --dry-run"))
def retry(ids: Ids = None, reason: OfReason = "", stage: OfStage = "", dry_run: DryRun = False) -> None:
    """Try again: from the page where that was kept, else from the URL."""
    services = context.services()
    letters = _chosen(services, ids, reason, stage)
    _each(
        letters,
        lambda one: services.dead_letters.retry(one.id, one.url, one.feed_id or ""),
        "on its way again",
        dry_run,
    )


@app.command(epilog=example("onrecord dead drop --reason http_error"))
def drop(ids: Ids = None, reason: OfReason = "", stage: OfStage = "", dry_run: DryRun = False) -> None:
    """Give up: count it as dropped (given_up), and forget its page."""
    services = context.services()
    _each(_chosen(services, ids, reason, stage), lambda one: services.dead_letters.give_up(one.id), "dropped", dry_run)


def _chosen(services: Services, ids: list[str] | None, reason: str, stage: str) -> list[DeadData]:
    if bool(ids) == bool(reason or stage):
        raise typer.BadParameter("name ids, or a --reason or --stage", param_hint="ID")
    letters = _named(services, ids) if ids else dead(services, reason=reason, stage=stage)
    return [letter for _, letter in letters]


def _named(services: Services, ids: list[str]) -> list[tuple[str, DeadData]]:
    letters = {letter.id: (time, letter) for time, letter in dead(services) if letter.id in ids}
    for article in ids:
        if article not in letters:
            raise RejectedError(Reason.UNKNOWN, article, "no dead letter has this id; see onrecord dead list")
    return [letters[article] for article in ids]


def _each(letters: list[DeadData], act: Callable[[DeadData], bool], outcome: str, dry_run: bool) -> None:
    if dry_run:
        for letter in letters:
            console.print(words(f"{letter.id} {letter.reason} {letter.url}"))
    shown = track(letters, "dead letters", console=Terminal(stderr=True), transient=True, disable=dry_run)
    done = len(letters) if dry_run else sum(act(letter) for letter in shown)
    console.print(f"{done:,} {'would be ' if dry_run else ''}{outcome}")


def _table(letters: list[tuple[str, DeadData]]) -> Table:
    table = Table("time", "id", "stage", "reason", "tries", "url", box=None, header_style="dim")
    for time, letter in letters:
        cells = (time, letter.id, letter.stage, letter.reason, str(letter.attempts), letter.url)
        table.add_row(*map(words, cells))
        if letter.detail:
            table.add_row("", "", "", "", "", words(letter.detail, "dim"))
    return table
