"""Bars on a logarithmic scale as an SVG, legible on light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 250, 40, 12, 44
_ROW, _BAR = 34, 20
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #555; }
.name { font-weight: 600; fill: #222; }
.grid { stroke: #ddd; }
.ours { fill: #0b6bcb; } .peer { fill: #c25a1a; }
@media (prefers-color-scheme: dark) {
  text { fill: #aaa; } .name { fill: #eee; } .grid { stroke: #3a3a3f; }
  .ours { fill: #6cb4ff; } .peer { fill: #f0955c; }
}
"""


class Bar(NamedTuple):
    """A system and its articles per CPU second."""

    name: str
    speed: float
    ours: bool


def svg(bars: Sequence[Bar]) -> str:
    """Return the picture, the fastest on top."""
    ordered = sorted(bars, key=lambda bar: -bar.speed)
    decades = range(floor(log10(ordered[-1].speed)), ceil(log10(ordered[0].speed)) + 1)
    height = _TOP + _ROW * len(ordered) + _BOTTOM
    body = "\n".join((*_grid(decades, height), *(_bar(n, bar, decades) for n, bar in enumerate(ordered))))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="From page to statements: articles per CPU second">\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )


def _grid(decades: range, height: int) -> Iterator[str]:
    for decade in decades:
        x = _x(10**decade, decades)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{height - _BOTTOM}"/>'
        yield f'<text x="{x:.1f}" y="{height - _BOTTOM + 18}" text-anchor="middle">{10**decade:g}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text x="{middle}" y="{height - 6}" text-anchor="middle">articles per CPU second</text>'


def _bar(number: int, bar: Bar, decades: range) -> str:
    y = _TOP + _ROW * number + (_ROW - _BAR) / 2
    x = _x(bar.speed, decades)
    text = y + _BAR / 2 + 4
    return (
        f'<text class="name" x="{_LEFT - 10}" y="{text:.1f}" text-anchor="end">{escape(bar.name)}</text>'
        f'<rect class="{"ours" if bar.ours else "peer"}" x="{_LEFT}" y="{y:.1f}" width="{x - _LEFT:.1f}" '
        f'height="{_BAR}" rx="2"/><text x="{x + 6:.1f}" y="{text:.1f}">{bar.speed:.3g}</text>'
    )


def _x(speed: float, decades: range) -> float:
    return _LEFT + (log10(speed) - decades[0]) / max(1, len(decades) - 1) * (_WIDTH - _LEFT - _RIGHT)
