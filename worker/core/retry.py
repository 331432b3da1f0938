"""How long to wait before the next attempt. Retries are due times in the ledger, never broker countdowns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with equal jitter, bounded; attempts and age are the ledger's to bound."""

    base: timedelta
    cap: timedelta

    def delay(self, failures: int, jitter: float, asked: timedelta | None = None) -> timedelta:
        """Return how long to wait after `failures` attempts have failed, counting the last one (>= 1).

        Uniform in the upper half of [0, min(cap, base * 2**(failures - 1))] by `jitter` in [0, 1), raised
        to `asked` when the server named a longer wait (RFC 9110, section 10.2.3). The lower half is left out
        because a host that failed just now wants its rest more than it fears a crowd: its queue spaces that.

        Source: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
        """
        longest: timedelta = min(self.cap, self.base * 2 ** min(failures - 1, 32))
        waited: timedelta = longest * (1 + jitter) / 2
        return max(waited, asked or timedelta(0))


#: For everything that goes over the network: the other side gets time to recover.
NETWORK = RetryPolicy(base=timedelta(seconds=10), cap=timedelta(hours=1))

#: For failures of our own store: soon, since nothing else is wrong.
STORE = RetryPolicy(base=timedelta(seconds=2), cap=timedelta(minutes=1))
