"""A worker and a beat as processes of our own: started together, looked after, ended together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.settings import ROOT, Settings, process_environment, to_env
from worker.core.errors import Reason, RejectedError

_STOP_DEADLINE_S = 45.0
_PR_SET_PDEATHSIG = 1
_CELERY = {"worker": ["worker", "--without-gossip", "--without-mingle"], "beat": ["beat", "--pidfile", ""]}
_DELIVER = ["-c", "from worker.cli import main; main()", "deliver"]
#: Whoever ends this often within this time will not get better by another start.
_MOST_ENDS = 10
_ENDS_WITHIN_S = 60.0


@dataclass
class Processes:
    """A worker and a beat, started again when they die; they end when whoever started them does, also by kill -9.

    Args:
        redis_url: The Redis of both.
        settings: Their settings.
        log: The file that both log to.
        app: The module with the Celery app.
        delivers: Whether `onrecord deliver` runs beside them.
    """

    redis_url: str
    settings: Settings
    log: Path
    app: str = "worker"
    delivers: bool = False
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start all."""
        for name in (*_CELERY, *(["deliver"] if self.delivers else [])):
            self.running[name] = self._start(name)

    def tend(self) -> list[str]:
        """Start again what ended by itself, and return its names; to be called now and then, by the main thread.

        Raises:
            RejectedError: BUG, when they end as fast as they are started.
        """
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        now = time.monotonic()
        self._ends = [end for end in self._ends if now - end < _ENDS_WITHIN_S] + [now] * len(ended)
        if len(self._ends) > _MOST_ENDS:
            raise RejectedError(Reason.BUG, ended[0], f"ends as often as it is started: see {self.log}")
        for name in ended:
            self.running[name] = self._start(name)
        return ended

    def stop(self) -> None:
        """Ask all to end, and wait; what they held is handed out again at the next start."""
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_DEADLINE_S
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *self._arguments(name)],
                cwd=ROOT,
                env={**process_environment(), **to_env(replace(self.settings, redis_url=self.redis_url))},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - calls the kernel once, and nothing of Python's
            )

    def _arguments(self, name: str) -> list[str]:
        return _DELIVER if name == "deliver" else ["-m", "celery", "-A", self.app, "--quiet", *_CELERY[name]]


def end_with_parent() -> None:
    """Have the kernel end this process when its parent dies, however that happens (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
