"""The documents: their links and paths lead somewhere, their lines are short, and the README stays one."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from config.settings import ROOT

LONGEST_LINE = 120
README_BYTES, README_LINES = 8_000, 150
#: What a document tells the reader to write, and the scorers of sets that are not ours; no files of the repository.
NOT_OURS = {"docker-compose.override.yml", "score_speakers.py", "score_statements.py"}

_SUFFIXES = "lock|lua|mjs|md|npz|png|pxd|py|sh|svg|toml|typed|txt|yaml|yml|example"
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(rf"(?:[\w.*-]+/)*[\w.*-]+\.(?:{_SUFFIXES})")


def _tracked(pattern: str = "") -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *([pattern] if pattern else [])]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for path in listed if (ROOT / path).exists()]


#: The articles of the newsroom are test data, each with a form of its own.
DOCUMENTS = [path for path in _tracked("*.md") if not path.startswith("tests/newsroom/")]
FOLDERS = {path.split("/")[0] for path in _tracked() if "/" in path}


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def lost_links(document: Path, text: str) -> list[str]:
    """Return the relative links of a document that lead to no file, or to no heading of it."""
    lost = []
    for link in _LINK.findall(_FENCE.sub("", text)):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if re.match(r"\w+:", link):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            lost.append(link)
    return lost


def names_a_path(code: str) -> bool:
    """Tell whether what stands in backticks is a path: it begins with a folder of ours, or is the name of a file."""
    is_in_folder = re.fullmatch(r"[\w./*-]+", code) and "/" in code and code.split("/", maxsplit=1)[0] in FOLDERS
    return bool(is_in_folder or _FILE.fullmatch(code)) and code not in NOT_OURS


def lost_paths(document: Path, text: str, files: list[str]) -> list[str]:
    """Return the paths in backticks that are neither beside the document, nor in the repository.

    A name without a folder may be that of any file.
    """
    return [
        code
        for code in filter(names_a_path, _CODE.findall(_FENCE.sub("", text)))
        if not any(list(folder.glob(code.removeprefix("../").rstrip("/"))) for folder in (ROOT, document.parent))
        and not ("/" not in code and any(path.endswith(f"/{code}") for path in files))
    ]


def long_lines(text: str) -> list[str]:
    """Return the lines outside tables and code that are too long."""
    lines = _FENCE.sub("", text).splitlines()
    return [line for line in lines if len(line) > LONGEST_LINE and not line.startswith("|")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_leads_to_a_file_and_a_heading(name):
    assert lost_links(ROOT / name, (ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_in_backticks_exists(name):
    assert lost_paths(ROOT / name, (ROOT / name).read_text("utf-8"), _tracked()) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_line_outside_tables_and_code_is_too_long(name):
    assert long_lines((ROOT / name).read_text("utf-8")) == []


def test_the_readme_is_read_in_some_minutes():
    text = (ROOT / "README.md").read_text("utf-8")

    assert len(text.encode()) <= README_BYTES
    assert len(text.splitlines()) <= README_LINES


def test_the_readme_leads_to_every_page_of_docs():
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [path for path in _tracked("docs/*.md") if path.count("/") == 1 and f"({path})" not in readme] == []


def test_every_target_of_make_that_a_document_names_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (name, target)
        for name in DOCUMENTS
        for target in re.findall(r"(?:`|^)make ([a-z][a-z0-9-]*)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    }

    assert len(named) > len(targets)
    assert {(name, target) for name, target in named if target not in targets} == set()


DECISIONS = ROOT / "docs/decisions"
NUMBERED = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))


def test_decisions_are_numbered_in_order_and_the_index_has_them_all():
    titles = [(name, (DECISIONS / name).read_text("utf-8").splitlines()[0]) for name in NUMBERED]
    index = (DECISIONS / "README.md").read_text("utf-8")

    assert [int(name[:4]) for name in NUMBERED] == list(range(1, len(NUMBERED) + 1))
    assert re.findall(r"^- \[\d{4}\]\((.+?)\) (.+)$", index, re.MULTILINE) == [
        (name, title.removeprefix(f"# {name[:4]} ")) for name, title in titles
    ]


@pytest.mark.parametrize("name", NUMBERED)
def test_a_decision_has_its_five_headings(name):
    headings = re.findall(r"^## (.+)$", (DECISIONS / name).read_text("utf-8"), re.MULTILINE)

    assert headings == ["Context", "Decision", "Alternatives", "Consequence", "Status"]


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["dependency-groups"][name] for name in ("export", "tracing", "build")]
    wanted = {re.split(r"[\[<>=!; ]", each)[0] for each in [*project["project"]["dependencies"], *chain(*groups)]}
    rows = re.findall(r"^\| ([\w\[\], .-]+?) \|", (DECISIONS / "dependencies.md").read_text("utf-8"), re.MULTILINE)
    said = {re.sub(r"\[.*\]", "", name) for row in rows for name in row.split(", ")}

    assert {name for name in wanted if name not in said} == set()


@pytest.mark.parametrize(
    ("text", "links", "paths", "lines"),
    [
        ("[a](nowhere.md)", 1, 0, 0),
        ("[a](#no-heading)", 1, 0, 0),
        ("# A heading\n[a](#a-heading) [b](https://a.example/x.md)", 0, 0, 0),
        ("`worker/nowhere.py` and `no_such_file.py`", 0, 2, 0),
        ("`worker/celery.py`, `worker/`, `docs/web-*.png`, `pyproject.toml` and `/metrics`", 0, 0, 0),
        ("```\n[a](nowhere.md) `worker/nowhere.py` " + "x" * 120 + "\n```", 0, 0, 0),
        ("x" * 121, 0, 0, 1),
        ("| " + "x" * 121, 0, 0, 0),
    ],
)
def test_what_is_lost_or_too_long_is_seen(tmp_path, text, links, paths, lines):
    document = tmp_path / "page.md"
    document.write_text(text)

    found = lost_links(document, text), lost_paths(document, text, _tracked()), long_lines(text)
    assert tuple(map(len, found)) == (links, paths, lines)
