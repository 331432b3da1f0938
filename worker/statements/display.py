"""What a terminal and a page show of a statement: its words in one line, and who is said to say them."""

from __future__ import annotations

from itertools import pairwise

from worker.core.records import Statement


def words_of(text: str, statement: Statement) -> str:
    """Return the words of a statement, with an ellipsis where the text says something else between them."""
    first, *_ = statement.segments
    line = text[first.start : first.end]
    for before, after in pairwise(statement.segments):
        between = text[before.end : after.start]
        line += (" … " if between.strip() else between) + text[after.start : after.end]
    return " ".join(line.split())


def source_of(text: str, statement: Statement) -> str:
    """Return the words that name the source, where there is no name to show; "" without any."""
    return " ".join(" ".join(span.of(text) for span in statement.source).split()).strip(" ,")
