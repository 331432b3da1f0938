"""Bytes to UTF-8: BOM, HTTP, <meta>, then what the bytes themselves allow.

The order is that of the WHATWG encoding-sniffing algorithm, except that valid UTF-8 with
multi-byte characters wins over any label: no other encoding produces it by accident.
"""

from __future__ import annotations

import codecs
import re

from worker.core.encodings import MARKS, codecs_of, decoded, is_escaped, labels_in
from worker.core.errors import Reason, RejectedError

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?\s*+([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
#: <meta> must stand in the first 1024 bytes by the standard; real pages are laxer.
_META_WINDOW = 8_192
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
    for bom, name in MARKS:
        if body.startswith(bom):
            return _decode_marked(body[len(bom) :], name, url).encode()
    if _is_binary(body):
        raise _not_text(url)
    if body.isascii():
        return _decode_ascii(body, content_type)
    names = _names(body, content_type)
    if set(names) == {"utf-8"}:
        return body
    wrong = _wrong_utf_8(body)
    return body if wrong is None else _decode_other(body, names, wrong).encode("utf-8", "replace")


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
    escaped = list(filter(is_escaped, _names(body, content_type))) if b"\x1b$" in body else []
    text = decoded(body, escaped)
    if text is None:
        return body.decode(escaped[0], "replace").encode() if escaped else body
    return text.encode()


def _decode_other(body: bytes, names: list[str], wrong: int) -> str:
    text = decoded(body, (name for name in names if name != "utf-8"))
    if text is not None:
        return text
    if "utf-8" in names or wrong > _META_WINDOW:
        return body.decode("utf-8", "replace")
    return body.decode(names[0] if names else "cp1252", "replace")


def _names(body: bytes, content_type: str | None) -> list[str]:
    """Return the codecs that the header and the page name; a page that is read so far is not in UTF-16."""
    meta = _META.search(body[:_META_WINDOW])
    labels = [*labels_in(content_type), *([meta[1].decode("ascii")] if meta else [])]
    names = [name for label in labels for name in codecs_of(label)]
    return ["utf-8" if name.startswith(("utf-16", "utf-32")) else name for name in names]
