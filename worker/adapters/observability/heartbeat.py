"""Liveness as files: a worker and a beat that make progress touch theirs, and whoever runs them looks how old it is.

A file costs a probe no Python and no connection; that Redis is gone makes nobody dead.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

#: In the state folder, by role.
ALIVE = {"worker": "worker.alive", "beat": "beat.alive"}


def touch(path: Path) -> None:
    """Say that there was progress just now; a disk that is full or gone must not stop it."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
