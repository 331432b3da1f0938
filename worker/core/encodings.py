"""Which codec a charset label means, for feeds and pages alike (WHATWG Encoding, section 4.2).

Labels are read as browsers read them: "iso-8859-1" is windows-1252, "shift_jis" is what Windows calls so. A label has
more than one codec where Python divides among several what browsers have in one table; the first that reads every
byte is right.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

#: Byte order marks; the longer first, because one of UTF-32 begins with one of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s{0,9}[=:]\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE)
#: Labels of the standard, and a few that servers send, that Python does not know; Python's name for each.
_UNKNOWN_LABELS = {
    "unicode": "utf-8", "unicode-1-1-utf-8": "utf-8", "unicode11utf8": "utf-8", "unicode20utf8": "utf-8",
    "x-unicode20utf8": "utf-8", "utf-8n": "utf-8", "utf8mb4": "utf-8", "utf-8-bom": "utf-8", "latin-1": "cp1252",
    "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "x-ms-cp932": "cp932", "x-euc-jp": "euc_jp",
    "cseucpkdfmtjapanese": "euc_jp", "csiso2022jp": "iso2022_jp", "x-gbk": "gb18030", "gb_2312": "gb18030",
    "gb_2312-80": "gb18030", "csgb2312": "gb18030", "csiso58gb231280": "gb18030", "cn-gb": "gb18030",
    "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs", "csbig5": "big5hkscs",
    "windows-949": "cp949", "korean": "cp949", "ksc5601": "cp949", "ksc_5601": "cp949", "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949", "iso-ir-149": "cp949", "csksc56011987": "cp949", "cseuckr": "cp949",
    "windows-874": "cp874", "dos-874": "cp874", "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic", "koi": "koi8_r", "koi8": "koi8_r", "koi8-ru": "koi8_u", "logical": "iso8859_8",
    "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "visual": "iso8859_8",
    **{f"x-cp125{n}": f"cp125{n}" for n in range(9)},
}  # fmt: skip
#: What browsers read instead of a codec, by Python's names.
_SUPERSETS = {
    "ascii": ("cp1252",), "iso8859-1": ("cp1252",), "iso8859-9": ("cp1254",), "iso8859-11": ("cp874",),
    "tis-620": ("cp874",), "gb2312": ("gb18030",), "gbk": ("gb18030",), "euc_kr": ("cp949",),
    "shift_jis": ("cp932", "shift_jis_2004"), "cp932": ("cp932", "shift_jis_2004"),
    "big5": ("big5hkscs", "cp950"), "cp950": ("cp950", "big5hkscs"), "big5hkscs": ("big5hkscs", "cp950"),
    "euc_jp": ("euc_jp", "euc_jis_2004"), "iso2022_jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004"),
}  # fmt: skip
_WIDE = ("utf-16", "utf-32")
#: Codecs of Python that are no charsets: some take quadratic time, some hide markup, some raise errors of their own.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs"})


def labels_in(content_type: str | None) -> list[str]:
    """Return the charsets that a Content-Type header names, in order; quotes, doubled ones and colons are no matter."""
    return _CHARSET.findall(content_type[:1_000]) if content_type else []


@lru_cache(maxsize=256)
def codecs_of(label: str) -> tuple[str, ...]:
    """Return Python's codecs for a label, the likeliest first; none for what is no charset."""
    lowered = label.strip().lower()
    try:
        found = codecs.lookup(_UNKNOWN_LABELS.get(lowered, lowered))
    except (LookupError, ValueError):
        return ()
    if not found._is_text_encoding or found.name in _NO_CHARSETS:  # noqa: SLF001 - there is no public test for this
        return ()
    return _SUPERSETS.get(found.name, (found.name,))


def is_escaped(name: str) -> bool:
    """Tell the codecs whose bytes are all ASCII, so that they must be tried before it."""
    return name.startswith(("iso2022", "hz"))


def decoded(body: bytes, names: Iterable[str]) -> str | None:
    """Return the text by the first of several codecs that reads every byte; None when none does."""
    for name in names:
        try:
            return body.decode(name)
        except (UnicodeError, LookupError):
            continue
    return None


def decode(body: bytes, labels: Iterable[str]) -> str:
    """Return the text of a body, whatever it is; what cannot be read is replaced.

    A byte order mark outranks all. Then UTF-8, if all of it is: no other encoding is, by accident. Then what the
    labels say, and last what most of the bytes are.

    Args:
        body: As received.
        labels: The charsets that somebody says it is in, the most trusted first.
    """
    for mark, name in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace").removeprefix("\ufeff")
    is_wide = b"\0" in body[:200]  # without a NUL it is no UTF-16, but could be read so, as Chinese
    names = [name for label in labels for name in codecs_of(label) if is_wide or not name.startswith(_WIDE)]
    text = decoded(body, _in_order(body, names))
    return _damaged(body, names) if text is None else text


def _in_order(body: bytes, names: list[str]) -> Iterator[str]:
    yield from (name for name in names if name.startswith(_WIDE))
    if b"\x1b" in body:
        yield from filter(is_escaped, names)
    yield "utf-8"
    yield from names


def _damaged(body: bytes, names: list[str]) -> str:
    """Return what can be read of a body that is wrong in every encoding that it claims."""
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(not char.isascii() for char in text) - wrong
    if right > wrong:
        return text
    return body.decode(next((name for name in names if name != "utf-8"), "cp1252"), "replace")
