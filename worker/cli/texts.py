"""`onrecord extract` and `onrecord clean`: single texts and pages, and the measuring lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import track

from config.settings import Settings
from worker.clean import clean
from worker.clean.jsonl import to_full_json
from worker.clean.jsonl import to_json as article_to_json
from worker.cli import show
from worker.cli.source import read_bytes, read_page, read_text
from worker.core.errors import IngestError, Reason, RejectedError
from worker.core.records import NotArticle, Page
from worker.services import Services
from worker.statements import extract, load_engine
from worker.statements import page as html
from worker.statements.attribution import Engine
from worker.versions.lines import to_json as statement_to_json

Form = Literal["terminal", "json", "jsonl", "html"]


def extract_command(settings: Settings, file: str, engine_name: str, language: str, form: Form) -> None:
    """Print the statements of one text, or of each line."""
    engine = chosen_engine(engine_name or settings.engine, language)
    if form == "jsonl":
        for row in _rows(file, "text"):
            found = extract(row["text"], engine=engine, language=str(row.get("lang") or language))
            _print({"id": row["id"], "statements": [statement_to_json(statement) for statement in found]})
        return
    text = read_text(file)
    found = extract(text, engine=engine, language=language)
    if form == "json":
        _print({"id": file, "statements": [statement_to_json(statement) for statement in found]})
    elif form == "html":
        print(html.page(text, found, title=text.strip().split("\n", 1)[0][:200], language=language))
    else:
        show.text_with_statements(Console(), text, found)


def chosen_engine(name: str, language: str) -> Engine:
    """Return the engine of that name; raises RejectedError naming the usable ones."""
    try:
        return load_engine(name, language)
    except LookupError as error:
        raise RejectedError(Reason.BAD_ENGINE, name, str(error.args[0])) from error


def clean_command(settings: Settings, file: str, *, jsonl: bool, as_json: bool) -> None:
    """Print the article on one page, or on each line's page."""
    if jsonl:
        folder = Path.cwd() if file == "-" else Path(file).resolve().parent
        for row in _rows(file, "html_file"):
            _print(_cleaned_line(row, folder))
        return
    article = clean(read_page(Services.of(settings), file))
    if isinstance(article, NotArticle):
        raise RejectedError(article.reason, file, article.detail)
    if as_json:
        _print(to_full_json(article, file))
    else:
        show.article(Console(), article)


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
    shown = track(lines, description="", console=Console(stderr=True), disable=not sys.stderr.isatty())
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


def _print(row: dict[str, Any]) -> None:
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair, as in "id": "\ud800", goes out as it came
        line = json.dumps(row)
    print(line, flush=True)
