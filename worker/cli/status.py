"""`onrecord status`: one screen."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from config.broker import QUEUES, TICK_SILENCE
from worker.adapters.footprint import footprint
from worker.adapters.ledger import Health
from worker.adapters.store import connect, store_errors
from worker.services import Services


def status(services: Services, *, as_json: bool) -> bool:
    """Show articles by outcome with their sum checked, queues, streams and feeds; return whether all is well."""
    counts = services.ledger.counts()
    facts = {"articles": counts, "identity_holds": identity_holds(counts), **_lengths(services)}
    facts["memory"] = asdict(footprint(services.redis_url, services.settings.key_prefix))
    facts["feeds"] = len(services.registry.rows())
    facts["warnings"] = warnings(services.ledger.health())
    if as_json:
        print(json.dumps(facts))
    else:
        Console().print(table(facts))
    return bool(facts["identity_holds"]) and not facts["warnings"]


def warnings(health: Health) -> list[str]:
    """Return what keeps articles from moving on."""
    found = []
    if health.silence is None or health.silence > TICK_SILENCE:
        ago = f"for {health.silence.total_seconds():.0f} s" if health.silence else "yet"
        found.append(f"nothing was asked for {ago}: do a worker and a beat run?")
    if health.pause:
        found.append(
            f"paused for another {health.pause.total_seconds():.0f} s: everything failed, see the worker's log"
        )
    return found


def identity_holds(counts: dict[str, int]) -> bool:
    """Tell whether every article that was discovered is in flight or has exactly one outcome."""
    return counts.get("discovered", 0) == sum(number for name, number in counts.items() if name != "discovered")


def outcome_rows(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Return (number, label) per outcome, what was discovered first."""
    ordered = sorted(counts, key=lambda name: (name != "discovered", name))
    return [(f"{counts[name]:,}", name.replace(":", ": ").replace("_", " ")) for name in ordered]


def table(facts: dict[str, object]) -> Table:
    """Return the facts as a table."""
    shown = Table(box=None, show_header=False)
    shown.add_column(style="bold", justify="right")
    shown.add_column()
    for number, label in outcome_rows(dict(facts["articles"])):  # type: ignore[call-overload]
        shown.add_row(number, label)
    holds = facts["identity_holds"]
    shown.add_row("[green]✓[/]" if holds else "[red]✗[/]", "discovered = sum of all outcomes + in flight")
    for name, lengths in facts.items():
        if isinstance(lengths, dict) and name != "articles":
            shown.add_row("", f"[dim]{name}:[/] " + ", ".join(_number(key, value) for key, value in lengths.items()))
    shown.add_row(f"{facts['feeds']}", "feeds")
    for warning in facts["warnings"]:  # type: ignore[attr-defined]
        shown.add_row("[yellow]![/]", warning)
    return shown


def _number(name: str, value: float | None) -> str:
    """Return "name value"; what is not known is a dash."""
    return f"{name.replace('_', ' ')} {'-' if value is None else format(value, ',')}"


def _lengths(services: Services) -> dict[str, object]:
    prefix = services.settings.key_prefix
    streams = ("articles", "statements", "feeds", "dead")
    with store_errors("status"):
        waiting = connect(services.broker_url).pipeline(transaction=False)
        for queue in QUEUES:
            waiting.llen(f"{prefix}:celery:{queue}")
        published = connect(services.redis_url).pipeline(transaction=False)
        for stream in streams:
            published.xlen(f"{prefix}:{stream}")
        return {
            "queues": dict(zip(QUEUES, waiting.execute(), strict=True)),
            "streams": dict(zip(streams, published.execute(), strict=True)),
        }
