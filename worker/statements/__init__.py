"""Statements: who said what, in which words. See `extract`."""

from worker.statements.extract import extract, load_engine

__all__ = ["extract", "load_engine"]
