"""One run: articles are announced, faults strike, all settles, and the outcome is checked."""

from __future__ import annotations

import time
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.newsroom.bulk import BulkSite, Wire
from tools.chaos.check import Verdict, check
from tools.chaos.faults import Fault, Faults
from tools.chaos.memory import Memory
from tools.chaos.system import System, settings_for
from worker.core.errors import TransientError

_TURN_S = 0.1
_BACKLOG = 400  # articles announced and not published yet
_PATIENCE = 10  # mean waits that a fault waits for work to go on


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

    @property
    def articles_a_fault(self) -> float:
        """How many articles are to be published between two faults; two faults in three are kills."""
        return 0.0 if self.minutes else self.articles / self.kills / 1.5


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
        """Announce articles as they are worked off, and let faults happen, until there were enough of both.

        Faults keep step with the work, however slow the machine is; only when nothing moves they do not wait for it.
        """
        after, wanted = time.monotonic() + self._plan.pace, 0.0
        while not self._enough(site, faults):
            published = self._published(system)
            self._announce(site, faults, published)
            late = time.monotonic() - after
            if late >= 0 and (published >= wanted or late >= _PATIENCE * self._plan.pace):
                faults.strike()
                after = time.monotonic() + faults.wait(self._plan.pace)
                wanted = published + self._plan.articles_a_fault
            self._turn(system)

    def _enough(self, site: BulkSite, faults: Faults) -> bool:
        if self._plan.minutes:
            return time.monotonic() - self._begun > 60 * self._plan.minutes
        return _announced(site) == site.wire.articles and faults.kills >= self._plan.kills

    def _announce(self, site: BulkSite, faults: Faults, published: int) -> None:
        """Let the feeds list more, when little is left to do; the last articles wait for the last kills."""
        share = _announced(site) / site.wire.articles
        is_early = self._plan.minutes or share <= (faults.kills + 3) / self._plan.kills
        if share < 1 and is_early and _announced(site) - published < _BACKLOG:
            site.publish()
        if share > 0.5:
            site.revise()

    def _settle(self, system: System, site: BulkSite) -> None:
        """Wait until the ledger says that all is done, or until nothing has moved for long."""
        published, moved = 0, time.monotonic()
        while not self._is_done(system, site) and time.monotonic() - moved < self._plan.settle:
            self._turn(system)
            if (now := self._published(system)) > published:
                published, moved = now, time.monotonic()

    def _is_done(self, system: System, site: BulkSite) -> bool:
        if system.redis_is_down:
            return False
        counts = system.counts()
        return counts["in_flight"] == 0 and counts.get("discovered", 0) >= _announced(site)

    def _published(self, system: System) -> int:
        """Return how many articles are on the stream; 0 while Redis is down."""
        try:
            return system.published()
        except TransientError:
            return 0

    def _turn(self, system: System) -> None:
        system.tend()
        if not system.redis_is_down:
            self._memory.sample(system, time.monotonic() - self._begun)
        time.sleep(_TURN_S)


def _announced(site: BulkSite) -> int:
    return min(site.published * site.wire.hosts, site.wire.articles)


def recoveries(faults: list[Fault], published: list[float]) -> dict[str, list[float]]:
    """Return, by kind of fault, the seconds from each to the next article that was published (both Unix time)."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for fault in faults:
        if (after := bisect(published, fault.at)) < len(published):
            found[fault.kind].append(published[after] - fault.at)
    return found
