"""A text with its statements as one self-contained page, to read in any browser."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from worker.core.records import Span, Statement
from worker.statements.display import source_of, words_of
from worker.statements.sentences import paragraphs

_HUES = 8  # colours of speakers; more would not be told apart

_STYLE = """
:root { color-scheme: light dark; --ink: #1d1d1f; --paper: #fdfcfa; --faint: #6b6b70; --rule: #ddd8cf;
  --h: 0; --s: 0%; --l: 88%; --u: 66%; --t: 32%; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e7e2; --paper: #17171a; --faint: #9a9aa2; --rule: #37373d; --l: 24%; --u: 46%; --t: 76%; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.06rem/1.65 Georgia, "Times New Roman", serif; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.7rem; line-height: 1.25; }
.said { background: hsl(var(--h) var(--s) var(--l)); border-radius: .2em; padding: .08em .1em;
  box-decoration-break: clone; }
.indirect { background: none; border-bottom: .14em solid hsl(var(--h) var(--s) var(--u)); border-radius: 0;
  padding: 0; }
.source { font-weight: 600; color: hsl(var(--h) var(--s) var(--t)); }
.cue { font-style: italic; }
table { border-collapse: collapse; width: 100%; margin-top: 2.5rem; font: .9rem/1.45 system-ui, sans-serif; }
td, th { border-top: 1px solid var(--rule); padding: .5rem .6rem .5rem 0; text-align: left; vertical-align: top; }
th, .faint { color: var(--faint); font-weight: 500; }
.name { color: hsl(var(--h) var(--s) var(--t)); font-weight: 600; }
@media (max-width: 34rem) {
  td, th { display: block; border: 0; padding: .1rem 0; }
  tr { display: block; padding: .7rem 0; }
}
"""


def page(text: str, statements: Sequence[Statement], title: str = "", language: str = "en") -> str:
    """Return an HTML page of `text` with every statement marked and its speaker named.

    Everything from the text is escaped; the page loads nothing and runs no script.
    """
    styles = _styles(statements)
    marks = _marks(statements, styles)
    first, *rest = _paragraphs(text, marks) or [""]
    opens = bool(title) and text.lstrip().startswith(title + "\n")
    heading = f"<h1>{first if opens else escape(title)}</h1>\n" if title else ""
    body = "\n".join(f"<p>{words}</p>" for words in (rest if opens else [first, *rest]))
    rows = "\n".join(_row(text, statement, styles) for statement in statements)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title or 'Statements')}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body>\n<main dir="auto">\n{heading}{body}\n'
        f"<table>\n<tr><th>Speaker</th><th>Statement</th></tr>\n{rows}\n</table>\n</main>\n</body>\n</html>\n"
    )


def _styles(statements: Sequence[Statement]) -> dict[str | None, str]:
    """Give each speaker a colour, in the order in which they speak; who has no name has none."""
    speakers = dict.fromkeys(statement.speaker.name for statement in statements if statement.speaker.name)
    hues = {name: 360 * (number % _HUES) // _HUES for number, name in enumerate(speakers)}
    return {None: "", **{name: f' style="--h:{hue};--s:65%"' for name, hue in hues.items()}}


def _marks(statements: Sequence[Statement], styles: dict[str | None, str]) -> list[tuple[Span, str, str]]:
    """Return (span, opening tag, what it is), sources and cues before contents, so that they win."""
    marks: list[tuple[Span, str, str]] = []
    for statement in statements:
        style = styles[statement.speaker.name]
        title = escape(statement.speaker.name or "speaker unknown")
        source = f'<span class="source"{style} title="{title}">'
        marks += [(span, source, "source") for span in statement.source]
        cue = statement.cue.spans if statement.cue else ()
        marks += [(span, '<span class="cue">', "cue") for span in cue]
        for segment in statement.segments:
            kind = "said" if segment.quoted else "said indirect"
            tag = f'<span class="{kind}"{style} title="{title}">'
            marks.append((Span(segment.start, segment.end), tag, "content"))
    return marks


def _paragraphs(text: str, marks: Sequence[tuple[Span, str, str]]) -> list[str]:
    """Return what stands in each paragraph; where marks overlap, the one that starts last is shown."""
    edges = sorted({edge for span, _, _ in marks for edge in (span.start, span.end)})
    shown: dict[int, str] = {}
    for span, tag, _ in sorted(marks, key=lambda mark: (mark[0].start, -mark[0].end, mark[2] != "content")):
        first = bisect_right(edges, span.start) - 1
        last = bisect_right(edges, span.end) - 1
        for edge in edges[first:last]:
            shown[edge] = tag
    return ["".join(_runs(text, place, edges, shown)) for place in paragraphs(text)]


def _runs(text: str, place: Span, edges: Sequence[int], shown: dict[int, str]) -> Iterator[str]:
    inside = edges[bisect_right(edges, place.start) : bisect_right(edges, place.end - 1)]
    for start, end in pairwise((place.start, *inside, place.end)):
        yield _run(text, start, end, edges, shown)


def _run(text: str, start: int, end: int, edges: Sequence[int], shown: dict[int, str]) -> str:
    at = bisect_right(edges, start) - 1
    tag = shown.get(edges[at]) if at >= 0 else None
    words = escape(text[start:end])
    return f"{tag}{words}</span>" if tag else words


def _row(text: str, statement: Statement, styles: dict[str | None, str]) -> str:
    speaker = statement.speaker
    name = escape(speaker.name or source_of(text, statement) or "unknown")
    role = f'<br><span class="faint">{escape(speaker.role)}</span>' if speaker.role else ""
    cue = f"{escape(statement.cue.lemma)} · " if statement.cue and statement.cue.lemma != ":" else ""
    words = escape(words_of(text, statement))
    return (
        f'<tr><td class="{"name" if speaker.name else "faint"}"{styles[speaker.name]}>{name}{role}</td>'
        f'<td>{words}<br><span class="faint">{cue}{statement.kind}</span></td></tr>'
    )
