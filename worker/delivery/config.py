"""The sinks of a deployment, from `config/sinks.toml`; all that is wrong there is said at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import partial

from worker.contract import Match
from worker.contract.event import STREAMS
from worker.delivery.transport import SinkTable, Transport
from worker.services import Services

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_KEYS = frozenset({"name", "url", "url_env", "streams", "only"})
_FILTERS = frozenset(each.name for each in fields(Match))
_DEFAULT_STREAMS = ("articles", "statements")
#: The transport of each scheme of URLs, as `worker.delivery.transports.registered` has them.
Transports = Mapping[str, type[Transport]]


class SinksFileError(ValueError):
    """The list of sinks cannot be used; `problems` has a line for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Sink:
    """One place that gets events: those of its streams that `only` wants.

    `connect` returns the transport that brings them there; `url`, a secret, tells one receiver from another.
    """

    name: str
    url: str = field(repr=False)
    connect: Callable[[Services], Transport] = field(repr=False)
    streams: tuple[str, ...] = _DEFAULT_STREAMS
    only: Match = Match()

    @property
    def group(self) -> str:
        """Return the consumer group that stands for it on its streams."""
        return f"sink:{self.name}"


def read_sinks(text: str, environ: Mapping[str, str], transports: Transports) -> tuple[Sink, ...]:
    """Read `[[sink]]` tables.

    Args:
        text: TOML.
        environ: Where the variables that a table names are looked up.
        transports: Those that there are.

    Raises:
        SinksFileError: Naming every sink that cannot be used, and why.
    """
    try:
        rows = tomllib.loads(text).get("sink", [])
    except tomllib.TOMLDecodeError as error:
        raise SinksFileError([f"is not TOML: {error}"]) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SinksFileError(["sinks are tables that begin with [[sink]]"])
    tables = [SinkTable(row, environ) for row in rows]
    problems = [f"{_label(number, table)}: {each}" for number, table in enumerate(tables, 1) for each in
                _problems(table, transports)]  # fmt: skip
    names = [table.text("name", "None") for table in tables]
    problems += [f"sink {name!r} is there twice" for name in sorted({each for each in names if names.count(each) > 1})]
    if problems:
        raise SinksFileError(problems)
    return tuple(_sink(table, transports[table.parts.scheme]) for table in tables)


def _label(number: int, table: SinkTable) -> str:
    return f"sink {table.values['name']!r}" if "name" in table.values else f"sink {number}"


def _sink(table: SinkTable, transport: type[Transport]) -> Sink:
    values = table.values
    return Sink(
        name=values["name"],
        url=table.url,
        connect=partial(transport.of, table),
        streams=tuple(values.get("streams", _DEFAULT_STREAMS)),
        only=Match(**values.get("only", {})),
    )


def _problems(table: SinkTable, transports: Transports) -> Iterator[str]:
    values, known = table.values, _KEYS.union(*(transport.keys for transport in transports.values()))
    unknown = sorted(set(values) - known)
    if unknown:
        yield f"does not know {', '.join(unknown)}; one of {', '.join(sorted(known))}"
    wrong = [key for key in known - {"streams", "only"} if not isinstance(values.get(key, ""), str)]
    if wrong:
        yield f"{', '.join(sorted(wrong))}: expected a text"
        return
    if not _NAME.fullmatch(table.text("name")):
        yield "name: expected up to 63 of a-z, 0-9, - and _"
    yield from _url_problems(table, transports)
    streams = values.get("streams", _DEFAULT_STREAMS)
    if not isinstance(streams, list | tuple) or not streams or not set(map(str, streams)) <= set(STREAMS.values()):
        yield f"streams: expected some of {', '.join(STREAMS.values())}, in [ ]"
    only = values.get("only", {})
    if not isinstance(only, dict) or not set(only) <= _FILTERS or not all(isinstance(v, str) for v in only.values()):
        yield f"only: expected texts for some of {', '.join(sorted(_FILTERS))}, in {{ }}"


def _url_problems(table: SinkTable, transports: Transports) -> Iterator[str]:
    if ("url" in table.values) == ("url_env" in table.values):
        yield "needs either url or url_env, the variable that has it"
        return
    if "url_env" in table.values and not table.url:
        yield f"url_env: {table.text('url_env')} is not set"
        return
    try:
        scheme = table.parts.scheme
    except ValueError:  # its words have a part of the URL, which may be a secret
        yield "url: cannot be read as a URL"
        return
    if scheme in transports:
        yield from transports[scheme].problems(table)
    else:
        expected = "; ".join(dict.fromkeys(transport.expected for transport in transports.values()))
        yield f"url: begins with {scheme or 'no scheme'!r}; expected {expected}"
