"""The language of a text: py3langid on its start, the page's own statement where the text is too short."""

from __future__ import annotations

import re

import py3langid

#: More text does not change the answer, but costs time.
_WINDOW = 300
_MIN_CHARS = 40
_CODE = re.compile(r"^[a-zA-Z]{2,3}\b")
_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


def detect(text: str, stated: str) -> str | None:
    """Return the ISO 639-1 code of `text`; `stated` is the page's own code, may be "" or wrong."""
    found = _CODE.match(stated.strip())
    code = found[0].lower() if found else ""
    code = _ALIASES.get(code, code)
    if len(text) < _MIN_CHARS:
        return code or None
    guessed = str(py3langid.classify(text[:_WINDOW])[0])
    return _ALIASES.get(guessed, guessed)
