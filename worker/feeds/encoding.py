"""From the bytes of a feed to its text: what XML says of its encoding, beside what HTTP says."""

from __future__ import annotations

import re

from worker.core import encodings

_DECLARED = re.compile(rb"^\s{0,99}<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}[\"']\s{0,9}([\w.:-]{1,40})\s{0,9}[\"']")
_DECLARATION = re.compile(r"^\s{0,99}<\?xml[^>]{0,300}\?>")
#: "<?" in UTF-16 without a mark (XML 1.0, appendix F).
_UNMARKED = {b"<\x00?\x00": "utf-16-le", b"\x00<\x00?": "utf-16-be"}


def decode(body: bytes, content_type: str | None) -> str:
    """Return the text of an XML document, without byte order mark and XML declaration; nothing is too broken for it."""
    declared = _DECLARED.match(body[:400])
    labels = [*encodings.labels_in(content_type), *([declared[1].decode()] if declared else [])]
    unmarked = _UNMARKED.get(body[:4])
    text = encodings.decode(body, [unmarked] if unmarked else labels)
    return _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
