"""Cleaning, from page bytes to an article: decode, tree, body, metadata, language. Pure."""

from worker.clean.article import clean
from worker.clean.fragment import clean_fragment

__all__ = ["clean", "clean_fragment"]
