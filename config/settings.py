"""One frozen `Settings`, read from the environment once; the only reader of the environment.

`Settings.from_env` parses and validates every value and reports all errors at once.
Each field carries its variable, its parser and its documentation, so that the table of
docs/configuration.md and `.env.example` are generated from here (`python -m config.settings`).
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Parser: TypeAlias = Callable[[str], Any]


class SettingsError(ValueError):
    """One or more variables have values that cannot be used; the message lists them all."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("a text that is not empty")
    return value.strip()


def _choice(*names: str) -> Parser:
    def parse(value: str) -> str:
        if value not in names:
            raise ValueError("one of " + ", ".join(names))
        return value

    return parse


def _subset(*names: str) -> Parser:
    def parse(value: str) -> tuple[str, ...]:
        chosen = tuple(part.strip() for part in value.split(",") if part.strip())
        if not set(chosen) <= set(names):
            raise ValueError("some of " + ", ".join(names))
        return chosen

    return parse


def _between(low: float, high: float, read: Callable[[str], float], expected: str) -> Parser:
    def parse(value: str) -> float:
        try:
            number = read(value)
        except ValueError:
            raise ValueError(expected) from None
        if not low <= number <= high:
            raise ValueError(expected)
        return number

    return parse


def _whole(low: int, high: int) -> Parser:
    return _between(low, high, int, f"a whole number from {low} to {high}")


def _seconds(low: float, high: float) -> Parser:
    parse = _between(low, high, float, f"seconds from {low:g} to {high:g}")
    return lambda value: timedelta(seconds=parse(value))


#: The scheme of a Redis Cluster has this after `redis` or `rediss`.
CLUSTER = "+cluster"


def _redis_url(value: str) -> str:
    """Return `value` if it is a usable Redis URL; raises ValueError saying what would be one."""
    expected = "a URL such as redis://:password@host:6379/0 (redis, rediss, unix, or redis+cluster without a database)"
    try:
        parts = urlsplit(value)
        usable = parts.path if parts.scheme == "unix" else parts.hostname
        _ = parts.port
    except ValueError:
        raise ValueError(expected) from None
    base = parts.scheme.removesuffix(CLUSTER)
    if base not in {"redis", "rediss", "unix"} or not usable or (base == "redis" and parts.query):
        raise ValueError(expected)
    if base != parts.scheme and (base == "unix" or parts.path.strip("/")):
        raise ValueError(expected)
    if parts.scheme != "unix" and parts.path.strip("/") and not parts.path.strip("/").isdigit():
        raise ValueError(expected)
    return value


def _broker_url(value: str) -> str:
    if is_amqp(value):
        return value
    try:
        return _redis_url(value)
    except ValueError as error:
        raise ValueError(f"{error}; or amqp://user:password@host:5672/vhost") from None


def is_amqp(url: str) -> bool:
    """Tell whether a broker is RabbitMQ."""
    return url.startswith(("amqp://", "amqps://"))


def _http_url(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"}:
        raise ValueError("a URL that starts with http:// or https://")
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(_http_url(value))
    if not parts.hostname or parts.query or parts.fragment:
        raise ValueError("a URL such as https://news.example, without ? and #")
    return value.rstrip("/")


def _host_names(value: str) -> tuple[str, ...]:
    names = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"[a-z0-9.-]+", name) for name in names):
        raise ValueError("names such as news.example,10.0.0.5, without ports")
    return names


def _secret(value: str) -> str:
    if len(value.strip()) < 16:
        raise ValueError("16 characters or more")
    return value.strip()


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("networks such as 10.0.0.0/8,127.0.0.0/8") from None


def _setting(variable: str, parse: Parser, doc: str, default: Any = None, *, secret: bool = False) -> Any:
    """Declare a field: its variable, its parser and what it means."""
    return field(default=default, metadata={"env": variable, "parse": parse, "doc": doc, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, with its unit in its type."""

    redis_url: str | None = _setting(
        "REDIS_URL",
        _redis_url,
        "Redis for the queues, the ledger and the streams (`redis+cluster://` for a cluster); unset: an embedded one",
        secret=True,
    )
    broker_url: str | None = _setting(
        "ONRECORD_BROKER_URL",
        _broker_url,
        "another Redis, or RabbitMQ (`amqp://`), for Celery's queues; Celery cannot use a Redis Cluster",
        secret=True,
    )
    feeds: Path = _setting("ONRECORD_FEEDS", Path, "the list of feeds", ROOT / "config" / "feeds.toml")
    sinks: Path = _setting(
        "ONRECORD_SINKS", Path, "where else events go: webhooks, RabbitMQ", ROOT / "config" / "sinks.toml"
    )
    state_dir: Path = _setting("ONRECORD_STATE_DIR", Path, "where the embedded Redis keeps its data", ROOT / ".state")
    engine: str = _setting(
        "ONRECORD_ENGINE",
        _text,
        "what extracts statements: `fast`, `accurate` (slower) or `rules` (no trained model)",
        "fast",
    )
    user_agent: str = _setting(
        "ONRECORD_USER_AGENT",
        _text,
        "how the worker names itself to web sites; add an address where you can be reached",
        "onrecord/0.2 (+news statements worker)",
    )
    host_spacing: timedelta = _setting(
        "ONRECORD_HOST_SPACING_S",
        _seconds(0, 3600),
        "least seconds between two requests to one host; slow hosts and crawl delays make it more",
        timedelta(seconds=1),
    )
    host_concurrency: int = _setting(
        "ONRECORD_HOST_CONCURRENCY", _whole(1, 64), "requests at the same time on one host", 2
    )
    poll_min: timedelta = _setting(
        "ONRECORD_POLL_MIN_S",
        _seconds(1, 86_400),
        "shortest interval between polls of a feed",
        timedelta(minutes=5),
    )
    poll_max: timedelta = _setting(
        "ONRECORD_POLL_MAX_S",
        _seconds(1, 2_592_000),
        "longest interval between polls of a feed",
        timedelta(hours=6),
    )
    obey: tuple[str, ...] = _setting(
        "ONRECORD_OBEY",
        _subset("noai", "noindex", "noarchive", "nosnippet", "tdm"),
        "signals against reuse that drop an article, such as `noai,tdm`; all are recorded",
        (),
    )
    max_in_flight: int = _setting(
        "ONRECORD_MAX_IN_FLIGHT", _whole(1, 100_000), "articles handed to workers at the same time", 400
    )
    rechecks_an_hour: int = _setting(
        "ONRECORD_RECHECKS_PER_HOUR",
        _whole(0, 1_000_000),
        "published articles fetched again per hour at most, to find what was edited or withdrawn; 0: none",
        3600,
    )
    max_attempts: int = _setting(
        "ONRECORD_MAX_ATTEMPTS",
        _whole(1, 100),
        "attempts before an article is dead-lettered; a source that is down gets six hours besides",
        5,
    )
    pages_mb: int = _setting(
        "ONRECORD_PAGES_MB", _whole(0, 1_000_000), "MB of compressed pages kept for replay, a week at most", 256
    )
    stream_days: int = _setting(
        "ONRECORD_STREAM_DAYS",
        _whole(1, 3650),
        "days that events stay on the streams once every consumer group has read them",
        7,
    )
    streams_mb: int = _setting(
        "ONRECORD_STREAMS_MB",
        _whole(1, 10_000_000),
        "MB that the streams may take; beyond, what every group has read goes sooner, the oldest first",
        4096,
    )
    group_days: int = _setting(
        "ONRECORD_GROUP_DAYS",
        _whole(1, 3650),
        "days that an entry waits for a consumer group until that is abandoned and holds back no trimming",
        30,
    )
    max_lag: int = _setting(
        "ONRECORD_MAX_LAG",
        _whole(1, 1_000_000_000),
        "entries that may wait for a consumer group before feeds are polled more seldom",
        1_000_000,
    )
    allow_networks: tuple[Network, ...] = _setting(
        "ONRECORD_ALLOW_NETWORKS", _networks, "private networks that may be fetched from, as CIDR", ()
    )
    public_url: str | None = _setting(
        "ONRECORD_PUBLIC_URL",
        _base_url,
        "where hubs reach `onrecord web` (HTTPS but for tests); unset: no feed is subscribed to",
    )
    web_port: int = _setting(
        "ONRECORD_WEB_PORT", _whole(0, 65_535), "port of the web page at localhost; 0: `onrecord run` shows none", 8000
    )
    web_hosts: tuple[str, ...] = _setting(
        "ONRECORD_WEB_HOSTS", _host_names, "host names besides localhost under which the web page may be asked for", ()
    )
    web_token: str | None = _setting(
        "ONRECORD_WEB_TOKEN",
        _secret,
        "what permits changes by the web page and API; unset: a new one at each start, beyond localhost none",
        secret=True,
    )
    key_prefix: str = _setting(
        "ONRECORD_KEY_PREFIX", _text, "prefix of all Redis keys; `{onrecord}` for Redis Cluster", "onrecord"
    )
    source: str = _setting(
        "ONRECORD_SOURCE",
        _text,
        "the `source` URI of all events; one for a whole deployment",
        "urn:onrecord:local",
    )
    concurrency: int = _setting("ONRECORD_CONCURRENCY", _whole(1, 256), "processes of a worker", 4)
    log_level: str = _setting(
        "ONRECORD_LOG_LEVEL",
        _choice("debug", "info", "warning", "error"),
        "least level that is logged",
        "info",
    )
    log_format: str = _setting(
        "ONRECORD_LOG_FORMAT", _choice("console", "json"), "how log lines are written", "console"
    )
    sentry_dsn: str | None = _setting("SENTRY_DSN", _http_url, "where errors are reported; unset: nowhere", secret=True)
    sentry_environment: str = _setting("SENTRY_ENVIRONMENT", _text, "the environment named to Sentry", "production")

    otlp_endpoint: str | None = _setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        _http_url,
        "where spans are sent (OTLP over HTTP), with the group `tracing`; unset: nowhere",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read, parse and validate all variables; an empty one counts as not set.

        Without `environ`, the process environment is read, over an `.env` file in the working directory.

        Raises:
            SettingsError: With one line for each wrong value: the variable, what it got, what it accepts.
        """
        values = process_environment() if environ is None else environ
        parsed: dict[str, Any] = {}
        problems: list[str] = []
        for spec in fields(cls):
            raw = _given(values, spec, problems)
            if raw:
                _parse_into(parsed, problems, spec, raw)
        settings = cls(**parsed)
        if settings.poll_min > settings.poll_max:
            problems.append("ONRECORD_POLL_MIN_S is greater than ONRECORD_POLL_MAX_S; make it the smaller one")
        problems += _cluster_problems(settings)
        if problems:
            raise SettingsError(problems)
        return settings


def _cluster_problems(settings: Settings) -> list[str]:
    """Return what a Redis Cluster needs and does not have: one slot for the ledger, and a broker beside it."""
    if CLUSTER in (settings.broker_url or ""):
        return ["ONRECORD_BROKER_URL is a Redis Cluster, which Celery cannot use; name a single Redis"]
    if CLUSTER not in (settings.redis_url or ""):
        return []
    problems = []
    if not re.search(r"\{[^}]+\}", settings.key_prefix):
        problems.append("ONRECORD_KEY_PREFIX needs a hash tag with a Redis Cluster; make it {onrecord}")
    if not settings.broker_url:
        problems.append(
            "ONRECORD_BROKER_URL is needed with a Redis Cluster, which Celery cannot use; name a single Redis"
        )
    return problems


def process_environment() -> Mapping[str, str]:
    """Return the variables of this process, over those of an `.env` file in the working directory."""
    from dotenv import dotenv_values  # noqa: PLC0415 - only needed when the process environment is read

    from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**from_file, **os.environ}


def _given(values: Mapping[str, str], spec: Field[Any], problems: list[str]) -> str:
    """Return what a variable has; a secret may be in a file instead, whose path is in the variable with `_FILE`."""
    name = spec.metadata["env"]
    raw, path = values.get(name, ""), values.get(f"{name}_FILE", "") if spec.metadata["secret"] else ""
    if not path:
        return raw
    if raw:
        problems.append(f"{name} and {name}_FILE are both set; keep one of them")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        problems.append(f"{name}_FILE: {path} cannot be read: {getattr(error, 'strerror', None) or error}")
        return ""


def _parse_into(parsed: dict[str, Any], problems: list[str], spec: Field[Any], raw: str) -> None:
    try:
        parsed[spec.name] = spec.metadata["parse"](raw)
    except ValueError as error:
        shown = _without_secrets(spec, raw) if spec.metadata["secret"] else raw
        problems.append(f"{spec.metadata['env']}: got {shown!r}, accepts {error}")


def _without_secrets(spec: Field[Any], raw: str) -> str:
    """Return a value that can be shown: a URL without its password, nothing of what is a secret as a whole."""
    return "***" if spec.metadata["parse"] is _secret else re.sub(r"//[^/]*@", "//***@", raw)


def _shown_default(spec: Field[Any]) -> str:
    value = spec.default
    if value is None or value is MISSING or value == ():
        return ""
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else _raw(value)


def to_env(settings: Settings) -> dict[str, str]:
    """Return the variables that give another process these settings; an empty one is not set."""
    named = {spec.metadata["env"]: _raw(getattr(settings, spec.name)) for spec in fields(Settings)}
    return named | {f"{spec.metadata['env']}_FILE": "" for spec in fields(Settings) if spec.metadata["secret"]}


def _raw(value: Any) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def markdown_table() -> str:
    """Return the table of all variables for docs/configuration.md."""
    rows = [
        f"| `{spec.metadata['env']}` | {_code(_shown_default(spec))} | {spec.metadata['doc']} |"
        for spec in fields(Settings)
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def env_example() -> str:
    """Return the text of `.env.example`: every variable, commented out, with its default."""
    parts = [f"# {spec.metadata['doc']}\n#{spec.metadata['env']}={_shown_default(spec)}\n" for spec in fields(Settings)]
    return "\n".join(parts)


if __name__ == "__main__":
    print(markdown_table())  # noqa: T201 - this is its job
