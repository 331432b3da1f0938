"""The language of a text: CLD3 on its start, the page's own statement where the text is too short."""

from __future__ import annotations

import re
from functools import cache

from gcld3 import NNetLanguageIdentifier

#: More text does not change the answer, but costs time; half of it does not where the answer is this probable.
_WINDOW, _GLANCE, _SURE = 200, 100, 0.99
_MIN_CHARS = 40
_CODE = re.compile(r"^[a-zA-Z]{2,3}(?![a-zA-Z])")
#: Former codes, written standards and scripts of a language, as ISO 639-1 has them today.
_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl"}


def detect(text: str, stated: str) -> str | None:
    """Return the ISO 639-1 code of `text`; `stated` is the page's own code, may be "" or wrong."""
    if len(text) < _MIN_CHARS:
        found = _CODE.match(stated.strip())
        return _known(found[0].lower()) if found else None
    found = _identifier().FindLanguage(text=text[:_GLANCE])
    if found.probability < _SURE:
        found = _identifier().FindLanguage(text=text[:_WINDOW])
    return _known(found.language)


def _known(code: str) -> str:
    """Return a code without its script ("zh-Latn"), and as it is written today."""
    language = code.partition("-")[0]
    return _ALIASES.get(language, language)


@cache
def _identifier() -> NNetLanguageIdentifier:
    return NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=4 * _WINDOW)
