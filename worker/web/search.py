"""Which statements a visitor asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from worker.contract import Event, Match
from worker.web.statement import outlet

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What statements must have; "" asks for nothing. `name` is a speaker's whole name, `speaker` words of it.

    `outlet` is a part of the site's name, or its host or domain.
    """

    speaker: str = ""
    outlet: str = ""
    text: str = ""
    kind: str = ""
    language: str = ""
    name: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Search:
        """Read a search from the parameters of a query."""
        return cls(**{name: parameters.get(name, "").strip()[:_LONGEST] for name in cls.__slots__})

    def __call__(self, event: Event) -> bool:
        """Tell whether an event is asked for."""
        match = Match(
            speaker=self.speaker or None,
            text=self.text or None,
            kind=self.kind or None,
            language=self.language or None,
        )
        return match(event) and self._is_by(event) and self._is_in(event)

    def given(self) -> dict[str, str]:
        """Return the parameters that ask for something."""
        return {name: value for name, value in asdict(self).items() if value}

    def _is_by(self, event: Event) -> bool:
        speaker = event.data.get("speaker")
        return not self.name or (speaker.get("name") if isinstance(speaker, dict) else speaker) == self.name

    def _is_in(self, event: Event) -> bool:
        named = outlet(event.data["article"]).casefold()
        return not self.outlet or self.outlet.casefold() in named or Match(source=self.outlet)(event)
