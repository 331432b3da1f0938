"""A small bar chart: numbers for a template, which draws it as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.views.activity import Activity

_WIDTH, _HEIGHT, _GAP = 360.0, 64.0, 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its title, what all bars come to, the highest value of one, and the bars that are not nothing."""

    title: str
    slug: str
    total: int
    most: int
    bars: list[Bar]


def charts(activity: Activity) -> list[Chart]:
    """Return a chart for each thing that is counted."""
    return [
        chart("Statements published", "statements", activity.statements),
        chart("Articles published", "articles", activity.articles),
        chart("Feeds polled", "polls", activity.polls),
        chart("Attempts that failed", "failures", activity.failures),
    ]


def chart(title: str, slug: str, values: Sequence[int]) -> Chart:
    """Return a chart whose highest bar fills its height."""
    most, step = max(values), _WIDTH / len(values)
    bars = [
        Bar(round(place * step, 2), round(_HEIGHT - height, 2), round(step - _GAP, 2), round(height, 2))
        for place, value in enumerate(values)
        if (height := max(2.0, _HEIGHT * value / most) if value else 0.0)
    ]
    return Chart(title, slug, sum(values), most, bars)
