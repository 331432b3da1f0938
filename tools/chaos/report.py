"""Runs as tables."""

from __future__ import annotations

from statistics import median

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tools.chaos.run import Result

_SHOWN = 5


def report(result: Result) -> RenderableType:
    """Return what a run came to: the verdict, the faults with the time to recover, and what went wrong."""
    return Group(_verdict(result), _faults(result), *_wrongs(result))


def _verdict(result: Result) -> Table:
    verdict, (early, late) = result.verdict, result.memory.growth()
    table = Table(title=f"seed {result.seed}, {result.plan.app}", title_justify="left", box=None, show_header=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_row(f"{verdict.articles:,}", f"articles, {verdict.statements:,} statements, in {result.seconds:.0f} s")
    kills = sum(fault.is_kill for fault in result.faults)
    table.add_row(str(kills), f"processes killed with SIGKILL, {len(result.faults) - kills} other faults")
    for name in ("lost", "doubled", "altered", "dead"):
        number = len(getattr(verdict, name))
        table.add_row(f"[{'red' if number else 'green'}]{number}[/]", name)
    table.add_row("[green]✓[/]" if verdict.identity else "[red]✗[/]", "discovered = sum of all outcomes")
    table.add_row(f"{verdict.refetch:.3f}", "fetches an article")
    table.add_row(f"{early.redis:.0f}, {late.redis:.0f}", "MB used by Redis, early and late")
    table.add_row(f"{early.worker:.0f}, {late.worker:.0f}", "MB of the largest worker process, early and late")
    return table


def _faults(result: Result) -> Table:
    table = Table(box=None, header_style="bold", title="faults, and seconds to the next article", title_justify="left")
    table.add_column("")
    for name in ("number", "median", "longest"):
        table.add_column(name, justify="right")
    kinds = sorted({fault.kind for fault in result.faults})
    for kind in kinds:
        number = sum(fault.kind == kind for fault in result.faults)
        times = result.recoveries.get(kind, [0.0])
        table.add_row(kind, str(number), f"{median(times):.1f}", f"{max(times):.1f}")
    return table


def _wrongs(result: Result) -> list[Text]:
    wrong: list[Text] = []
    for name in ("lost", "doubled", "altered", "dead"):
        sentences = getattr(result.verdict, name)
        wrong += [Text(f"{name}: {sentence}", style="red") for sentence in sentences[:_SHOWN]]
        if len(sentences) > _SHOWN:
            wrong.append(Text(f"{name}: and {len(sentences) - _SHOWN} more", style="red"))
    return wrong
