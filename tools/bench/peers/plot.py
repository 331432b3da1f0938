"""Quality against speed as an SVG: linear up, logarithmic to the right, legible on light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 30, 56  # margins of the plotting area
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #555; }
.name { font-weight: 600; fill: #222; }
.grid { stroke: #ddd; } .human { stroke: #999; stroke-dasharray: 5 4; }
.ours { fill: #0b6bcb; } .peer { fill: #c25a1a; }
@media (prefers-color-scheme: dark) {
  text { fill: #aaa; } .name { fill: #eee; } .grid { stroke: #3a3a3f; } .human { stroke: #888; }
  .ours { fill: #6cb4ff; } .peer { fill: #f0955c; }
}
"""


_BELOW = 17  # of a name under its mark, clear of the line that shows what humans reach


@dataclass(frozen=True)
class Point:
    """A system: `speed` in articles per CPU second, `quality` as F1 in percent."""

    name: str
    speed: float
    quality: float
    ours: bool


def svg(points: Sequence[Point], human: float) -> str:
    """Return the plot; `human` is the quality of one annotator against another."""
    decades = range(floor(log10(min(p.speed for p in points))), ceil(log10(max(p.speed for p in points))) + 1)
    body = "\n".join((*_grid(decades, human), *(_mark(point, decades) for point in points)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Quality of statement extractors against their speed">\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )


def _grid(decades: range, human: float) -> Iterator[str]:
    for quality in range(0, 101, 20):
        y = _y(quality)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{quality}</text>'
    for decade in decades:
        x = _x(10**decade, decades)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**decade:g}</text>'
    y = _y(human)
    yield f'<line class="human" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    yield f'<text x="{LEFT + 6}" y="{y - 6:.1f}">one human against another</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">articles per CPU second</text>'
    yield f'<text x="{LEFT}" y="{TOP - 12}">content and source right, F1</text>'


def _mark(point: Point, decades: range) -> str:
    x, y = _x(point.speed, decades), _y(point.quality)
    kind = "ours" if point.ours else "peer"
    leftward = x > (LEFT + WIDTH - RIGHT) * 0.6
    at, anchor = (x - 11, "end") if leftward else (x + 11, "start")
    return (
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
        f'<text class="name" x="{at:.1f}" y="{y + _BELOW:.1f}" text-anchor="{anchor}">{escape(point.name)}</text>'
    )


def _x(speed: float, decades: range) -> float:
    share = (log10(speed) - decades[0]) / max(1, len(decades) - 1)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(quality: float) -> float:
    return TOP + (1 - quality / 100) * (HEIGHT - TOP - BOTTOM)
