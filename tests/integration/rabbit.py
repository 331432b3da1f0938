"""A RabbitMQ node of our own: private folder, private ports, killed and started again on demand."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Self

from tools.wait import wait_for

#: Debian's own program on the PATH changes user and folder first; the one behind it does not.
_BEHIND = "/usr/lib/rabbitmq/bin/rabbitmq-server"
#: Where Mnesia, its database, keeps transactions and tables.
_TABLES = {".LOG", ".DCD", ".DCL"}


def find_server() -> str | None:
    """Return the path of the server program, or None."""
    return _BEHIND if Path(_BEHIND).exists() else shutil.which("rabbitmq-server")


class Rabbit:
    """One node without plugins, and the name server that it needs; its data outlives `kill`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._node: subprocess.Popen[bytes] | None = None
        self.port, distribution, names = (_free_port() for _ in range(3))
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbit.conf").touch()
        self._environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),  # for the cookie
            "RABBITMQ_NODENAME": "onrecord@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(folder),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbit.conf"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def __enter__(self) -> Self:
        command = ["epmd", "-port", self._environ["ERL_EPMD_PORT"], "-address", "127.0.0.1"]
        self._names = subprocess.Popen(command, env=self._environ)
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.kill()
        self._names.kill()
        self._names.wait()

    def start(self) -> None:
        """Start the node, and wait until it serves."""
        with (self._folder / "out").open("ab") as out:
            self._node = subprocess.Popen(
                [find_server()],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        wait_for(self._serves, 60)

    def has_stored(self, queue: str) -> bool:
        """Tell whether a binding of `queue` is on disk, which takes seconds; a node killed before forgets it."""
        return any(_has_route(file, queue.encode()) for file in self._folder.rglob("*") if file.suffix in _TABLES)

    def kill(self) -> None:
        """End the node with SIGKILL, if it runs."""
        if self._node is not None:
            os.killpg(self._node.pid, signal.SIGKILL)
            self._node.wait()
            self._node = None
            wait_for(lambda: not self._listens())  # what was waited for is the shell that started it

    def _serves(self) -> bool:
        assert self._node.poll() is None, (self._folder / "out").read_text()
        return self._listens()

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


def _has_route(table: Path, queue: bytes) -> bool:
    """Tell whether Mnesia's log, or its table of bindings, names the queue after the word for a binding."""
    before, _, _ = (table.name.encode() + table.read_bytes()).rpartition(queue)
    return b"rabbit_durable_route" in before


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
