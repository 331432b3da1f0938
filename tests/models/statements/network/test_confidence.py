from __future__ import annotations

from worker.statements.document import Document
from worker.statements.network.confidence import evidence
from worker.statements.network.decode import RoleSpan
from worker.statements.network.engine import load
from worker.statements.network.words import read

WORDS = read(Document("The harbour will close, Brandt said."))
CONTENT, SOURCE, CUE = (RoleSpan("C", 0, 4, 0.9), 1.0), RoleSpan("S", 5, 6, 0.9), RoleSpan("Q", 6, 7, 0.9)


def confidence(*, content=CONTENT, cue=CUE, source=SOURCE) -> float:
    return load("fast")._confidence.of(evidence(WORDS, [content], cue, source))


def test_a_confidence_is_a_probability():
    assert 0 < confidence(cue=None, source=None) < confidence() < 1


def test_every_fainter_part_makes_it_less():
    faint = 0.4
    fainter = (
        confidence(content=(RoleSpan("C", 0, 4, faint), 1.0)),
        confidence(cue=RoleSpan("Q", 6, 7, faint)),
        confidence(source=RoleSpan("S", 5, 6, faint)),
    )

    assert all(less < confidence() for less in fainter)
