"""The sinks of a deployment, from `config/sinks.toml`; all that is wrong there is said at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from worker.contract import Match
from worker.contract.event import STREAMS
from worker.delivery.signature import signing_key

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_WEBHOOK = frozenset({"http", "https"})
_KEYS = frozenset({"name", "url", "url_env", "secret_env", "streams", "only", "exchange"})
_FILTERS = frozenset(each.name for each in fields(Match))
_DEFAULT_STREAMS = ("articles", "statements")


class SinksFileError(ValueError):
    """The list of sinks cannot be used; `problems` has a line for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Sink:
    """One place that gets events: a webhook (http, https), or an exchange of a broker.

    `streams` are those it gets, of each the events that `only` wants. `keys` sign what a webhook gets, `exchange`
    is the name at a broker. `url` and `keys` are secrets.
    """

    name: str
    url: str = field(repr=False)
    streams: tuple[str, ...] = _DEFAULT_STREAMS
    only: Match = Match()
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    exchange: str = "onrecord"

    @property
    def is_webhook(self) -> bool:
        """Return whether events go there by HTTP."""
        return urlsplit(self.url).scheme in _WEBHOOK

    @property
    def group(self) -> str:
        """Return the consumer group that stands for it on its streams."""
        return f"sink:{self.name}"


def read_sinks(text: str, environ: Mapping[str, str], schemes: Collection[str]) -> tuple[Sink, ...]:
    """Read `[[sink]]` tables.

    Args:
        text: TOML.
        environ: Where `url_env` and `secret_env` are looked up.
        schemes: Those of URLs that the broker's library knows.

    Raises:
        SinksFileError: Naming every sink that cannot be used, and why.
    """
    try:
        tables = tomllib.loads(text).get("sink", [])
    except tomllib.TOMLDecodeError as error:
        raise SinksFileError([f"is not TOML: {error}"]) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SinksFileError(["sinks are tables that begin with [[sink]]"])
    known = _WEBHOOK | set(schemes)
    problems = [f"{_label(number, table)}: {each}" for number, table in enumerate(tables, 1) for each in
                _problems(table, environ, known)]  # fmt: skip
    names = [str(table.get("name")) for table in tables]
    problems += [f"sink {name!r} is there twice" for name in sorted({each for each in names if names.count(each) > 1})]
    if problems:
        raise SinksFileError(problems)
    return tuple(_sink(table, environ) for table in tables)


def _label(number: int, table: Mapping[str, Any]) -> str:
    return f"sink {table['name']!r}" if "name" in table else f"sink {number}"


def _sink(table: Mapping[str, Any], environ: Mapping[str, str]) -> Sink:
    return Sink(
        name=table["name"],
        url=_url(table, environ),
        streams=tuple(table.get("streams", _DEFAULT_STREAMS)),
        only=Match(**table.get("only", {})),
        keys=tuple(signing_key(secret) for secret in _secrets(table, environ)),
        exchange=table.get("exchange", "onrecord"),
    )


def _problems(table: Mapping[str, Any], environ: Mapping[str, str], schemes: Collection[str]) -> Iterator[str]:
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        yield f"does not know {', '.join(unknown)}; one of {', '.join(sorted(_KEYS))}"
    wrong = [key for key in _KEYS - {"streams", "only"} if not isinstance(table.get(key, ""), str)]
    if wrong:
        yield f"{', '.join(sorted(wrong))}: expected a text"
        return
    if not _NAME.fullmatch(table.get("name", "")):
        yield "name: expected up to 63 of a-z, 0-9, - and _"
    yield from _url_problems(table, environ, schemes)
    streams = table.get("streams", _DEFAULT_STREAMS)
    if not isinstance(streams, list | tuple) or not streams or not set(map(str, streams)) <= set(STREAMS.values()):
        yield f"streams: expected some of {', '.join(STREAMS.values())}, in [ ]"
    only = table.get("only", {})
    if not isinstance(only, dict) or not set(only) <= _FILTERS or not all(isinstance(v, str) for v in only.values()):
        yield f"only: expected texts for some of {', '.join(sorted(_FILTERS))}, in {{ }}"


def _url_problems(table: Mapping[str, Any], environ: Mapping[str, str], schemes: Collection[str]) -> Iterator[str]:
    if ("url" in table) == ("url_env" in table):
        yield "needs either url or url_env, the variable that has it"
        return
    if "url_env" in table and not environ.get(table["url_env"]):
        yield f"url_env: {table['url_env']} is not set"
        return
    parts = urlsplit(_url(table, environ))
    if parts.scheme not in schemes:
        yield f"url: begins with {parts.scheme or 'no scheme'!r}; expected http, https, amqp, amqps, or what kombu has"
    elif parts.scheme in _WEBHOOK:
        if not parts.hostname or parts.username or parts.fragment:
            yield "url: expected one such as https://desk.example/hook, without user, password and #"
        yield from _secret_problems(table, environ)
    elif parts.password and "url" in table:
        yield "url: has a password; put it into a variable and name that in url_env"


def _secret_problems(table: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[str]:
    if "secret_env" not in table:
        yield "needs secret_env, the variable with the secret that signs"
    elif not _secrets(table, environ):
        yield f"secret_env: {table['secret_env']} is not set"
    for secret in _secrets(table, environ):
        try:
            signing_key(secret)
        except ValueError as error:
            yield f"secret_env: {table['secret_env']}: {error}"


def _url(table: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    return str(table["url"] if "url" in table else environ[table["url_env"]])


def _secrets(table: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Return the secrets of a webhook: several, with blanks between, while one replaces another."""
    return environ.get(table.get("secret_env", ""), "").split()
