"""What compile.py compiles does what its Python does."""

import random
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

import compile  # noqa: A004 - the script at the root
import worker.clean
from worker.clean import clean
from worker.core.records import Page

FOLDER = Path(worker.clean.__file__).parent
PAGES = sorted((Path(__file__).parents[2] / "corpus" / "pages").glob("*.html"))
MODULES = sorted(path.relative_to(FOLDER).with_suffix("") for path in FOLDER.rglob("*.pxd"))
#: Cleans pages with the modules of the package as they are written, and prints what it found.
_INTERPRETED = """
import sys
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path

class Written:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("worker.clean."):
            return FileFinder(path[0], (SourceFileLoader, [".py"])).find_spec(name)

sys.meta_path.insert(0, Written())
from worker.clean import clean
from worker.clean.html import tokeniser as reader
from worker.core.records import Page
assert reader.__file__.endswith(".py"), reader.__file__
for name in sys.argv[1:]:
    print(ascii(clean(Page(name, name, Path(name).read_bytes()))))
"""


def soup(chance: random.Random) -> str:
    names = [
        "div class=story",
        "div class='card ad'",
        "p",
        "b",
        "a href=/",
        "table",
        "td",
        "ul",
        "li",
        "form",
        "br",
        "h2",
        "nav",
    ]
    texts = [
        "Kelp grows here, they say, and nobody has cut it for nine summers. ",
        "Im Hafen fährt „nichts“ mehr. ",
        "© 2026 &amp; ",
        "海藻。",
    ]
    pieces = []
    for _ in range(chance.randrange(40, 160)):
        name = chance.choice(names)
        pieces.append(
            chance.choice([f"<{name}>", f"</{name.split()[0]}>", chance.choice(texts) * chance.randrange(1, 4)])
        )
    return f"<title>Kelp</title><h1>Kelp</h1>{''.join(pieces)}<p>{texts[0] * 5}"


def built(module: Path) -> Path:
    return FOLDER / f"{module}{EXTENSION_SUFFIXES[0]}"


def compiled() -> list[Path]:
    return [module for module in MODULES if built(module).exists()]


def test_all_modules_are_compiled_or_none():
    assert MODULES
    assert compiled() in ([], MODULES)


@pytest.mark.skipif(not compiled(), reason="no C compiler: all runs as it is written")
def test_every_module_is_compiled_from_its_source_of_today():
    assert compile.stale() == [], "make setup compiles them"


@pytest.mark.skipif(not compiled(), reason="no C compiler: all runs as it is written")
def test_a_page_gives_the_same_article_compiled_or_not(tmp_path):
    soups = [tmp_path / f"{number}.html" for number in range(40)]
    for number, path in enumerate(soups):
        path.write_text(soup(random.Random(number)), "utf-8")
    pages = [*PAGES, *soups]
    names = [str(path) for path in pages]

    run = subprocess.run([sys.executable, "-c", _INTERPRETED, *names], capture_output=True, text=True, check=True)

    expected = [ascii(clean(Page(str(path), str(path), path.read_bytes()))) for path in pages]
    assert run.stdout.splitlines() == expected
    assert sum(found.startswith("Article") for found in expected) > 20
