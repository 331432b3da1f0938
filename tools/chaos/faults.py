"""The seeded scheduler of faults: what goes wrong next, and with whom."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tools.chaos.system import System, children, kill_tree, send

#: A network fault lasts at most this long: more than the socket timeout of 5 s, so that both sides of it occur.
_LONGEST_S = 8.0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was done to the system; `at` is Unix time."""

    kind: str
    at: float

    @property
    def is_kill(self) -> bool:
        """Tell whether it was a SIGKILL."""
        return self.kind.startswith("kill")


class Faults:
    """Does one fault after the other; the same seed gives the same kinds and the same waits."""

    def __init__(self, system: System, seed: int) -> None:
        self._system = system
        self._kinds = random.Random(f"kinds {seed}")
        self._chance = random.Random(f"victims {seed}")  # how many numbers are drawn depends on who lives
        self.done: list[Fault] = []

    @property
    def kills(self) -> int:
        """How many of the faults so far were SIGKILLs."""
        return sum(fault.is_kill for fault in self.done)

    def wait(self, mean: float) -> float:
        """Return the seconds until the next fault: `mean` on average."""
        return self._kinds.uniform(0.3, 1.7) * mean

    def strike(self) -> None:
        """Do one fault; while Redis is down, a child is killed in its place."""
        (kind,) = self._kinds.choices(_KINDS, _WEIGHTS)
        if self._system.redis_is_down and "redis" in kind.name:
            kind = _KINDS[0]
        self.done.append(Fault(kind.name, time.time()))
        kind.do(self._system, self._chance)


def _kill_child(system: System, chance: random.Random) -> None:
    if found := children(chance.choice(system.workers)):
        send(chance.choice(found), signal.SIGKILL)


def _kill_worker(system: System, chance: random.Random) -> None:
    send(chance.choice(system.workers), signal.SIGKILL)


def _kill_tree(system: System, chance: random.Random) -> None:
    kill_tree(chance.choice(system.workers))


def _kill_beat(system: System, chance: random.Random) -> None:
    send(chance.choice(system.beats), signal.SIGKILL)


def _kill_redis(system: System, chance: random.Random) -> None:
    system.kill_redis()
    system.later(chance.uniform(0.0, 3.0), system.revive_redis)


def _kill_all(system: System, chance: random.Random) -> None:
    for pid in [*system.workers, *system.beats]:
        kill_tree(pid)
    _kill_redis(system, chance)


def _stop_child(system: System, chance: random.Random) -> None:
    for pid in children(chance.choice(system.workers))[:1]:
        _stop(system, pid, chance)


def _stop_worker(system: System, chance: random.Random) -> None:
    _stop(system, chance.choice(system.workers), chance)


def _stop_redis(system: System, chance: random.Random) -> None:
    _stop(system, system.redis_pid, chance)


def _stop(system: System, pid: int, chance: random.Random) -> None:
    send(pid, signal.SIGSTOP)
    system.later(chance.uniform(1.0, _LONGEST_S), lambda: send(pid, signal.SIGCONT))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of fault, and how often it comes in proportion to the others."""

    name: str
    weight: int
    do: Callable[[System, random.Random], object]


_KINDS = (
    _Kind("kill child", 30, _kill_child),
    _Kind("kill worker", 8, _kill_worker),
    _Kind("kill worker tree", 8, _kill_tree),
    _Kind("kill beat", 10, _kill_beat),
    _Kind("kill redis", 10, _kill_redis),
    _Kind("kill everything with redis", 2, _kill_all),
    _Kind("stop child", 4, _stop_child),
    _Kind("stop worker", 4, _stop_worker),
    _Kind("stop redis", 2, _stop_redis),
    _Kind("half-open", 5, lambda system, _: system.proxy.half_open()),
    _Kind("freeze", 4, lambda system, chance: system.proxy.freeze(chance.uniform(1.0, _LONGEST_S))),
    _Kind("delay", 4, lambda system, chance: system.proxy.delay(chance.uniform(1.0, 4.0), each=0.2)),
    _Kind("drop replies", 8, lambda system, chance: system.proxy.drop_replies(chance.randint(1, 5))),
    _Kind("swallow replies", 6, lambda system, chance: system.proxy.swallow_replies(chance.randint(1, 3))),
)
_WEIGHTS = [kind.weight for kind in _KINDS]
