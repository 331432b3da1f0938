"""Quotation marks: which runs of a text are quoted.

A pushdown automaton over the marks of one paragraph at a time, linear in the text. Marks pair by
family, so a quotation opened by a curly mark may be closed by a straight one, and the role of an
ambiguous mark (straight, reversed guillemets, the German closing mark) follows from what is open and
from the characters on both sides. Nothing stays open over a paragraph break; a quotation that runs
over several paragraphs repeats its opening mark, as typesetters have it (Chicago Manual of Style 13.32).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from worker.core.records import Span
from worker.statements.vocabulary import alternatives, in_any_language

MAX_DEPTH = 6  # deeper nesting is noise; the bound keeps every step constant

# what a mark begins with is one set, which `re` searches for quickly; then comes what makes it a mark
_MARK = re.compile(
    r"[“”„‟\"«»‹›「」『』`´,'‘’‚‛](?:(?<=[“”„‟\"«»‹›「」『』])|(?<=`)`|(?<=´)´|(?<=')'|(?<=,),(?<!\w,,)(?=\w)"
    r"|(?<=['‘’‚‛])(?<!\w.)|(?<=['‘’])(?!\w))"
)
_SPACES = re.compile(r"\s*+")
_FAMILY = {
    mark: family
    for family, marks in {
        "double": ("“", "”", "„", "‟", '"', "``", "''", "´´", ",,"),
        "guillemet": ("«", "»"),
        "angle": ("‹", "›"),
        "corner": ("「", "」"),
        "white corner": ("『", "』"),
        "single": ("'", "‘", "’", "‚", "‛"),
    }.items()
    for mark in marks
}
_ONLY_OPENS = frozenset(("„", "‟", "``", ",,", "‚", "‛", "「", "『"))
_ONLY_CLOSES = frozenset("」』")
_STRAIGHT = frozenset(('"', "''", "´´"))
_BEFORE_OPENING = frozenset("([{<—–-―/=:;“„«‹\"'‘‚¿¡…*_")
_AFTER_CLOSING = frozenset(")]}>.,;:!?…—–-―/”“»›\"'’‘*_")
_ENDS_SENTENCE = frozenset(".,;:!?…—–")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted run. `start`/`end` include the marks, `inner` is what stands between them.

    An unclosed quotation ends with its paragraph. `continues` says that it carries on the unclosed
    quotation of the paragraph before. `nested` are the quotations within it, in text order.
    """

    start: int
    end: int
    inner: Span
    closed: bool
    opener: str
    continues: bool = False
    nested: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark and what its neighbours allow: to open, to close, or both."""

    start: int
    end: int
    text: str
    opens: bool
    closes: bool
    strong: bool  # a closing single mark that cannot be an apostrophe

    @property
    def family(self) -> str:
        return _FAMILY[self.text]


@dataclass(slots=True)
class _Opened:
    mark: _Mark
    nested: list[Quotation] = field(default_factory=list)


def quotations(text: str, paragraphs: Sequence[Span]) -> tuple[Quotation, ...]:
    """Return the outermost quotations of `text` in text order; they never overlap."""
    found: list[Quotation] = []
    carried = ""  # the opening mark that the paragraph before left open
    for i, place in enumerate(paragraphs):
        following = paragraphs[i + 1] if i + 1 < len(paragraphs) else None
        inside = _paragraph(text, place, following, carried)
        found += inside
        carried = inside[-1].opener if inside and not inside[-1].closed else ""
    return tuple(found)


def _paragraph(text: str, place: Span, following: Span | None, carried: str) -> list[Quotation]:
    marks = [_mark(text, m.start(), m.end(), place) for m in _MARK.finditer(text, place.start, place.end)]
    if not marks:
        return []
    first = marks[0]
    continues = first.start == _first_character(text, place) and _FAMILY.get(carried) == first.family
    if continues:  # French repeats the closing guillemet here
        marks[0] = replace(first, text=carried, opens=True, closes=False)
    found, left_open = _pair(text, _drop_apostrophes(text, place, following, marks))
    if left_open:
        repeats = following is not None and _opens_paragraph(text, following, left_open[0].mark.family)
        found += _end_unclosed(text, place, left_open, repeats=repeats)
    found = sorted((q for q in found if q.inner.start < q.inner.end), key=lambda q: q.start)
    if continues and found and found[0].start == first.start:
        found[0] = replace(found[0], continues=True)
    return found


def _mark(text: str, start: int, end: int, place: Span) -> _Mark:
    before = text[start - 1] if start > place.start else " "
    after = text[end] if end < place.end else " "
    opens = not after.isspace() and (before.isspace() or before in _BEFORE_OPENING)
    closes = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
    mark = text[start:end]
    if mark in _STRAIGHT and opens == closes:
        opens = closes = not (before.isdigit() and start > place.start)  # 27" is a length
    if mark == "’":
        opens = False
    strong = closes and (before in _ENDS_SENTENCE or after in _ENDS_SENTENCE or end == place.end)
    return _Mark(start, end, mark, opens, closes, strong)


@cache
def _elision() -> re.Pattern[str]:
    """Return what matches after an apostrophe that stands for what is left out: ’90s, ’em."""
    return re.compile(rf"(?:\d\d?0?s?|{alternatives(in_any_language('elision'))})\b", re.IGNORECASE)


def _first_character(text: str, place: Span) -> int:
    match = _SPACES.match(text, place.start, place.end)
    return match.end() if match else place.start


def _opens_paragraph(text: str, place: Span, family: str) -> bool:
    match = _MARK.match(text, _first_character(text, place), place.end)
    return match is not None and _FAMILY[match[0]] == family


def _drop_apostrophes(text: str, place: Span, following: Span | None, marks: list[_Mark]) -> list[_Mark]:
    """Keep the single marks that quote: an opening one with a closing one before the next opening one.

    Of several possible closing marks one after punctuation wins over "the workers' rights" and "goin' on".
    """
    continued = following is not None and _opens_paragraph(text, following, "single")
    first = _first_character(text, place)
    kept: list[_Mark] = []
    closing_ahead = strong_ahead = False
    for mark in reversed(marks):
        if mark.family != "single":
            kept.append(mark)
        elif mark.opens:
            runs_on = continued and mark.start == first
            if (closing_ahead or runs_on) and not _elision().match(text, mark.end):
                kept.append(mark)
            closing_ahead = strong_ahead = False
        elif mark.closes:
            weak = not mark.strong and text[mark.start - 1] in "sn"
            if not (weak and strong_ahead):
                kept.append(mark)
                closing_ahead = True
                strong_ahead = strong_ahead or mark.strong
    return kept[::-1]


def _pair(text: str, marks: Sequence[_Mark]) -> tuple[list[Quotation], list[_Opened]]:
    """Pair the marks; return the closed outermost quotations, and what is left open."""
    done: list[Quotation] = []
    stack: list[_Opened] = []
    for mark in marks:
        level = _closes(mark, stack)
        if level is not None:
            quotation = _close(text, stack[level], mark)
            del stack[level:]
            (stack[-1].nested if stack else done).append(quotation)
        elif _may_open(mark) and len(stack) < MAX_DEPTH:
            stack.append(_Opened(mark))
    return done, stack


def _closes(mark: _Mark, stack: list[_Opened]) -> int | None:
    """Return the stack level that `mark` closes, None when it closes nothing."""
    for level in range(len(stack) - 1, -1, -1):
        opener = stack[level].mark
        if opener.family == mark.family:
            return level if _ends(mark, opener) else None
    return None


def _ends(mark: _Mark, opener: _Mark) -> bool:
    if mark.text in _ONLY_OPENS:
        return False
    if mark.text == "“":
        return opener.text in ("„", ",,") or (mark.closes and not mark.opens)
    if mark.text == "‘":
        return opener.text == "‚" or (mark.closes and not mark.opens)
    if mark.text in "«»‹›":
        return mark.text != opener.text or (mark.closes and not mark.opens)
    if mark.text in _STRAIGHT or mark.text == "'":
        return mark.closes or not mark.opens
    return True


def _may_open(mark: _Mark) -> bool:
    if mark.text in _ONLY_CLOSES:
        return False
    if mark.text in _ONLY_OPENS or mark.text in "«‹“":
        return not (mark.text == "“" and mark.closes and not mark.opens)
    return mark.opens


def _close(text: str, opened: _Opened, mark: _Mark) -> Quotation:
    inner = _trimmed(text, opened.mark.end, mark.start)
    return Quotation(opened.mark.start, mark.end, inner, True, opened.mark.text, nested=tuple(opened.nested))  # noqa: FBT003


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return text[start:end] without the spaces at its ends (French sets them inside the marks)."""
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return Span(start, max(start, end - len(part) + len(part.rstrip())))


def _end_unclosed(text: str, place: Span, stack: list[_Opened], *, repeats: bool) -> Iterator[Quotation]:
    """Decide where quotations end that nothing closed.

    When the next paragraph repeats the opening mark, the quotation runs on. Else two guillemets may
    share a closing one («the paper «Dawn»), and a double mark that another one follows was forgotten.
    """
    outer, nested = stack[0], [quotation for opened in stack for quotation in opened.nested]
    same = [q for q in nested if _FAMILY[q.opener] == outer.mark.family]
    if repeats or not same:
        yield _unclosed(text, outer, place.end, nested)
    elif outer.mark.family == "guillemet":
        last = same[-1]
        shared = replace(last.inner, start=_trimmed(text, outer.mark.end, last.end).start)
        yield replace(_unclosed(text, outer, last.end, nested), end=last.end, inner=shared, closed=True)
        yield from (q for q in nested if q.start >= last.end)
    else:
        yield _unclosed(text, outer, same[0].start, [])
        yield from (q for q in nested if q.start >= same[0].start)


def _unclosed(text: str, opened: _Opened, end: int, nested: Sequence[Quotation]) -> Quotation:
    inside = tuple(q for q in nested if q.start < end)
    inner = _trimmed(text, opened.mark.end, end)
    return Quotation(opened.mark.start, inner.end, inner, False, opened.mark.text, nested=inside)  # noqa: FBT003
