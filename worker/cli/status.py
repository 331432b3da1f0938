"""`onrecord status`: one screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from rich.live import Live
from rich.table import Table
from rich.text import Text

from worker.cli.terminal import Terminal, line, print_json, words
from worker.core.errors import TransientError
from worker.core.outcomes import spelled
from worker.services import Services
from worker.views.status import facts

_EVERY_S = 1.0


def status(services: Services, *, as_json: bool) -> bool:
    """Show articles by outcome with their sum checked, queues, streams and feeds; return whether all is well."""
    known = facts(services)
    if as_json:
        print_json(known)
    else:
        Terminal().print(table(known))
    return bool(known["identity_holds"]) and not known["warnings"]


def watch(services: Services, *, as_json: bool) -> None:
    """Show the same every second on one screen, or as one line of JSON, until Ctrl-C; wait for a Redis that is away."""
    with suppress(KeyboardInterrupt), _screen(as_json=as_json) as show:
        before: dict[str, int] = {}
        while True:
            try:
                known = facts(services)
                show(known if as_json else table(known, before))
                before = known["articles"]
            except TransientError as gone:
                shown = {"error": gone.detail}
                show(shown if as_json else words(f"Redis cannot be used: {gone.detail}", "yellow"))
            time.sleep(_EVERY_S)


@contextmanager
def _screen(*, as_json: bool) -> Iterator[Callable[[Any], None]]:
    if as_json:
        yield print_json
        return
    with Live(console=Terminal(), screen=True, auto_refresh=False) as live:
        yield partial(live.update, refresh=True)


def outcome_rows(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Return (number, label) per outcome, what was discovered first."""
    return [(f"{counts[name]:,}", spelled(name)) for name in _ordered(counts)]


def table(known: dict[str, Any], before: dict[str, int] | None = None) -> Table:
    """Return the facts as a table, with what changed since the counts of `before`."""
    shown = Table(box=None, show_header=False)
    shown.add_column(style="bold", justify="right")
    shown.add_column()
    counts = known["articles"]
    for name in _ordered(counts):
        change = counts[name] - before.get(name, 0) if before else 0
        shown.add_row(f"{counts[name]:,}", Text.assemble(spelled(name), (f" {change:+,}" if change else "", "cyan")))
    holds = known["identity_holds"]
    shown.add_row(Text("✓", "green") if holds else Text("✗", "red"), "discovered = sum of all outcomes + in flight")
    for name, lengths in known.items():
        if isinstance(lengths, dict) and name not in ("articles", "groups"):
            numbers = ", ".join(_number(key, value) for key, value in lengths.items())
            shown.add_row("", Text.assemble((f"{name}: ", "dim"), numbers))
    for name, group in known["groups"].items():
        more = "+" if group["is_more"] else ""
        oldest = f", the oldest for {group['behind_s']:,} s" if group["lag"] else ""
        shown.add_row(f"{group['lag']:,}{more}", f"entries wait for the group {line(name)}{oldest}")
    shown.add_row(f"{known['feeds']}", "feeds")
    for warning in known["warnings"]:
        shown.add_row(Text("!", "yellow"), words(warning))
    return shown


def _ordered(counts: dict[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (name != "discovered", name))


def _number(name: str, value: float | None) -> str:
    """Return "name value"; what is not known is a dash."""
    return f"{name.replace('_', ' ')} {'-' if value is None else format(value, ',')}"
