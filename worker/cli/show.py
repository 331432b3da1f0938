"""How articles and statements look on a terminal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from worker.cli.terminal import Terminal, safe
from worker.cli.terminal import line as one_line
from worker.contract import Event
from worker.core.records import Article, Statement
from worker.statements.display import source_of, words_of

_MARKS = '“”‘"«»„ '
_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "bright_red", "bright_cyan", "bright_magenta")


def example(command: str) -> str:
    """Return the last line of a command's help."""
    return f"[dim]Example:[/] [green]{escape(command)}[/]"


def colour_of(name: str | None) -> str:
    """Return the colour of a speaker: always the same for the same name."""
    if not name:
        return "white"
    return _COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(_COLOURS)]


def statement_line(event: Event) -> Text:
    """Return one line for a statement event: time, site, speaker, cue, words; of an amended one, both wordings."""
    line = Text(datetime.fromisoformat(event.time).astimezone().strftime("%H:%M:%S "), style="dim")
    site = event.data["article"].get("site") or event.data["article"]["url"].split("/")[2]
    line.append(f"{one_line(site)[:18]:<18} ", style="dim")
    return (line + told(event)).append(first_seen(event.data), "dim")


def first_seen(data: Mapping[str, Any]) -> str:
    """Return where and when a quotation was seen first; "" if it was here, or is none."""
    cluster = data.get("quote_cluster")
    if not cluster or cluster["id"] == data["id"]:
        return ""
    time = datetime.fromisoformat(cluster["first_seen"]).astimezone()
    return f" (first at {one_line(cluster['first_host'])}, {time:%m-%d %H:%M})"


def told(event: Event) -> Text:
    """Return what a statement event tells: who says what, what was said before, or what was taken back."""
    data = event.data
    if event.type.endswith("statement.retracted.v1"):
        return _before(f"taken back ({data.get('reason')})", data.get("speaker"), data["text"])
    line = said(data)
    if event.type.endswith("statement.amended.v1"):
        was = _before(f"before ({data.get('reason')})", data.get("previous_speaker"), data.get("previous_text"))
        line = line + Text("\n    ") + was
    return line


def _before(what: str, speaker: str | None, words: str | None) -> Text:
    line = Text(f"{what}: ", style="yellow")
    line.append(one_line(speaker or "unknown speaker"), style=f"bold {colour_of(speaker)}")
    return line.append(f" {safe(' '.join((words or '').split()))}", style="dim strike")


def said(data: Mapping[str, Any]) -> Text:
    """Return a statement as a sentence: speaker, cue, words."""
    speaker = data["speaker"]["name"]
    line = Text(
        one_line(speaker or "") or "unknown speaker", style=f"bold {colour_of(speaker)}" if speaker else "dim italic"
    )
    line.append(f" {one_line((data.get('cue') or {}).get('text', '')) or '·'} ", style="italic")
    words = _quoted(data["segments"]) if data["kind"] == "direct" else " ".join(data["text"].split())
    return line.append(one_line(words), "none" if data["kind"] == "indirect" else "bright_white")


def _quoted(segments: list[dict[str, Any]]) -> str:
    """Return what was said in one pair of marks, without the marks and commas of the text around it."""
    return f"“{' … '.join(segment['exact'].strip(_MARKS).rstrip(',') for segment in segments)}”"


def copy_of(article: Mapping[str, Any]) -> str:
    """Return which article this one is a copy of; "" of none."""
    cluster = article.get("cluster_id")
    return f"(copy of {cluster})" if cluster and cluster != article["id"] else ""


def event_panel(data: dict[str, Any]) -> Panel:
    """Return one statement event, in full."""
    speaker = data["speaker"]
    about = Text(one_line(speaker["name"] or "unknown speaker"), style=f"bold {colour_of(speaker['name'])}")
    if speaker.get("role"):
        about.append(f", {one_line(speaker['role'])}", style="dim")
    body = Text()
    for segment in data["segments"]:
        body.append(safe(segment["exact"]) + " ", style="bold" if segment["quoted"] else "")
    cue = data.get("cue") or {}
    foot = f"{data['kind']} · {one_line(cue.get('text', 'no cue'))} · {speaker['resolved_by']}{first_seen(data)}"
    return Panel(body, title=about, title_align="left", subtitle=Text(foot, style="dim"), subtitle_align="right")


def article(console: Terminal, shown: Article) -> None:
    """Print an article as a person would like to read it."""
    console.print(Text(one_line(shown.headline or "(no headline)"), style="bold bright_white"))
    if shown.standfirst and not _is_repeated(shown.standfirst, shown.text):
        console.print(Text(safe(shown.standfirst), style="italic"))
    parts = [", ".join(shown.authors), shown.site_name or "", shown.language or ""]
    if shown.published:
        parts.append(shown.published.value.strftime("%Y-%m-%d %H:%M UTC"))
    console.print(Text(one_line(" · ".join(part for part in parts if part)), style="dim"))
    console.print()
    styles = {"heading": "bold", "quotation": "italic", "list_item": "", "caption": "dim", "paragraph": ""}
    for block in shown.blocks:
        bullet = "• " if block.kind == "list_item" else ""
        console.print(Text(bullet + safe(shown.text[block.start : block.end]), style=styles[block.kind]))
        console.print()


def _is_repeated(standfirst: str, text: str) -> bool:
    """Tell whether a paragraph begins with the standfirst, which may be cut there."""
    return f"\n\n{text}".find("\n\n" + standfirst.rstrip("….").rstrip()) >= 0


def text_with_statements(console: Terminal, text: str, found: Sequence[Statement]) -> None:
    """Print a text with its statements highlighted in the colour of their speaker, and a list of them."""
    marked = Text(safe(text))
    for statement in found:
        colour = colour_of(statement.speaker.name)
        for segment in statement.segments:
            marked.stylize(f"{colour}{' bold' if segment.quoted else ''}", segment.start, segment.end)
        for span in statement.cue.spans if statement.cue else ():
            marked.stylize("underline", span.start, span.end)
        for span in statement.source:
            marked.stylize(f"reverse {colour}", span.start, span.end)
    console.print(marked)
    console.print()
    listed = Table.grid(padding=(0, 2))
    listed.add_column(justify="right", style="dim")
    for statement in found:
        listed.add_row(statement.kind, _summary(safe(text), statement))
    console.print(listed)
    console.print(Text(f"{len(found)} statement{'' if len(found) == 1 else 's'}", style="dim"))


def _summary(text: str, statement: Statement) -> Text:
    speaker = statement.speaker
    line = Text()
    if speaker.name:
        line.append(one_line(speaker.name), style=f"bold {colour_of(speaker.name)}")
    else:
        line.append(source_of(text, statement) or "unknown speaker", style="dim italic")
    if speaker.role:
        line.append(f" ({one_line(speaker.role)})", style="dim")
    cue = " ".join(span.of(text) for span in statement.cue.spans).rstrip(" :") if statement.cue else "·"
    line.append(f"{' ' if cue else ''}{cue}: ", style="italic")
    return line.append(words_of(text, statement))
