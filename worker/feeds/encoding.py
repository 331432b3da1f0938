"""From bytes to text: byte order mark, then what HTTP says, then the XML declaration, then guesses."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_MARKS = (  # the longer first: a UTF-32 mark begins with a UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),  # "<?" without a mark (XML 1.0, appendix F)
    (b"\x00<\x00?", "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s{0,99}<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"']")
_DECLARATION = re.compile(r"^\s{0,99}<\?xml[^>]{0,300}\?>")

# Codecs that no feed is written in; two of them take quadratic time, the others hide markup.
_REFUSED = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"})


def decode(body: bytes, content_type: str | None) -> str:
    """Return the text of an XML document, without byte order mark and XML declaration.

    A wrong declaration costs nothing: the first encoding that can read every byte is taken,
    and windows-1252 with replacements reads anything.
    """
    for encoding in _candidates(body, content_type):
        try:
            text = body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return _without_declaration(text)
    return _without_declaration(body.decode("cp1252", "replace"))


def _candidates(body: bytes, content_type: str | None) -> Iterator[str]:
    yield from (encoding for mark, encoding in _MARKS if body.startswith(mark))
    named = _CHARSET.search(content_type or "")
    declared = _DECLARED.match(body[:400])
    for label in (named[1] if named else "", declared[1].decode() if declared else ""):
        # What is called UTF-16 and has no NUL is not; but most of it could be read so, as Chinese.
        yield from (
            codec for codec in _decoders(label) if b"\0" in body[:200] or not codec.startswith(("utf-16", "utf-32"))
        )
    yield "utf-8"


def _decoders(name: str) -> Iterator[str]:
    """Yield the codecs for a label as browsers read it: latin-1 means windows-1252 (WHATWG Encoding)."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return
    if codec in {"ascii", "iso8859-1"}:
        yield from ("ascii", "utf-8", "cp1252")
    elif codec not in _REFUSED:
        yield "gb18030" if codec in {"gb2312", "gbk"} else codec


def _without_declaration(text: str) -> str:
    return _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
