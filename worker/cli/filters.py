"""The options that say which events are wanted, the same for every command that reads a stream."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.adapters.redis.streams import STREAMS
from worker.contract import Match
from worker.core.errors import Reason, RejectedError

Stream = Annotated[str, typer.Argument(help="statements, articles, feeds or dead", metavar="STREAM")]
OfSpeaker = Annotated[str, typer.Option("--speaker", help='Only by this speaker: "Lund" finds "Ida Lund".')]
OfSource = Annotated[
    str, typer.Option("--source", help="Only from this site, by its host or name, or from this feed, by its id.")
]
OfLanguage = Annotated[str, typer.Option("--language", help='Only in this language: "pt" finds "pt-BR".')]
OfKind = Annotated[str, typer.Option("--kind", help="Only direct, mixed or indirect statements.")]
OfText = Annotated[str, typer.Option("--text", help="Only with these words in the statement or article.")]
OfType = Annotated[str, typer.Option("--type", help="Only created, amended, retracted, updated, ...")]


def known_stream(stream: str) -> str:
    """Return the name of a stream; raises RejectedError when there is none of this name."""
    if stream not in STREAMS:
        raise RejectedError(Reason.BAD_STREAM, stream, f"no such stream; one of {', '.join(STREAMS)}")
    return stream


def match(**wanted: str) -> Match:
    """Return the filter that the options ask for; an empty one does not matter."""
    return Match(**{name: value for name, value in wanted.items() if value})
