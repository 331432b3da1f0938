"""Reading what a user names: a URL, a file, or standard input."""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

import typer

from config.limits import MAX_FILE_BYTES
from worker.cli.terminal import line
from worker.core.errors import Reason, RejectedError
from worker.core.records import Page
from worker.core.text import nfc
from worker.core.urls import check_url
from worker.services import Services

_HTML = re.compile(rb"<\s*(?:!doctype|html|head|body|article|div|p|meta)\b", re.IGNORECASE)


def is_url(target: str) -> bool:
    """Tell a URL from a file name: it has a scheme."""
    return bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", target)) and not Path(target).exists()


def url(argument: str) -> str:
    """Return the argument of a command that must be a URL; raises typer.BadParameter saying what is wrong with it."""
    try:
        check_url(argument)
    except RejectedError as error:
        raise typer.BadParameter(line(f"{error.subject}: {error.detail}")) from error
    return argument


def url_or_name(argument: str) -> str:
    """Return the argument of a command that may be a URL, as `url` does; anything else is a name."""
    return url(argument) if is_url(argument) else argument


def read_bytes(name: str) -> bytes:
    """Return the bytes of a file (gunzipped when it ends in .gz), or of standard input for "-".

    Raises:
        RejectedError: NOT_TEXT, EMPTY or TOO_LARGE, saying which file and why.
    """
    if name == "-":
        body = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    else:
        try:
            with gzip.open(name) if name.endswith(".gz") else Path(name).open("rb") as file:
                body = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise RejectedError(Reason.NOT_TEXT, name, f"cannot be read: {error.strerror or error}") from error
    if not body.strip():
        raise RejectedError(Reason.EMPTY, name, "the file is empty")
    if len(body) > MAX_FILE_BYTES:
        raise RejectedError(Reason.TOO_LARGE, name, f"larger than {MAX_FILE_BYTES // 1024**2} MB")
    return body


def read_text(name: str) -> str:
    """Return the text of a file, in NFC.

    Raises:
        RejectedError: NOT_TEXT when it is binary or not UTF-8, and what `read_bytes` raises.
    """
    return as_text(read_bytes(name), name)


def as_text(body: bytes, name: str) -> str:
    """Return bytes as NFC text; raises RejectedError(NOT_TEXT) when they are binary or not UTF-8."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RejectedError(Reason.NOT_TEXT, name, f"is not UTF-8 at byte {error.start}: convert it first") from error
    if "\x00" in text:
        raise RejectedError(Reason.NOT_TEXT, name, "is binary, not text")
    return nfc(text)


def looks_like_html(body: bytes) -> bool:
    """Tell a page from plain text."""
    return bool(_HTML.search(body[:4096]))


def read_page(services: Services, target: str, *, obey_robots: bool = False) -> Page:
    """Return the page at a URL, or in an HTML file; raises IngestError as `fetch_page` and `read_bytes` do."""
    from worker.pipeline.articles import fetch_page  # noqa: PLC0415 - start-up time of the other commands

    if is_url(target):
        return fetch_page(target, services, obey_robots=obey_robots)
    url = "file:///standard-input" if target == "-" else Path(target).resolve().as_uri()
    return Page(url, url, read_bytes(target), None, 200, services.clock.now())
