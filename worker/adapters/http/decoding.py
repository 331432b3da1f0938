"""Content decoding with bounds: a bomb of 1 MB that unpacks to 1 GB costs 10 MB and 30 ms here.

What the header says is checked against how the body begins, since servers send either without the other.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli
from backports import zstd

ACCEPTED = "gzip, deflate"  # what every server has; brotli and zstd are read, but from servers that send them unasked
_RATIO_FREE_BYTES = 1024**2  # what may unpack at any ratio: a page of spaces harms nobody
_PIECE_BYTES = 64 * 1024
_ZSTD_WINDOW_LOG = 23  # 8 MB, the most that HTTP has (RFC 9659)

#: What servers send as a content encoding and means none, besides the names of charsets.
_NONE = frozenset({"", "identity", "none", "binary", "plain", "text", "8bit", "7bit", "null", "default"})
_CHARSET = re.compile(r"utf-?(?:8|16)|iso-8859-\d{1,2}|windows-125\d|us-ascii|ascii")
_GZIP = b"\x1f\x8b\x08"
#: No compressed body begins so.
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<[!?A-Za-z]|\{\s{0,99}\")")


class TooLargeError(Exception):
    """The body is over one of its limits."""


class DecodingError(Exception):
    """The body is not what Content-Encoding says, or nothing that can be read."""


class Decoder(Protocol):
    """Unpacks a body piece by piece."""

    def feed(self, chunk: bytes, limit: int) -> bytes:
        """Return what the chunk unpacks to, hardly more than `limit` bytes of it; raises DecodingError."""

    def check_complete(self) -> None:
        """Raise DecodingError if the data ended too early."""


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
    name = _named(encoding)
    decode: Decoder | None = None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        if received > wire_bytes:
            raise TooLargeError(f"more than {wire_bytes} bytes sent")
        decode = decode or _decoder(name, chunk)
        body += decode.feed(chunk, body_bytes + 1 - len(body))
        if len(body) > body_bytes and cut:
            return bytes(body[:body_bytes])
        if len(body) > body_bytes:
            raise TooLargeError(f"more than {body_bytes} bytes unpacked")
        if len(body) > max(_RATIO_FREE_BYTES, ratio * received):
            raise TooLargeError(f"unpacks to more than {ratio} times its size")
    if decode:
        decode.check_complete()
    return bytes(body)


def _named(encoding: str) -> str:
    """Return the one encoding that a header names, "" for none; what is no encoding does not count."""
    names = [name.strip() for name in encoding.lower()[:200].split(",")]
    real = [name for name in names if name not in _NONE and not _CHARSET.fullmatch(name)]
    if len(real) > 1 or (real and real[0] not in _DECODERS):
        raise DecodingError(f"content encoding {encoding[:40]!r} is none of {', '.join(_DECODERS)}")
    return real[0] if real else ""


def _decoder(name: str, head: bytes) -> Decoder:
    if not name:
        return _Inflate() if head.startswith(_GZIP) else _Identity()
    return _Identity() if _MARKUP.match(head) else _DECODERS[name]()


class _Identity:
    """No encoding."""

    def feed(self, chunk: bytes, limit: int) -> bytes:
        return chunk[:limit]

    def check_complete(self) -> None:
        """Accept any end: Content-Length is checked by the connection."""


class _Brotli:
    """Brotli (RFC 7932), by the decoder of its authors; since 1.2 its output can be bounded."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, chunk: bytes, limit: int) -> bytes:
        return b"".join(self._unpacked(chunk, limit))

    def _unpacked(self, chunk: bytes, limit: int) -> Iterator[bytes]:
        while limit > 0 and not self._stream.is_finished():
            try:
                part = self._stream.process(chunk, output_buffer_limit=min(limit, _PIECE_BYTES))
            except brotli.error as error:
                raise DecodingError(f"broken brotli data: {error}") from error
            if not part:
                return
            yield part
            limit -= len(part)
            chunk = b""

    def check_complete(self) -> None:
        if not self._stream.is_finished():
            raise DecodingError("brotli data ends too early")


class _Zstd:
    """Zstandard frames (RFC 8878), by the module that is Python's own from 3.14 on."""

    def __init__(self) -> None:
        self._stream: zstd.ZstdDecompressor | None = None

    def feed(self, chunk: bytes, limit: int) -> bytes:
        return b"".join(self._unpacked(chunk, limit))

    def _unpacked(self, chunk: bytes, limit: int) -> Iterator[bytes]:
        while limit > 0 and (chunk or self._is_full()):
            self._stream = self._stream or _new_zstd()
            try:
                part = self._stream.decompress(chunk, max_length=limit)
            except zstd.ZstdError as error:
                raise DecodingError(f"broken zstd data: {error}") from error
            yield part
            limit -= len(part)
            chunk = self._stream.unused_data if self._stream.eof else b""
            if self._stream.eof:
                self._stream = None

    def _is_full(self) -> bool:
        return self._stream is not None and not self._stream.needs_input

    def check_complete(self) -> None:
        if self._stream is not None:
            raise DecodingError("zstd data ends too early")


def _new_zstd() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})


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


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": _Inflate,
    "x-gzip": _Inflate,
    "deflate": _Inflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
