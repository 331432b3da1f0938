"""What a run of the simulation came to, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles

from tools.simulation.publisher import Publisher
from tools.simulation.world import Watched, World


@dataclass(frozen=True, slots=True)
class Report:
    """Lags and waits in seconds."""

    feeds: int
    polls: int
    entries: int
    lag_median: float
    lag_p90: float
    wait_max: float
    missed: int
    gaps: int
    unannounced: int
    longest: float

    @classmethod
    def of(cls, world: World, feeds: list[Watched]) -> Report:
        """Count."""
        return cls(
            feeds=len(feeds),
            polls=sum(feed.polls for feed in feeds),
            entries=len(world.lags),
            lag_median=median(world.lags),
            lag_p90=quantiles(world.lags, n=10)[-1],
            wait_max=max(world.waits),
            missed=sum(feed.missed for feed in feeds),
            gaps=sum(feed.gaps for feed in feeds),
            unannounced=world.unannounced,
            longest=max(feed.longest for feed in feeds),
        )


def play(publishers: list[Publisher], days: int) -> tuple[World, list[Watched], Report]:
    """Run the adaptive schedule."""
    world = World(publishers)
    feeds = world.run(days)
    return world, feeds, Report.of(world, feeds)
