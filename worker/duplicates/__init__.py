"""Stage: which articles are one story and which quotations one saying, found by what their texts share. Pure."""

from worker.duplicates.sketch import Sketch, article_sketch, quotation_sketch

__all__ = ["Sketch", "article_sketch", "quotation_sketch"]
