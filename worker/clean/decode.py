"""Bytes to UTF-8: BOM, HTTP, <meta>, then what the bytes themselves allow.

The order is that of the WHATWG encoding-sniffing algorithm, except that valid UTF-8 with
multi-byte characters wins over any label: no other encoding produces it by accident.
"""

from __future__ import annotations

import codecs
import re

from worker.core.errors import Reason, RejectedError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?\s*+([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*+=\s*+["']?\s*+([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
#: <meta> must stand in the first 1024 bytes by the standard; real pages are laxer.
_META_WINDOW = 8_192
#: WHATWG reads these labels as their Windows supersets.
_SUPERSETS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin-1": "cp1252", "latin1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "big5": "big5hkscs", "utf8": "utf-8", "unicode": "utf-8", "utf-16": "utf-8",
}  # fmt: skip
#: Python's own; they raise errors of their own, or give halves of pairs.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
_NOT_TEXT = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
)
#: More control characters than this share at the start, and a few by accident, and the bytes are no text in any
#: encoding: compressed or random bytes have a tenth, none of 219 measured pages had any.
_MAX_CONTROL_SHARE, _ACCIDENTS, _START = 0.02, 8, 16_384
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})
#: Random UTF-16 has an eighth of these: private use, noncharacters, halves of pairs as they are replaced.
_NO_CHARACTER = re.compile("[\ue000-\uf8ff\ufffd-\uffff]")
_MAX_NO_CHARACTER_SHARE = 0.05
_HEAD, _PIECE = 4_096, 16_384


def decode(body: bytes, content_type: str | None, url: str) -> bytes:
    """Return the page's characters in UTF-8.

    A page that says that it is in UTF-8 is returned as it is: whoever decodes a part of it replaces what is wrong.

    Raises:
        RejectedError: EMPTY or NOT_TEXT.
    """
    if not body or body.isspace():
        raise RejectedError(Reason.EMPTY, url, "the body has no bytes")
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _decode_marked(body[len(bom) :], name, url).encode()
    if _is_binary(body):
        raise _not_text(url)
    if body.isascii():
        return _decode_ascii(body, content_type)
    labels = _labels(body, content_type)
    if set(labels) == {"utf-8"}:
        return body
    wrong = _wrong_utf_8(body)
    return body if wrong is None else _decode_other(body, labels, wrong).encode("utf-8", "replace")


def _wrong_utf_8(body: bytes) -> int | None:
    """Return where a body stops being UTF-8, None if all is; in pieces, which stay in the cache."""
    view, start = memoryview(body), 0
    while start < len(body):
        try:
            _, read = codecs.utf_8_decode(view[start : start + _PIECE], "strict", start + _PIECE >= len(body))
        except UnicodeDecodeError as error:
            return start + error.start
        start += read
    return None


def _decode_marked(body: bytes, name: str, url: str) -> str:
    """Decode what a byte order mark announces; the mark alone does not make it text."""
    text = body.decode(name, "replace")
    strange = len(_NO_CHARACTER.findall(text, 0, _HEAD)) > _MAX_NO_CHARACTER_SHARE * len(text[:_HEAD]) + _ACCIDENTS
    if _is_binary(body) if name == "utf-8" else strange:
        raise _not_text(url)
    return text


def _is_binary(body: bytes) -> bool:
    start = body[:_START]
    controls = len(start) - len(start.translate(None, _CONTROL))
    return body.startswith(_NOT_TEXT) or controls > _MAX_CONTROL_SHARE * len(start) + _ACCIDENTS


def _not_text(url: str) -> RejectedError:
    return RejectedError(Reason.NOT_TEXT, url, "the body is binary, not markup")


def _decode_ascii(body: bytes, content_type: str | None) -> bytes:
    """ISO-2022-JP is the one encoding in use whose bytes are all ASCII."""
    if b"\x1b$" in body and "iso2022_jp" in _labels(body, content_type):
        return body.decode("iso-2022-jp", "replace").encode()
    return body


def _decode_other(body: bytes, labels: list[str], wrong: int) -> str:
    for name in labels:
        if name != "utf-8":
            try:
                return body.decode(name)
            except UnicodeError:
                continue
    if "utf-8" in labels or wrong > _META_WINDOW:
        return body.decode("utf-8", "replace")
    return body.decode(labels[0] if labels else "cp1252", "replace")


def _labels(body: bytes, content_type: str | None) -> list[str]:
    found = _HEADER.search(content_type or "")
    meta = _META.search(body[:_META_WINDOW])
    named = [found[1] if found else "", meta[1].decode("ascii") if meta else ""]
    return [name for label in named if (name := _codec(label))]


def _codec(label: str) -> str | None:
    lowered = label.strip().lower()
    name = _SUPERSETS.get(lowered, lowered)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = info._is_text_encoding  # noqa: SLF001 - codecs has no public test for this
    return info.name if is_text and info.name not in _NO_CHARSETS else None
