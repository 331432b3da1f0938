"""One run: articles are announced, faults strike, all settles, and the outcome is checked."""

from __future__ import annotations

import time
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.check import Verdict, check
from tests.chaos.faults import Fault, Faults
from tests.chaos.memory import Memory
from tests.chaos.system import System, settings_for
from tests.newsroom.bulk import BulkSite, Wire
from worker.errors import TransientError

_TURN_S = 0.1


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does.

    Args:
        articles: How many the newsroom announces, on `hosts` hosts.
        kills: At least so many SIGKILLs come, spread over the run.
        pace: Mean seconds between two faults.
        minutes: When positive, articles and faults go on for so long, whatever `kills`.
        app: The Celery app: the product's, in a hurry, or the control.
        settle: Seconds without progress, once all faults are over, after which the run ends.
    """

    articles: int
    hosts: int
    kills: int
    pace: float
    minutes: float = 0.0
    app: str = "worker"
    settle: float = 240.0
    backlog: int = 400


@dataclass(slots=True)
class Result:
    """What a run came to."""

    seed: int
    plan: Plan
    seconds: float
    faults: list[Fault]
    recoveries: dict[str, list[float]]
    verdict: Verdict
    memory: Memory


class Run:
    """One run of a plan with a seed, in a folder of its own."""

    def __init__(self, plan: Plan, seed: int, folder: Path) -> None:
        self._plan, self._seed, self._folder = plan, seed, folder
        self._begun = time.monotonic()
        self._memory = Memory()

    def result(self) -> Result:
        """Run the plan, and check what came of it."""
        plan = self._plan
        wire = Wire(seed=self._seed, hosts=plan.hosts, articles=plan.articles)
        with (
            BulkSite(wire, published=1) as site,
            System(settings_for(site, self._folder), self._folder, plan.app) as system,
        ):
            faults = Faults(system, self._seed)
            self._strike(system, site, faults)
            system.proxy.heal()
            self._settle(system, site)
            seconds = time.monotonic() - self._begun
            published = [int(key.partition("-")[0]) / 1000 for key, _ in system.entries("articles")]
            verdict = check(system, site)
        return Result(self._seed, plan, seconds, faults.done, recoveries(faults.done, published), verdict, self._memory)

    def _strike(self, system: System, site: BulkSite, faults: Faults) -> None:
        """Announce articles as they are worked off, and let faults happen, until there were enough of both."""
        after = time.monotonic() + self._plan.pace
        while not self._enough(site, faults):
            self._announce(system, site, faults)
            if time.monotonic() >= after:
                faults.strike()
                after = time.monotonic() + faults.wait(self._plan.pace)
            self._turn(system)

    def _enough(self, site: BulkSite, faults: Faults) -> bool:
        if self._plan.minutes:
            return time.monotonic() - self._begun > 60 * self._plan.minutes
        return self._all_announced(site) and faults.kills >= self._plan.kills

    def _all_announced(self, site: BulkSite) -> bool:
        return site.published * site.wire.hosts >= site.wire.articles

    def _announce(self, system: System, site: BulkSite, faults: Faults) -> None:
        """Let the feeds list more, when little is left to do; the last articles wait for the last kills."""
        share = site.published * site.wire.hosts / site.wire.articles
        if self._all_announced(site) or (not self._plan.minutes and share > (faults.kills + 3) / self._plan.kills):
            return
        if self._open(system, site) < self._plan.backlog:
            site.publish()
        if share > 0.5:
            site.revise()

    def _settle(self, system: System, site: BulkSite) -> None:
        """Wait until all is worked off, or until nothing has moved for long."""
        least, moved = self._open(system, site), time.monotonic()
        while least > 0 and time.monotonic() - moved < self._plan.settle:
            self._turn(system)
            if (still := self._open(system, site)) < least:
                least, moved = still, time.monotonic()

    def _turn(self, system: System) -> None:
        system.tend()
        if not system.redis_is_down:
            self._memory.sample(system, time.monotonic() - self._begun)
        time.sleep(_TURN_S)

    def _open(self, system: System, site: BulkSite) -> int:
        """Return how many announced articles are not on the stream; as good as all, while Redis is down."""
        announced = min(site.published * site.wire.hosts, site.wire.articles)
        try:
            return announced - system.published()
        except TransientError:
            return announced


def recoveries(faults: list[Fault], published: list[float]) -> dict[str, list[float]]:
    """Return, by kind of fault, the seconds from each to the next article that was published (both Unix time)."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for fault in faults:
        if (after := bisect(published, fault.at)) < len(published):
            found[fault.kind].append(published[after] - fault.at)
    return found
