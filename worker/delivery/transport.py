"""What a transport is: one way in which events leave, chosen by the scheme of a sink's URL.

A module in `worker/delivery/transports/` defines a subclass of `Transport` and names the class in `TRANSPORT`. That
registers it: the list of sinks, `onrecord deliver`, `onrecord sinks` and `onrecord doctor` need no other change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self
from urllib.parse import SplitResult, urlsplit

from worker.contract import Event
from worker.delivery.schedule import Failure
from worker.services import Services


@dataclass(frozen=True, slots=True)
class SinkTable:
    """A `[[sink]]` table of the file, and the environment whose variables the table may name. Both have secrets."""

    values: Mapping[str, Any] = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)

    @property
    def url(self) -> str:
        """Return the URL, from the table or from the variable that the table names."""
        return str(self.values["url"]) if "url" in self.values else self.variable("url_env")

    @property
    def parts(self) -> SplitResult:
        """Return the parts of the URL.

        Raises:
            ValueError: The URL has an address in brackets that is none.
        """
        return urlsplit(self.url)

    def text(self, key: str, default: str = "") -> str:
        """Return what the table has under `key`."""
        return str(self.values.get(key, default))

    def variable(self, key: str) -> str:
        """Return the value of the variable that the table names under `key`; "" if there is none."""
        return self.environ.get(self.text(key), "")


class Transport(ABC):
    """One way in which events leave; an instance serves one sink, one thread at a time."""

    #: Schemes of the URLs that this transport serves, and the same in words, for an error message.
    schemes: ClassVar[frozenset[str]]
    expected: ClassVar[str]
    #: Keys that a `[[sink]]` may have for this transport, besides those that every sink has. All are texts.
    keys: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def problems(cls, table: SinkTable) -> Iterator[str]:
        """Yield what is wrong with a table whose URL has one of the schemes; no secret may be in it."""
        if table.parts.password and "url" in table.values:
            yield "url: has a password; put it into a variable and name that in url_env"

    @classmethod
    @abstractmethod
    def of(cls, table: SinkTable, services: Services) -> Self:
        """Return the transport for a table without problems; nothing connects before the first event."""

    @abstractmethod
    def send(self, event: Event) -> Failure | None:
        """Deliver an event; None when it was taken. It may have been taken also when a failure is returned."""

    @abstractmethod
    def close(self) -> None:
        """Keep no connection open."""
