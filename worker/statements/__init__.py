"""Statements: who said what, in which words. See `extract` and `engine_for`."""

from worker.statements.engines import engine_for, is_read
from worker.statements.extract import extract

__all__ = ["engine_for", "extract", "is_read"]
