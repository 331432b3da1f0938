"""The registry of feeds, in Redis: those of the configuration and those that users added.

Implements `worker.ports.FeedRegistry`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from worker.adapters.redis.store import Scripts, connect, store_errors
from worker.core.status import FeedRow
from worker.core.urls import article_id, check_url, host_of
from worker.feeds.schedule import Bounds
from worker.ports import FeedRegistry, FeedsFileError

_NEW = "not polled yet"


def feed_id(url: str) -> str:
    """Return the id of a feed: the first 16 hex characters of the id that its URL has as an article."""
    return article_id(url)[:16]


def read_feeds(path: Path) -> list[tuple[str, str, str]]:
    """Read `[[feed]]` tables; return the `url`, `name` and `every` of each, "" for what is not there.

    Raises:
        FeedsFileError: If the file is missing, is no TOML, or names a feed without a usable URL or interval.
    """
    return _feeds(_contents(path), path)


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FeedsFileError(f"{path}: cannot be read: {error.strerror}") from error


def _feeds(contents: bytes, path: Path) -> list[tuple[str, str, str]]:
    try:
        tables = tomllib.loads(contents.decode()).get("feed", [])
        return [
            (check_url(table["url"]), str(table.get("name", "")), _interval(str(table.get("every", ""))))
            for table in tables
        ]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FeedsFileError(f"{path}: is not TOML: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise FeedsFileError(f"{path}: every [[feed]] needs a url") from error
    except ValueError as error:
        raise FeedsFileError(f"{path}: {error}") from error


def _interval(every: str) -> str:
    if every:
        Bounds.of(every)
    return every


class RedisFeedRegistry(FeedRegistry):
    """One hash a feed, the set of those that are known, and when each is due."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._run = Scripts(self._client, prefix)

    def add(self, url: str, name: str = "", every: str = "") -> bool:
        return bool(self._add([(check_url(url), name, _interval(every))], "user"))

    def remove(self, url: str) -> bool:
        return bool(self._run("remove_feed", id=self.key(url)))

    def key(self, url: str) -> str:
        own = feed_id(url)
        with store_errors("feeds"):
            return str(self._client.hget(f"{self._prefix}:feeds:moved", own) or own)

    def moved(self, key: str, url: str) -> None:
        if key != (named := feed_id(url)):
            with store_errors("feeds"):
                self._client.hset(f"{self._prefix}:feeds:moved", named, key)

    def sync(self, path: Path) -> int:
        contents = _contents(path)
        mark = hashlib.sha256(contents).hexdigest()
        with store_errors("feeds"):
            if self._client.get(f"{self._prefix}:feeds:synced") == mark:
                return 0
        return self._add(_feeds(contents, path), "config", mark)

    def poll_now(self, url: str) -> None:
        key = self.key(url)
        with store_errors("feeds"):
            self._client.zadd(f"{self._prefix}:feeds:due", {key: 0}, xx=True)

    def accept(self, url: str) -> str:
        key = self.key(url)
        with store_errors("feeds"):
            proposal = str(self._client.hget(f"{self._prefix}:feed:{key}", "proposal") or "")
            if proposal:
                self._client.hset(f"{self._prefix}:feed:{key}", "accepted", proposal)
                self._client.zadd(f"{self._prefix}:feeds:due", {key: 0}, xx=True)
        return proposal

    def polls(self, url: str, *, but: str) -> bool:
        key = self.key(url)
        with store_errors("feeds"):
            return key != but and self._client.zscore(f"{self._prefix}:feeds:due", key) is not None

    def row(self, key: str) -> FeedRow:
        with store_errors("feeds"):
            pipe = self._client.pipeline(transaction=False)
            pipe.hgetall(f"{self._prefix}:feed:{key}")
            pipe.zscore(f"{self._prefix}:feeds:due", key)
            return _row(key, *pipe.execute())

    def cursor(self, key: str) -> str | None:
        with store_errors("feeds"):
            origin, cursor = self._client.hmget(f"{self._prefix}:feed:{key}", ["origin", "archive"])
        return None if origin in {None, "removed"} else cursor or ""

    def keep_cursor(self, key: str, cursor: str) -> None:
        with store_errors("feeds"):
            self._client.hset(f"{self._prefix}:feed:{key}", "archive", cursor)

    def rows(self) -> list[FeedRow]:
        with store_errors("feeds"):
            ids = sorted(self._client.smembers(f"{self._prefix}:feeds:known"))
            pipe = self._client.pipeline(transaction=False)
            for key in ids:
                pipe.hgetall(f"{self._prefix}:feed:{key}")
                pipe.zscore(f"{self._prefix}:feeds:due", key)
            replies = pipe.execute()
        rows = [_row(key, replies[2 * n], replies[2 * n + 1]) for n, key in enumerate(ids)]
        return sorted((row for row in rows if row.origin != "removed"), key=lambda row: row.url)

    def statuses(self) -> dict[str, int]:
        with store_errors("feeds"):
            pipe = self._client.pipeline(transaction=False)
            for key in self._client.smembers(f"{self._prefix}:feeds:known"):
                pipe.hmget(f"{self._prefix}:feed:{key}", ["status", "origin"])
            replies = pipe.execute()
        return Counter(status or _NEW for status, origin in replies if origin != "removed")

    def _add(self, feeds: Sequence[tuple[str, str, str]], origin: str, mark: str = "") -> int:
        flat = [part for url, name, every in feeds for part in (feed_id(url), url, host_of(url), name, every)]
        return int(self._run("add_feeds", *flat, origin=origin, mark=mark))


def _row(key: str, state: dict[str, str], due: float | None) -> FeedRow:
    return FeedRow(
        id=key,
        url=state["url"],
        name=state.get("name", ""),
        origin=state.get("origin", ""),
        every=state.get("every", ""),
        due=_moment(due),
        polled=_moment(state.get("polled")),
        status=state.get("status", _NEW),
        failures=int(state.get("failures", 0)),
        proposal=state.get("proposal", ""),
    )


def _moment(ms: str | float | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(float(ms) / 1000, UTC)
