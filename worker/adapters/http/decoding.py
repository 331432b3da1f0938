"""Content decoding with bounds: a bomb of 1 MB that unpacks to 1 GB costs 10 MB and 30 ms here."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"  # the decoders of Python 3.11; others are not asked for, and refused when sent anyway
_RATIO_FREE_BYTES = 1024**2  # what may unpack at any ratio: a page of spaces harms nobody


class TooLargeError(Exception):
    """The body is over one of its limits."""


class DecodingError(Exception):
    """The body is not what Content-Encoding says, or nothing that was asked for."""


def read_body(
    chunks: Iterable[bytes], encoding: str, *, wire_bytes: int, body_bytes: int, ratio: int, cut: bool = False
) -> bytes:
    """Return the decoded body.

    Args:
        chunks: The body as sent.
        encoding: The Content-Encoding header; empty for none.
        wire_bytes: How much may be sent.
        body_bytes: How much it may unpack to.
        ratio: How many times more than was sent, beyond the first megabyte.
        cut: Return the first `body_bytes` of a larger body instead of refusing it.

    Raises:
        TooLargeError: A limit is passed; reading stops at once.
        DecodingError: Unknown, stacked or broken encoding.
    """
    decode = _decoder(encoding.strip().lower())
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        if received > wire_bytes:
            raise TooLargeError(f"more than {wire_bytes} bytes sent")
        body += decode.feed(chunk, body_bytes + 1 - len(body))
        if len(body) > body_bytes and cut:
            return bytes(body[:body_bytes])
        if len(body) > body_bytes:
            raise TooLargeError(f"more than {body_bytes} bytes unpacked")
        if len(body) > max(_RATIO_FREE_BYTES, ratio * received):
            raise TooLargeError(f"unpacks to more than {ratio} times its size")
    decode.check_complete()
    return bytes(body)


def _decoder(encoding: str) -> _Identity | _Inflate:
    if encoding in {"", "identity"}:
        return _Identity()
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _Inflate()
    raise DecodingError(f"content encoding {encoding[:40]!r} was not asked for")


class _Identity:
    """No encoding."""

    def feed(self, chunk: bytes, limit: int) -> bytes:
        return chunk[:limit]

    def check_complete(self) -> None:
        """Accept any end: Content-Length is checked by the connection."""


class _Inflate:
    """gzip of one or more members (RFC 1952), zlib, or the raw deflate that some servers call "deflate"."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._started = False

    def feed(self, chunk: bytes, limit: int) -> bytes:
        """Return at most `limit` bytes of what the chunk unpacks to."""
        return b"".join(self._unpacked(chunk, limit))

    def _unpacked(self, chunk: bytes, limit: int) -> Iterator[bytes]:
        while chunk and limit > 0:
            if self._stream is None:
                if self._started and not chunk.startswith(b"\x1f"):
                    return  # padding after the last member
                self._stream = zlib.decompressobj(_window(chunk))
                self._started = True
            try:
                part = self._stream.decompress(chunk, limit)
            except zlib.error as error:
                raise DecodingError(f"broken compressed data: {error}") from error
            yield part
            limit -= len(part)
            chunk = self._stream.unused_data
            if self._stream.eof:
                self._stream = None

    def check_complete(self) -> None:
        """Raise if the data ended inside a member."""
        if self._stream is not None:
            raise DecodingError("compressed data ends too early")


def _window(head: bytes) -> int:
    """Return zlib's name for the format that data beginning with `head` is in (RFC 1950 §2.2, RFC 1952)."""
    if head.startswith(b"\x1f"):
        return 31
    is_zlib = head[0] & 0x0F == 8 and (len(head) < 2 or int.from_bytes(head[:2], "big") % 31 == 0)
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
