"""How well statements agree with gold ones: a small scorer, for articles written for these tests.

    python -m tools.bench.agreement    prints the figures of the rules for every language

A statement is found when its content shares half of its words with the gold content (intersection over
union, best pairs first), right when its source also touches the gold one, and its speaker is right when
the names are the same or both are unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.core.records import Span, Statement
from worker.statements import engine_for, extract
from worker.statements.attribution import Engine
from worker.statements.vocabulary import LANGUAGES

CORPUS = Path(__file__).parents[2] / "tests" / "corpus" / "statements"
_WORD = re.compile(r"\w+")


@dataclass
class Agreement:
    """Counts over articles; the figures are in 0..1."""

    gold: int = 0
    predicted: int = 0
    found: int = 0
    right: int = 0
    speakers: int = 0

    @property
    def found_f1(self) -> float:
        return 2 * self.found / max(1, self.gold + self.predicted)

    @property
    def right_f1(self) -> float:
        return 2 * self.right / max(1, self.gold + self.predicted)

    @property
    def speaker_share(self) -> float:
        """Share of the found statements whose speaker is right."""
        return self.speakers / max(1, self.found)


def agreement(language: str, engine: Engine) -> Agreement:
    """Score `engine` on the articles of `language` in the tests' corpus."""
    total = Agreement()
    for line in (CORPUS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        _add(total, article, extract(article["text"], engine=engine, language=language))
    return total


def _add(total: Agreement, article: dict[str, Any], found: Sequence[Statement]) -> None:
    text, gold = article["text"], article["attributions"]
    total.gold += len(gold)
    total.predicted += len(found)
    for wanted, statement in _pairs(text, gold, found):
        total.found += 1
        sources = _words(text, [Span(*pair) for pair in wanted["source"]])
        touches = bool(sources & _words(text, statement.source))
        total.right += touches or not (sources or statement.source)
        known = statement.speaker.name if statement.speaker.type not in ("group", "anonymous") else None
        total.speakers += known == wanted["speaker"]


def _pairs(
    text: str, gold: Sequence[dict[str, Any]], found: Sequence[Statement]
) -> Iterator[tuple[dict[str, Any], Statement]]:
    wanted = [_words(text, [Span(*pair) for pair in one["content"]]) for one in gold]
    given = [_words(text, [Span(s.start, s.end) for s in one.segments]) for one in found]
    scores = [(len(w & g) / len(w | g), i, j) for i, w in enumerate(wanted) for j, g in enumerate(given) if w & g]
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for score, i, j in sorted(scores, reverse=True):
        if score >= 0.5 and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            yield gold[i], found[j]


def _words(text: str, spans: Sequence[Span]) -> set[int]:
    return {m.start() for span in spans for m in _WORD.finditer(text, span.start, span.end)}


def main() -> None:
    """Print the figures; the articles are few and were at hand when the rules were written."""
    print("        gold  found F1  found with source F1  speakers")
    for language in LANGUAGES:
        reached = agreement(language, engine_for(language, "rules"))
        figures = (100 * reached.found_f1, 100 * reached.right_f1, 100 * reached.speaker_share)
        print("{:6}{:6}{:10.1f}{:22.1f}{:10.1f}".format(language, reached.gold, *figures))


if __name__ == "__main__":
    main()
