"""A server that misbehaves on demand: one mode a path, raw sockets, an ephemeral port."""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Self

import brotli
from backports import zstd

_PAGE = b"<!doctype html><title>Fine</title><p>Nothing is wrong here.</p>"
_TICK_S = 0.02  # between two bytes of a slow answer

Mode = Callable[[], Iterable[bytes]]


def _answer(body: bytes = _PAGE, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *(headers or ("Content-Type: text/html",))]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _open(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers]).encode() + b"\r\n\r\n"


def redirect(target: str, status: str = "302 Found") -> bytes:
    """Return the answer that sends a client to `target`."""
    return _answer(b"", f"Location: {target}", status=status)


def _slowly(data: bytes) -> Iterator[bytes]:
    for byte in data:
        yield bytes([byte])
        yield b""  # a pause


def _packed(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


def _encoded(body: bytes, encoding: str) -> list[bytes]:
    return [_answer(body, f"Content-Encoding: {encoding}", "Content-Type: text/html")]


_BOMB = gzip.compress(bytes(20 * 1024**2))
_ZLIB_BOMB = _packed(bytes(20 * 1024**2), 15)
_BROTLI_BOMB = brotli.compress(bytes(20 * 1024**2), quality=5)
_ZSTD_BOMB = zstd.compress(bytes(20 * 1024**2))
_WIDE = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
_WIDE_ZSTD = _WIDE.compress(bytes(100)) + _WIDE.flush()

MODES: dict[str, Mode] = {
    # time
    "silent": lambda: itertools.repeat(b""),
    "slow-status": lambda: _slowly(b"HTTP/1.1 200 OK\r\n" * 1000),
    "slow-headers": lambda: itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], _slowly(b"a" * 100_000)),
    "slow-body": lambda: itertools.chain([_open()], _slowly(b"a" * 100_000)),
    "slow-chunks": lambda: itertools.chain([_open("Transfer-Encoding: chunked")], _slowly(b"1\r\na\r\n" * 10_000)),
    "stalled-body": lambda: itertools.chain([_answer(length=9999)], itertools.repeat(b"")),
    "slow-redirects": lambda: itertools.chain(_slowly(b"HTTP/1.1 302 F\r\n"), [b"Location: /slow-redirects\r\n\r\n"]),
    # size
    "endless-body": lambda: itertools.chain([_open()], itertools.repeat(b"a" * 65_536)),
    "endless-chunks": lambda: itertools.chain(
        [_open("Transfer-Encoding: chunked")], itertools.repeat(b"1000\r\n" + b"a" * 4096 + b"\r\n")
    ),
    "endless-chunk-size": lambda: itertools.chain([_open("Transfer-Encoding: chunked")], itertools.repeat(b"0" * 4096)),
    "endless-trailers": lambda: itertools.chain(
        [_open("Transfer-Encoding: chunked") + b"0\r\n"], itertools.repeat(b"X-T: 1\r\n" * 500)
    ),
    "endless-headers": lambda: itertools.chain(
        [b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-H: " + b"a" * 4000 + b"\r\n")
    ),
    "endless-status-line": lambda: itertools.repeat(b"HTTP/1.1 200 " + b"a" * 4096),
    "long-header": lambda: [_answer(_PAGE, "X-Long: " + "a" * 60_000)],
    "endless-continue": lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "declared-huge": lambda: itertools.chain([_answer(length=10**12)], itertools.repeat(b"a" * 65_536)),
    "bomb-gzip": lambda: _encoded(_BOMB, "gzip"),
    "bomb-deflate": lambda: _encoded(_ZLIB_BOMB, "deflate"),
    "bomb-members": lambda: _encoded(gzip.compress(bytes(100_000)) * 100, "gzip"),
    "bomb-nested": lambda: _encoded(gzip.compress(_BOMB), "gzip, gzip"),
    # encoding
    "brotli": lambda: _encoded(brotli.compress(_PAGE), "br"),
    "zstd": lambda: _encoded(zstd.compress(_PAGE), "zstd"),
    "two-frames": lambda: _encoded(zstd.compress(_PAGE[:20]) + zstd.compress(_PAGE[20:]), "zstd"),
    "bomb-brotli": lambda: _encoded(_BROTLI_BOMB, "br"),
    "bomb-zstd": lambda: _encoded(_ZSTD_BOMB, "zstd"),
    "bomb-frames": lambda: _encoded(zstd.compress(bytes(100_000)) * 100, "zstd"),
    "bomb-unsaid": lambda: [_answer(_BOMB)],
    "wide-zstd": lambda: _encoded(_WIDE_ZSTD, "zstd"),
    "cut-brotli": lambda: _encoded(brotli.compress(_PAGE)[:-4], "br"),
    "cut-zstd": lambda: _encoded(zstd.compress(_PAGE)[:-4], "zstd"),
    "broken-brotli": lambda: _encoded(b"\xff" * 64, "br"),
    "broken-zstd": lambda: _encoded(b"\xff" * 64, "zstd"),
    "no-encoding": lambda: _encoded(_PAGE, "none"),
    "charset-encoding": lambda: _encoded(_PAGE, "UTF-8"),
    "identity": lambda: _encoded(_PAGE, "identity, identity"),
    "binary-encoding": lambda: _encoded(_PAGE, "binary"),
    "gzip-and-charset": lambda: _encoded(gzip.compress(_PAGE), "utf-8, gzip"),
    "unsaid-gzip": lambda: [_answer(gzip.compress(_PAGE))],
    "gzip-as-none": lambda: _encoded(gzip.compress(_PAGE), "none"),
    "not-brotli": lambda: _encoded(_PAGE, "br"),
    "status-203": lambda: [_answer(status="203 Non-Authoritative Information")],
    "two-charsets": lambda: [_answer(_PAGE, "Content-Type: text/html; charset=utf8; charset='utf-8'")],
    "type-twice": lambda: [_answer(_PAGE, "Content-Type: text/html", "Content-Type: text/html; charset=utf-8")],
    "unknown-encoding": lambda: _encoded(_PAGE, "x-secret"),
    "not-gzip": lambda: _encoded(_PAGE, "gzip"),
    "cut-gzip": lambda: _encoded(gzip.compress(_PAGE)[:-12], "gzip"),
    "corrupt-gzip": lambda: _encoded(gzip.compress(_PAGE)[:-8] + b"\0" * 8, "gzip"),
    "raw-deflate": lambda: _encoded(_packed(_PAGE, -15), "deflate"),
    "zlib-deflate": lambda: _encoded(_packed(_PAGE, 15), "deflate"),
    "two-members": lambda: _encoded(gzip.compress(_PAGE[:20]) + gzip.compress(_PAGE[20:]), "gzip"),
    "padded-gzip": lambda: _encoded(gzip.compress(_PAGE) + bytes(64), "gzip"),
    # framing
    "closed-at-once": list,
    "closed-in-headers": lambda: [b"HTTP/1.1 200 OK\r\nContent-Ty"],
    "closed-in-body": lambda: [_answer(length=9999)],
    "closed-in-chunk": lambda: [_open("Transfer-Encoding: chunked") + b"1000\r\nabc"],
    "bad-chunk-size": lambda: [_open("Transfer-Encoding: chunked") + b"zz\r\nabc\r\n"],
    "negative-chunk": lambda: [_open("Transfer-Encoding: chunked") + b"-5\r\nabc\r\n"],
    "two-lengths": lambda: [_open("Content-Length: 5", "Content-Length: 6") + b"abcdef"],
    "longer-than-said": lambda: [_answer(_PAGE + b"surplus", length=len(_PAGE))],
    "not-http": lambda: [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "bad-status": lambda: [b"HTTP/1.1 abc Fine\r\n\r\n"],
    "too-many-headers": lambda: [_answer(_PAGE, *(f"X-{i}: 1" for i in range(150)))],
    # redirects
    "loop": lambda: [redirect("/loop")],
    "pair": lambda: [redirect("/riap")],
    "riap": lambda: [redirect("/pair")],
    "to-file": lambda: [redirect("file:///etc/passwd")],
    "to-ftp": lambda: [redirect("ftp://paper.example/a")],
    "to-data": lambda: [redirect("data:text/html,<p>hello")],
    "to-script": lambda: [redirect("javascript:alert(1)")],
    "to-metadata": lambda: [redirect("http://169.254.169.254/latest/meta-data/")],
    "to-mapped": lambda: [redirect("http://[::ffff:7f00:2]:80/")],
    "to-nat64": lambda: [redirect("http://[64:ff9b::7f00:1]/")],
    "to-6to4": lambda: [redirect("http://[2002:7f00:1::]/")],
    "to-cgnat": lambda: [redirect("http://100.64.0.1/")],
    "to-multicast": lambda: [redirect("http://224.0.0.1/")],
    "to-mail-port": lambda: [redirect("http://8.8.8.8:25/")],
    "to-number": lambda: [redirect("http://2130706433/")],
    "to-nowhere": lambda: [redirect("http://")],
    "to-brackets": lambda: [redirect("http://[no-address]/")],
    "to-login": lambda: [redirect("http://ann:secret@127.0.0.1:{port}/fine")],
    "without-target": lambda: [_answer(b"", "X-Nothing: 1", status="302 Found")],
    "moved": lambda: [redirect("/fine", "301 Moved Permanently")],
    "moved-for-now": lambda: [redirect("/moved", "307 Temporary Redirect")],
    # content
    "fine": lambda: [_answer()],
    "binary": lambda: [_answer(bytes(range(256)) * 8)],
    "image": lambda: [_answer(b"\x89PNG\r\n\x1a\n" + bytes(100), "Content-Type: image/png")],
    "empty": lambda: [_answer(b"  \n")],
    "wrong-charset": lambda: [_answer("<p>größer".encode("latin-1"), "Content-Type: text/html; charset=utf-16")],
    "mislabelled": lambda: [_answer(_PAGE, "Content-Type: text/plain")],
    "challenge": lambda: [_answer(b"<html><title>Just a moment...</title>", status="200 OK")],
    "mitigated": lambda: [_answer(_PAGE, "Content-Type: text/html", "cf-mitigated: challenge")],
}


class HostileServer:
    """Serves `MODES` by path until the context ends; `requests` holds the head of each request as sent."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._socket = socket.create_server((host, 0))
        self._tls = tls
        self._stopping = threading.Event()
        self.host, self.port = self._socket.getsockname()[:2]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._socket.close()

    def url(self, mode: str) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{self.host}:{self.port}/{mode}"

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self._respond(connection)
        except OSError:
            connection.close()

    def _respond(self, connection: socket.socket) -> None:
        request = connection.recv(65_536)
        self.requests.append(request)
        mode = request.partition(b" /")[2].partition(b" ")[0].decode()
        for piece in MODES.get(mode, list)():
            if self._stopping.is_set():
                return
            if piece:
                connection.sendall(piece.replace(b"{port}", str(self.port).encode()))
            else:
                self._stopping.wait(_TICK_S)
