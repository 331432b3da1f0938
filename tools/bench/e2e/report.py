"""Runs as one table, a column a run, and as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import psutil
from rich.table import Table

from tools.bench.e2e.run import HOSTS, POLL_S, Mark, Result
from tools.bench.e2e.stages import STAGES

_OURS = ("worker: children", "worker: parent", "beat", "Redis")
_TASKS = 2  # of an article: fetch, process; the poll of its feed brings others too


def table(results: Sequence[Result]) -> Table:
    """Return all figures, CPU in milliseconds an article."""
    made = Table(header_style="bold", box=None)
    made.add_column("")
    for one in results:
        workers = f"{one.plan.workers} process{'es' if one.plan.workers > 1 else ''}"
        made.add_column(f"{one.plan.articles:,}\n{workers}", justify="right")
    for rows in zip(*map(_rows, results), strict=True):
        name, style = rows[0][0], rows[0][2]
        made.add_row(name, *(shown for _, shown, _ in rows), style=style)
    return made


def title() -> str:
    """Return what was run, on what."""
    cores = len(os.sched_getaffinity(0))
    return (
        f"onrecord end to end on {cores} core{'s' if cores > 1 else ''}, newsroom, Redis and consumer among them: "
        f"{HOSTS} hosts, feeds polled every {POLL_S[0]} to {POLL_S[1]} s; CPU in ms an article"
    )


def _rows(one: Result) -> Iterator[tuple[str, str, str]]:
    full = one.full
    yield "articles a second", f"{_rate(full):.1f}", "bold"
    yield "statements an article", f"{one.statements:.1f}", ""
    yield "CPU of other programs meanwhile", f"{_others(full):.0%}", "dim"
    yield "", "", ""
    yield "worker, all processes", f"{worker_ms(full):.1f}", "bold"
    for stage in STAGES:
        yield f"  {stage}", f"{_ms(full, full.stages[stage]):.2f}", ""
    yield "  Celery in the parent", f"{_ms(full, full.cpu['worker: parent']):.2f}", ""
    for role in ("beat", "Redis", "consumer", "newsroom", "bench"):
        yield role, f"{_ms(full, full.cpu[role]):.2f}", ""
    yield "", "", ""
    for name, count in full.redis.items():
        yield f"Redis: {name} an article", f"{count / full.published:,.0f}", ""
    yield "", "", ""
    for name, value in one.floors_ms.items():
        yield f"floor: {name}", f"{value:.2f}", ""
    yield "worker + Redis : all floors", f"{_ratio(one):.1f}", "bold"
    yield "", "", ""
    for role, value in one.memory_mb.items():
        yield f"MB, {role}", f"{value:.0f}", ""
    yield "MB, one child's own", f"{one.own_mb:.0f}", ""
    yield "", "", ""
    yield "half speed: articles a second", f"{_rate(one.half):.1f}", ""
    yield "worker, all processes", f"{worker_ms(one.half):.1f}", ""
    for name, value in one.after_change_s.items():
        yield f"s from feed change to statement, {name}", f"{value:.2f}", "bold" if name == "p95" else ""
    for name, value in one.after_poll_s.items():
        yield f"s from poll to statement, {name}", f"{value:.2f}", ""


def record(one: Result) -> dict[str, Any]:
    """Return all figures of a run, and on what it ran, ready for JSON."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "hosts": HOSTS,
        "poll_s": POLL_S,
        **asdict(one),
        "articles_a_second": _rate(one.full),
        "worker_ms_an_article": worker_ms(one.full),
        "others_share_of_cpu": _others(one.full),
        "ratio_to_floors": _ratio(one),
    }


def worker_ms(mark: Mark) -> float:
    """Return CPU milliseconds of all processes of the worker, an article."""
    return _ms(mark, mark.cpu["worker: children"] + mark.cpu["worker: parent"])


def _ms(mark: Mark, seconds: float) -> float:
    return seconds / mark.published * 1e3


def _rate(mark: Mark) -> float:
    return mark.published / mark.at


def _others(mark: Mark) -> float:
    """Return the share of the machine that programs with no part in the run had."""
    return max(0.0, mark.machine - sum(mark.cpu.values())) / (mark.at * psutil.cpu_count())


def _ratio(one: Result) -> float:
    floors = one.floors_ms
    least = floors["parse"] + floors["bare GET"] + floors["raw XADD"] + _TASKS * floors["empty task"]
    return sum(_ms(one.full, one.full.cpu[role]) for role in _OURS) / least
