"""Plain text of small, dirty markup: feed summaries and other fragments."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning

from worker.core.text import nfc, without_huge_references

#: A summary is a few paragraphs; longer input is cut, because html.parser is slow on hostile markup.
_MAX_CHARS = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_DROPPED = ("script", "style", "template", "noscript", "iframe", "svg")


def clean_fragment(html: str) -> str:
    """Return the text of a fragment of HTML in one line, NFC, white space collapsed."""
    markup = without_huge_references(_CONTROL.sub("", html[:_MAX_CHARS]))
    if "<" not in markup and "&" not in markup:
        return _line(markup)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(markup.replace("<!", "<"), "html.parser")
    for element in soup(_DROPPED):
        element.decompose()
    for element in soup(["br", "p", "div", "li", "tr"]):
        element.insert_before(" ")
    return _line(soup.get_text())


def _line(text: str) -> str:
    return nfc(_SPACES.sub(" ", text).strip())
