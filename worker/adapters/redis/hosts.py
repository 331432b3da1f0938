"""Hosts in the ledger: when each may be asked, and how often. Implements `worker.ports.Hosts`."""

from __future__ import annotations

from datetime import timedelta

from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import in_ms, store_errors
from worker.core.status import HostState
from worker.fetch.pace import HostPace
from worker.ports import Hosts


class RedisHosts(Hosts):
    """One hash a host, and a queue of what waits for it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._pace = ledger.pace
        self._run = ledger.run

    def permit(self, host: str) -> timedelta:
        pace = self._pace
        wait = self._run("permit", host=host, spacing=in_ms(pace.spacing), concurrency=pace.concurrency)
        return timedelta(milliseconds=int(wait))

    def pace(self, host: str) -> HostPace:
        with store_errors(host):
            spacing, answered = self._ledger.client.hmget(self._ledger.key(f"host:{host}"), ["spacing", "ok"])
        learnt = timedelta(milliseconds=float(spacing or 0))
        return HostPace(max(learnt, self._pace.spacing), had_success=answered is not None)

    def heard(self, host: str, pace: HostPace, *, age: timedelta, hold: timedelta) -> None:
        self._run(
            "heard",
            host=host,
            spacing=in_ms(pace.spacing),
            age=in_ms(age),
            hold=in_ms(hold),
            ok=int(pace.had_success),
            concurrency=self._pace.concurrency,
        )

    def state(self, host: str) -> HostState:
        with store_errors(host):
            now = self._ledger.now_ms()
            pipe = self._ledger.client.pipeline(transaction=False)
            pipe.hmget(self._ledger.key(f"host:{host}"), ["slot", "starting", "spacing", "busy"])
            pipe.zcard(self._ledger.key(f"queue:{host}"))
            state, queued = pipe.execute()
        slot, starting, spacing, busy = (float(value or 0) for value in state)
        wait = max(slot, starting, 0) - now
        return HostState(
            timedelta(milliseconds=max(wait, 0)),
            max(timedelta(milliseconds=spacing), self._pace.spacing),
            int(busy),
            int(queued),
        )

    def waiting(self, most: int) -> list[str]:
        with store_errors("hosts"):
            return list(self._ledger.client.zrange(self._ledger.key("hosts"), 0, most - 1))
