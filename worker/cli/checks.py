"""What `onrecord doctor` checks: pure functions from facts to a finding, each with its cure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from config import limits

LEAST_VERSION = (7, 0)  # scripts with flags, XAUTOCLAIM that knows of deleted entries
#: Times between processes are compared to seconds; leases and due times are Redis's own.
_SKEW, _LARGE_SKEW = timedelta(seconds=2), timedelta(seconds=30)
_FULL = 0.9
_CONTRACT = ".v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; an error keeps articles from being published or safe, a warning may come to that."""

    check: str
    level: Literal["ok", "warning", "error"]
    found: str
    cure: str = ""


def version(info: Mapping[str, Any]) -> Finding:
    """Check the server's version, as INFO has it (Valkey names there the version of Redis that it can replace)."""
    shown = str(info["redis_version"])
    if tuple(map(int, shown.split(".")[:2])) < LEAST_VERSION:
        return Finding("Redis version", "error", shown, "use Redis or Valkey 7.0 or later")
    return Finding("Redis version", "ok", shown)


def persistence(info: Mapping[str, Any], appendfsync: str | None) -> Finding:
    """Check that the append-only file is on and written; `appendfsync` is None where CONFIG is not permitted."""
    if not info["aof_enabled"]:
        cure = "CONFIG SET appendonly yes, and in redis.conf"
        return Finding("persistence", "error", "no append-only file: a restart forgets everything", cure)
    if info["aof_last_write_status"] != "ok" or info["aof_last_bgrewrite_status"] != "ok":
        return Finding("persistence", "error", "Redis could not write its append-only file", "make room on its disk")
    if appendfsync == "no":
        cure = "CONFIG SET appendfsync everysec, and in redis.conf"
        return Finding("persistence", "warning", "appendfsync no: a power cut loses about 30 s", cure)
    return Finding("persistence", "ok", f"append-only file, appendfsync {appendfsync or 'not to be asked for'}")


def eviction(info: Mapping[str, Any]) -> Finding:
    """Check that Redis refuses writes rather than forget the ledger's records."""
    policy = info["maxmemory_policy"]
    if policy == "noeviction":
        return Finding("eviction", "ok", policy)
    level: Literal["warning", "error"] = "error" if info["maxmemory"] else "warning"
    cure = "CONFIG SET maxmemory-policy noeviction, and in redis.conf"
    return Finding("eviction", level, f"{policy}: a full Redis would forget articles", cure)


def memory(info: Mapping[str, Any], pages: int) -> Finding:
    """Check that what Redis may use has room for `pages` bytes of kept pages beside what it holds."""
    used, most = int(info["used_memory"]), int(info["maxmemory"])
    if most and used + pages > _FULL * most:
        cure = "raise maxmemory, or lower ONRECORD_PAGES_MB"
        return Finding("memory", "warning", f"{_mb(used)} used of {_mb(most)}, pages may take {_mb(pages)}", cure)
    return Finding("memory", "ok", f"{_mb(used)} used of {_mb(most) if most else 'what the machine has'}")


def disk(free: int, needed: int) -> Finding:
    """Check the room for the append-only file and, while that is rewritten, its successor; both in bytes."""
    if free < needed:
        cure = "make room, or lower ONRECORD_PAGES_MB"
        return Finding("disk of Redis", "warning", f"{_mb(free)} free, may need {_mb(needed)}", cure)
    return Finding("disk of Redis", "ok", f"{_mb(free)} free")


def clock(skew: timedelta) -> Finding:
    """Check how far this machine's clock is ahead of Redis's."""
    if abs(skew) <= _SKEW:
        return Finding("clock", "ok", "agrees with Redis's")
    found = f"{abs(skew).total_seconds():.0f} s {'ahead of' if skew > timedelta(0) else 'behind'} Redis's"
    return Finding("clock", "error" if abs(skew) > _LARGE_SKEW else "warning", found, "run an NTP client on both")


def names(resolved: Mapping[str, str]) -> Finding:
    """Check name resolution: host -> what is wrong with it, "" for nothing."""
    failed = {host: why for host, why in resolved.items() if why}
    if not failed:
        return Finding("DNS", "ok", f"finds {', '.join(resolved)}" if resolved else "no feed to look up")
    found = "; ".join(f"{host}: {why}" for host, why in failed.items())
    level: Literal["warning", "error"] = "error" if len(failed) == len(resolved) else "warning"
    return Finding("DNS", level, found, "check /etc/resolv.conf and the network, or the feed's URL")


def trust(authorities: int) -> Finding:
    """Check that there are authorities whose certificates are believed."""
    if not authorities:
        cure = "install ca-certificates, or set SSL_CERT_FILE"
        return Finding("TLS trust store", "error", "empty: no HTTPS site can be fetched from", cure)
    return Finding("TLS trust store", "ok", f"{authorities} authorities")


def broker(conf: Mapping[str, Any]) -> Finding:
    """Check the Celery configuration: nothing that runs is repeated, and nobody hoards messages."""
    if "visibility_timeout" not in conf["broker_transport_options"]:
        return Finding("broker", "ok", "RabbitMQ, which repeats a message when its worker is gone")
    least = 3 * limits.TASK_HARD_LIMIT.total_seconds()
    visibility = conf["broker_transport_options"]["visibility_timeout"]
    if visibility < least:
        found, cure = f"visibility timeout {visibility:g} s: repeats what runs", f"make it {least:g} s or more"
        return Finding("broker", "error", found, f"{cure} (config/limits.py)")
    if conf["worker_prefetch_multiplier"] != 1:
        return Finding("broker", "warning", "workers hoard messages", "worker_prefetch_multiplier 1 (config/broker.py)")
    return Finding("broker", "ok", f"visibility timeout {visibility:g} s, prefetch 1")


def contract(stream: str, fields: Mapping[str, str] | None) -> Finding:
    """Check that the last entry of a stream is of this version of the contract."""
    if fields is None:
        return Finding(f"stream {stream}", "ok", "empty")
    kind = _type(fields.get("event", ""))
    if not kind.endswith(_CONTRACT):
        cure = "another version writes here: run one, or give each an ONRECORD_KEY_PREFIX"
        return Finding(f"stream {stream}", "error", f"its last entry is {kind or 'no event'}", cure)
    return Finding(f"stream {stream}", "ok", kind)


def engine(name: str, problem: str) -> Finding:
    """Check the engine that extracts statements; `problem` says why it cannot be loaded, "" when it can."""
    if problem:
        return Finding("engine", "error", f"{name}: {problem}", "install again, or set ONRECORD_ENGINE=rules")
    return Finding("engine", "ok", name)


def strays(waiting: Mapping[str, int], prefix: str) -> Finding:
    """Check that nobody sends to queues that no worker reads; `waiting` are those, with their lengths."""
    if waiting:
        found = ", ".join(f"{count:,} in {name!r}" for name, count in waiting.items())
        cure = f"global_keyprefix '{prefix}:celery:' in the client's broker_transport_options; then DEL the key"
        return Finding("foreign queues", "warning", f"messages that no worker of ours reads: {found}", cure)
    return Finding("foreign queues", "ok", "none")


def progress(warnings: list[str]) -> Finding:
    """Check that something moves; `warnings` are those of `onrecord status`."""
    if warnings:
        return Finding("progress", "warning", "; ".join(warnings), "onrecord run, or start a worker and a beat")
    return Finding("progress", "ok", "a worker asks what is due")


def sinks(rows: Sequence[Mapping[str, Any]], problems: Sequence[str] = ()) -> Finding:
    """Check the sinks, as `onrecord sinks list` shows them; `problems` are those of their file."""
    if problems:
        return Finding("sinks", "error", "; ".join(problems), "correct the file; until then nothing is delivered")
    told = [f"{row['name']}: {row['state']}" for row in rows if row["state"] != "on"]
    told += [f"{row['name']}: {row['dead']} dead letters" for row in rows if row["dead"]]
    if told:
        return Finding("sinks", "warning", "; ".join(told), "onrecord sinks retry NAME, or drop NAME")
    return Finding("sinks", "ok", ", ".join(row["name"] for row in rows) or "none")


def feeds(count: int) -> Finding:
    """Check that there is anything to poll."""
    if not count:
        return Finding("feeds", "warning", "none", "onrecord feeds add URL")
    return Finding("feeds", "ok", f"{count}")


def _type(event: str) -> str:
    try:
        return str(json.loads(event)["type"])
    except (ValueError, KeyError, TypeError):
        return ""


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
