"""Text as readers see it: in NFC, without controls."""

from __future__ import annotations

import re

from worker.core.text import nfc

#: Controls, zero-width fillers, soft hyphens, bidirectional overrides, lone surrogates, noncharacters.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Return a text with single spaces as NFC, without controls."""
    return nfc(text if text.isprintable() else " ".join(_UNSEEN.sub("", text).split()))


def line(text: str | None) -> str | None:
    """Return text as one line of NFC, without controls, with single spaces; None if nothing is left."""
    return visible(" ".join(text.split())) or None if text else None


def lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return each text as one line, without those of which nothing is left."""
    return tuple(kept for text in texts if (kept := line(text)))
