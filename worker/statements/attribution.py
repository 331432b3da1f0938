"""What an engine finds in a text: attributions, before their speakers are resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from worker.core.records import CueClass, Span
from worker.statements.document import Document


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution before its speaker is resolved.

    Spans are in text order, half-open, in code points. `confidence` is in 0..1.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    cue_class: CueClass = "speech"
    confidence: float = 1.0


class Engine(Protocol):
    """Finds the attributions in a document.

    Any text is accepted, in time and memory linear in its length; no text raises.
    """

    def attributions(self, document: Document) -> list[Attribution]:
        """Return the attributions in the order of their first content span."""
        ...
