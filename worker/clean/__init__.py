"""Cleaning, from page bytes to an article: decode, tree, body, metadata, language. Pure."""

from worker.clean.page import clean

__all__ = ["clean"]
