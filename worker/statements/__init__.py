"""Statements: who said what, in which words. See `extract` and `engine_for`."""

from worker.statements.engines import ENGINES, engine_for, is_read
from worker.statements.extract import extract

__all__ = ["ENGINES", "engine_for", "extract", "is_read"]
