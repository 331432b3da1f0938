"""Outfits for bulk pages: the scripts, styles, drawings, menus and teasers around a text, 30 to 300 kB."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.newsroom import phrases

OUTFITS = 24
_SMALLEST, _LARGEST = 30_000, 290_000  # bytes around the text


@dataclass(frozen=True, slots=True)
class Outfit:
    """The markup of one host around its articles, half of it inert ballast."""

    head: str
    before: str
    after: str
    paragraph: str


@cache
def outfits() -> tuple[Outfit, ...]:
    """Build the outfits, from the smallest to the largest, once per process."""
    return tuple(_outfit(random.Random(f"outfit {number}"), number) for number in range(OUTFITS))


def _outfit(chance: random.Random, number: int) -> Outfit:
    share = number / (OUTFITS - 1)
    size = _SMALLEST * math.exp(share * math.log(_LARGEST / _SMALLEST))
    prefix = f"{chance.choice('abcdefgh')}{chance.randint(10, 99)}"
    return Outfit(
        head=_until(size * 0.35, lambda: chance.choice((_script, _style))(chance)),
        before=_menu(chance, prefix) + _until(size * 0.15, lambda: _drawing(chance)),
        after=_until(size * 0.5, lambda: _teaser(chance, prefix)),
        paragraph=f'<p class="{prefix}-par" data-track="{number}">{{}}</p>' if number % 3 else "<p>{}</p>",
    )


def _until(size: float, make: Callable[[], str]) -> str:
    """Join what `make` returns until that is `size` characters long."""
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        parts.append(make())
    return "\n".join(parts)


def _script(chance: random.Random) -> str:
    settings = ",".join(f'"k{chance.randrange(10**6)}":[{chance.random():.6f},!0,null]' for _ in range(60))
    return f"<script>(function(w){{w.__cfg=w.__cfg||[];w.__cfg.push({{{settings}}})}})(window);</script>"


def _style(chance: random.Random) -> str:
    rules = "".join(
        f".c{chance.randrange(16**6):06x}{{margin:{chance.randint(0, 40)}px;color:#{chance.randrange(16**6):06x}}}"
        for _ in range(60)
    )
    return f"<style>{rules}</style>"


def _drawing(chance: random.Random) -> str:
    path = " ".join(f"L{chance.uniform(0, 99):.2f} {chance.uniform(0, 99):.2f}" for _ in range(90))
    return f'<svg viewBox="0 0 99 99" aria-hidden="true"><path d="M0 0 {path}z"/></svg>'


def _menu(chance: random.Random, prefix: str) -> str:
    links = "".join(
        f'<li class="{prefix}-nav"><a href="/section/{chance.randint(1, 99)}">{name}</a></li>'
        for name in chance.sample(phrases.TOWNS, 12)
    )
    return f'<header class="{prefix}-top"><nav><ul>{links}</ul></nav></header>'


def _teaser(chance: random.Random, prefix: str) -> str:
    title = f"{chance.choice(phrases.THINGS).capitalize()} {chance.choice(phrases.EVENTS)}"
    classes = " ".join(f"{prefix}-{chance.randrange(16**4):04x}" for _ in range(4))
    return (
        f'<div class="{prefix}-card {classes}" data-id="{chance.randrange(10**8)}"><a href="/section/{title[4:7]}">'
        f'<img loading="lazy" alt="" src="/img/{chance.randrange(10**8)}.jpg" width="320" height="180">'
        f'<span class="{prefix}-title">{title} {chance.choice(phrases.TIMES)}</span></a>'
        f'<span class="{prefix}-time">{chance.randint(2, 59)} minutes ago</span></div>'
    )
