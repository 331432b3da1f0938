"""The one way from a command to a terminal: no text that it prints is obeyed, whoever wrote it.

Whatever is not ours arrives in names of feeds, headers of servers, groups of consumers. Rich would read "[/]" in a
string as markup, and a terminal obeys what is not printable; hence no other module of the commands prints.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from worker.core.text import CONTROLS

_IN_LINES = {code: "\ufffd" for code in CONTROLS if chr(code) not in "\n\t"}
_IN_JSON = {code: f"\\u{code:04x}" for code in CONTROLS if chr(code) not in "\n\t"}
_IN_MARKUP = {code: f"&#{code};" for code in _IN_LINES}


class Terminal(Console):
    """A console to which a string is text, never markup; what a terminal would obey is shown as U+FFFD."""

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False, **options: Any) -> None:
        super().__init__(stderr=stderr, soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as rich does, with nothing but rich's own codes that a terminal obeys."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=safe(segment.text))


def safe(text: str) -> str:
    """Return a text with U+FFFD for what a terminal would obey, one for one, so that offsets stay; lines stay."""
    return text.translate(_IN_LINES)


def line(text: str) -> str:
    """Return a text as one line, so that none in it passes for a line of ours."""
    return " ".join(safe(text).split())


def words(text: str, style: str = "") -> Text:
    """Return a text as one line in a style."""
    return Text(line(text), style)


def print_json(row: Mapping[str, Any]) -> None:
    """Print a JSON object on a line of its own; what a terminal would obey is escaped, and the value the same."""
    print(escaped_json(json.dumps(row, default=str, ensure_ascii=False)), flush=True)


def print_markup(text: str) -> None:
    """Print HTML or XML; what a terminal would obey is a character reference."""
    print(text.translate(_IN_MARKUP), flush=True)


def escaped_json(text: str) -> str:
    """Return JSON with the escape for each character that a terminal would obey."""
    return text.translate(_IN_JSON)


def note(text: str) -> None:
    """Print a line of text on standard error."""
    print(line(text), file=sys.stderr)
