"""`onrecord extract` and `onrecord clean`: single texts and pages, and the measuring lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from rich.progress import track

from config.settings import Settings
from worker.clean import clean
from worker.clean.jsonl import to_full_json
from worker.clean.jsonl import to_json as article_to_json
from worker.clean.language import main_language
from worker.cli import show
from worker.cli.source import read_bytes, read_page, read_text
from worker.cli.terminal import Terminal, note, print_json, print_markup
from worker.core.errors import IngestError, Reason, RejectedError
from worker.core.records import NotArticle, Page, Statement
from worker.services import Services
from worker.statements import engine_for, extract, is_read
from worker.statements import page as html
from worker.statements.attribution import Engine
from worker.versions.lines import to_json as statement_to_json

Form = Literal["terminal", "json", "jsonl", "html"]


def extract_command(settings: Settings, file: str, engine_name: str, language: str, form: Form) -> None:
    """Print the statements of one text, or of each line."""
    preferred = engine_name or settings.engine
    if form == "jsonl":
        for row in _rows(file, "text"):
            stated = row.get("language") or row.get("lang")
            code = stated if isinstance(stated, str) else language or _language_of(row["text"])
            found = _statements(row["text"], preferred, code)
            print_json({"id": row["id"], "statements": [statement_to_json(statement) for statement in found]})
        return
    text = read_text(file)
    language = language or _language_of(text)
    found = _statements(text, preferred, language)
    if form == "json":
        print_json({"id": file, "statements": [statement_to_json(statement) for statement in found]})
    elif form == "html":
        print_markup(html.page(text, found, title=text.strip().split("\n", 1)[0][:200], language=language))
    else:
        show.text_with_statements(Terminal(), text, found)


def _language_of(text: str) -> str:
    """Return the language that a text is in; what is too short or too mixed to tell is read as English."""
    return main_language(text) or "en"


def _statements(text: str, preferred: str, language: str) -> list[Statement]:
    if not is_read(language):
        warn_unread(language)
        return []
    return extract(text, engine=chosen_engine(preferred, language), language=language)


@cache
def warn_unread(language: str) -> None:
    """Say on standard error, once a language, that no engine reads it."""
    note(f"onrecord: no engine reads language {language!r}: no statements; --language sets another")


def chosen_engine(name: str, language: str = "en") -> Engine:
    """Return the engine for a language that is read; raises RejectedError naming the usable engines."""
    try:
        return engine_for(language, name)
    except LookupError as error:
        raise RejectedError(Reason.BAD_ENGINE, name, str(error.args[0])) from error


def clean_command(settings: Settings, file: str, *, jsonl: bool, as_json: bool) -> None:
    """Print the article on one page, or on each line's page."""
    if jsonl:
        folder = Path.cwd() if file == "-" else Path(file).resolve().parent
        for row in _rows(file, "html_file"):
            print_json(_cleaned_line(row, folder))
        return
    article = clean(read_page(Services.of(settings), file))
    if isinstance(article, NotArticle):
        raise RejectedError(article.reason, file, article.detail)
    if as_json:
        print_json(to_full_json(article, file))
    else:
        show.article(Terminal(), article)


def _cleaned_line(row: dict[str, Any], folder: Path) -> dict[str, Any]:
    url = row.get("url") or "https://unknown.invalid/"
    try:
        article = clean(Page(url, url, read_bytes(str(folder / row["html_file"]))))
    except IngestError as error:
        return {"id": row["id"], "text": "", "reason": str(error.reason), "detail": error.detail}
    if isinstance(article, NotArticle):
        return {"id": row["id"], "text": "", "reason": str(article.reason), "detail": article.detail}
    return article_to_json(article, row["id"])


def _rows(file: str, needed: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a file, a line each, with progress on a terminal.

    Raises:
        RejectedError: NOT_TEXT, naming the line that is no object with an id and `needed`.
    """
    lines = read_lines(file)
    shown = track(lines, description="", console=Terminal(stderr=True), disable=not sys.stderr.isatty())
    for number, line in enumerate(shown, 1):
        if not line.strip():
            continue
        try:
            row = _row(line, needed)
        except (ValueError, KeyError, TypeError) as error:
            wanted = f'a JSON object with "id" and "{needed}"'
            raise RejectedError(Reason.NOT_TEXT, f"{file}:{number}", f"expected {wanted}: {error}") from error
        yield row


def _row(line: str, needed: str) -> dict[str, Any]:
    """Return the JSON object of a line; raises ValueError, KeyError or TypeError if it is none with what is needed."""
    row: dict[str, Any] = json.loads(line)
    _ = row["id"]
    if not isinstance(row[needed], str):
        raise TypeError(f"{needed} is no string")
    return row


def read_lines(file: str) -> list[str]:
    """Return the lines of a UTF-8 file of any size, or of standard input."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RejectedError(Reason.NOT_TEXT, file, f"cannot be read: {error}") from error
    return text.split("\n")
