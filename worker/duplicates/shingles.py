"""Texts as sets of shingles, in any language: case, punctuation and quotation marks do not count."""

from __future__ import annotations

import re

#: Words of a shingle: fewer are shared by texts that have nothing to do with each other, more are lost with every
#: word that an editor changes. In scripts without spaces a character is a word here, and two are worth one.
_WIDTH, _WIDTH_UNSPACED = 3, 6

#: Thai and Lao, Myanmar, Khmer, kana, Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"  # noqa: E501
#: What stands between words. Combining marks do not, so that \W will not do.
_BETWEEN = (
    r"\s!-/:-@\[-`{-~\u00a0-\u00bf\u00d7\u00f7\u055a-\u055f\u0589\u05be\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4"
    r"\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufe30-\ufe4f\uff00-\uff0f"
    r"\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_WORD = re.compile(f"[{_UNSPACED}]|[^{_UNSPACED}{_BETWEEN}]+")
_CHARACTER = re.compile(f"[{_UNSPACED}]")


def shingles(text: str) -> set[str]:
    """Return the runs of three words (or six characters) of a text; none when it has fewer."""
    words = _WORD.findall(text.casefold())
    is_unspaced = _CHARACTER.search(text) and 2 * len(_CHARACTER.findall(text)) > len(words)
    width = _WIDTH_UNSPACED if is_unspaced else _WIDTH
    return set(map(" ".join, zip(*(words[at:] for at in range(width)), strict=False)))
