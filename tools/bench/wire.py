"""Stories as outlets print them: wire copy in its variants, and what only looks like a copy. The gold for clusters.

`tests/corpus/wire/*.txt` and the newsroom's stories are the originals. In a file, `== wire` begins the story as the
agency sent it, `== copy` one that an outlet edited, `== other` one that is none: the same event reported by somebody
else, a translation, a sequel. `{key@speaker|words}` marks a quotation; the same key in a file is the same quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.newsroom.story import Story, stories

_MARK = re.compile(r"\{([^{}|]+)\|([^{}]*)\}")
_QUOTED = re.compile(r"[“\"„「]([^“”\"„」]+)[“”\"」]?")
FOLDER = Path(__file__).parents[2] / "tests" / "corpus" / "wire"
Paragraphs = list[str]

_LEAD = """The news reached the county on the same day. Shops stayed open late, and people stood in front of the \
screens at the bus station for some time.

Our reporters asked around in the market. Most had heard of it, a few had an opinion, and one had a cousin there."""
_SERVICE = """You are reading the morning edition of a paper that is made by its readers. Sign in to save this page, \
to follow its authors, and to get a letter from us every evening except on Sundays.

Did you find a mistake? Write to the desk and tell us the line. We correct what is wrong, and we say so at the foot \
of the page. All prices include tax. Our terms have changed on the first of the month."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article as one outlet printed it; `story` is the same for all copies.

    `quotations` are (gold key, speaker, parts in quotation marks).
    """

    story: str
    variant: str
    text: str
    quotations: tuple[tuple[str, str, tuple[str, ...]], ...]


def corpus() -> list[Copy]:
    """Return every original in all its variants, what is no copy of any, and pages that have a bit of many."""
    wires = {**_newsroom(), **{f"{name}/{part}": body for name, part, body in _files() if part == "wire"}}
    others = [(name, part, body) for name, part, body in _files() if part != "wire"]
    made = [_copy(story, name, vary(body)) for story, body in wires.items() for name, vary in VARIANTS.items()]
    made += [_copy(f"{name}/{'wire' if 'copy' in part else part}", part, body) for name, part, body in others]
    leads = [body[0] for body in wires.values()]
    made += [_copy(f"round-up {n}", "round-up", leads[n : n + 6]) for n in range(0, len(leads), 6)]
    made += [_copy(f"live {n}", "live", [_SERVICE, *leads[n : n + 3], _LEAD]) for n in range(0, len(leads), 9)]
    return made


def _files() -> Iterator[tuple[str, str, Paragraphs]]:
    for path in sorted(FOLDER.glob("*.txt")):
        parts = re.split(r"^== (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
        for number, (part, body) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
            keyed = _MARK.sub(rf"{{{path.stem}-\1|\2}}", body)
            yield path.stem, part if part == "wire" else f"{part} {number}", keyed.strip().split("\n\n")


def _newsroom() -> dict[str, Paragraphs]:
    return {story.slug: _keyed(story) for story in stories()}


def _keyed(story: Story) -> Paragraphs:
    """Return a story's paragraphs with a key of its own for each statement, and its speaker's name."""
    count, speaker = 0, ""

    def key(match: re.Match[str]) -> str:
        nonlocal count, speaker
        if match[1] != "+":
            count, speaker = count + 1, story.speakers[match[1]].replace(" ", "_")
        return f"{{{story.slug}-{count}@{speaker}|{match[2]}}}"

    return [_MARK.sub(key, block.marked) for block in story.blocks]


def _named(mark: str) -> tuple[str, str]:
    key, speaker = mark.replace("_", " ").split("@")
    return key, speaker


def _copy(story: str, variant: str, body: Paragraphs) -> Copy:
    marked = "\n\n".join(body)
    parts: dict[str, list[str]] = {}
    for mark, words in _MARK.findall(marked):
        parts.setdefault(mark, []).extend(_QUOTED.findall(words))
    quotations = tuple((*_named(mark), tuple(found)) for mark, found in parts.items() if found)
    return Copy(story, variant, _MARK.sub(r"\2", marked), quotations)


def _first(share: float) -> Callable[[Paragraphs], Paragraphs]:
    return lambda body: body[: max(1, round(share * len(body)))]


def _typewritten(body: Paragraphs) -> Paragraphs:
    """What a system without typography makes of it."""
    return [line.translate(str.maketrans("“”„‘’–—", '"""\'\'--')).replace(" (Meridian Press)", "") for line in body]


def _corrected(body: Paragraphs) -> Paragraphs:
    """Return the story without every 25th of its words, as a careful desk would have it."""
    return [re.sub(r"((?:\S+\s+){24})[^\s{}|“”„]+\s+", r"\1", line) for line in body]


def _updated(body: Paragraphs) -> Paragraphs:
    figures = [re.sub(r"\d+(?!\d*@)", lambda number: str(int(number[0]) + 7), line) for line in body]
    return ["Update: The figures in this report were brought up to date in the evening.", *figures]


def _abridged(body: Paragraphs) -> Paragraphs:
    """Return the story with its long quotations cut in half, before or after the middle in turn."""
    count = 0

    def cut(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        words = match[2].strip("“”„").split()
        if len(words) < 14 or not _QUOTED.fullmatch(match[2].strip()):
            return match[0]
        half = words[: len(words) // 2] if count % 2 else words[len(words) // 2 :]
        return f"{{{match[1]}|“{' '.join(half)}”}}"

    return [_MARK.sub(cut, line) for line in body]


VARIANTS: dict[str, Callable[[Paragraphs], Paragraphs]] = {
    "as sent": lambda body: body,
    "first half": _first(0.5),
    "first third": _first(0.34),
    "local lead": lambda body: [_LEAD, *body[:-1]],
    "typewritten": _typewritten,
    "corrected": _corrected,
    "updated": _updated,
    "abridged quotations": _abridged,
    "with service": lambda body: [*body, _SERVICE],
}
