"""The words that the networks' constraints are written in: those of English, the language that the networks read."""

from __future__ import annotations

from worker.statements.vocabulary import vocabulary

LEXICON = vocabulary("en")
