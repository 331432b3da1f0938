"""From bytes to text: a byte order mark, the declared charset, the page's own, UTF-8, then a guess."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4096  # HTML Standard §4.2.5.4 asks for 1,024; real pages need more
# Labels that the WHATWG Encoding Standard maps to the wider Windows code page.
_WIDER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
          "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
          "shift_jis": "cp932", "x-sjis": "cp932"}  # fmt: skip


def decode(body: bytes, content_type: str | None) -> str:
    """Return the text of a page; bytes that fit no charset become U+FFFD, never an error."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    for label in _labels(body, content_type):
        try:
            return body.decode(label)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def _labels(body: bytes, content_type: str | None) -> list[str]:
    header = _HEADER.search(content_type or "")
    meta = _META.search(body, 0, _META_WITHIN)
    declared = [header[1].lower()] if header else []
    declared += [meta[1].decode("ascii").lower()] if meta else []
    # UTF-8 that decodes is UTF-8, whatever was declared: random text practically never does.
    return ["utf-8", *(_WIDER.get(label, label) for label in declared if _is_text_codec(label)), "cp1252"]


def _is_text_codec(label: str) -> bool:
    try:
        return codecs.lookup(label)._is_text_encoding  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001
    except LookupError:
        return False
