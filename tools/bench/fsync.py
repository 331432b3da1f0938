"""What SIGKILL of Redis loses under each fsync policy, and what the policy costs: `python -m tools.bench.fsync`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

import redis
from rich.console import Console
from rich.table import Table

from worker.adapters import embedded
from worker.adapters.redis.store import connect

_SECONDS = 3.0
_EVENT = "x" * 900  # as large as an article's event without its text
_COMMIT = "for i = 1, 3 do redis.call('XADD', KEYS[1], '*', 'event', ARGV[1]) end return redis.call('XLEN', KEYS[1])"


def main() -> None:
    """Print a table: commits acknowledged before the kill, found after it, and their rate."""
    table = Table(box=None, header_style="bold")
    for name in ("appendfsync", "acknowledged", "lost", "commits/s"):
        table.add_column(name, justify="right")
    for policy in ("always", "everysec", "no"):
        acknowledged, found = killed(policy)
        row = (acknowledged, max(0, acknowledged - found), acknowledged / _SECONDS)
        table.add_row(policy, *(f"{number:,.0f}" for number in row))
    Console().print(table)


def killed(policy: str) -> tuple[int, int]:
    """Commit one after the other until Redis is killed; return how many were acknowledged, and are there afterwards."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        client = connect(embedded.ensure(folder))
        client.config_set("appendfsync", policy)
        commit = client.register_script(_COMMIT)
        Timer(_SECONDS, os.kill, (client.info("server")["process_id"], signal.SIGKILL)).start()
        acknowledged, deadline = 0, time.monotonic() + 10 * _SECONDS
        try:
            while time.monotonic() < deadline:
                acknowledged = commit(keys=["stream"], args=[_EVENT]) // 3
        except redis.ConnectionError:
            pass
        found = connect(embedded.ensure(folder)).xlen("stream") // 3
        embedded.stop(folder)
    return acknowledged, found


if __name__ == "__main__":
    main()
