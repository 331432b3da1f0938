"""The language of a text: CLD3 on its start, the page's own statement where the text is too short."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from gcld3 import NNetLanguageIdentifier

#: More text does not change the answer, but costs time; half of it does not where the answer is this probable.
_WINDOW, _GLANCE, _SURE = 200, 100, 0.99
_MIN_CHARS = 40
#: Less probable answers on short texts are often wrong: 61 of 2,000 English sentences, of those at least so 4.
_LIKELY = 0.9
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


def main_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that most of `text` is in; None where that is too short to be sure.

    Four places of the text are looked at, since a text may begin with foreign names and titles.
    """
    if len(text) < _MIN_CHARS:
        return None
    places = {len(text) * quarter // 4 for quarter in range(4)}
    parts = (text[at : at + _WINDOW].encode(errors="replace").decode() for at in sorted(places))  # no half surrogates
    found = [_identifier().FindLanguage(text=part) for part in parts]
    likely = Counter(_known(one.language) for one in found if one.probability >= _LIKELY)
    return likely.most_common(1)[0][0] if likely else None


def _known(code: str) -> str:
    """Return a code without its script ("zh-Latn"), and as it is written today."""
    language = code.partition("-")[0]
    return _ALIASES.get(language, language)


@cache
def _identifier() -> NNetLanguageIdentifier:
    return NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=4 * _WINDOW)
