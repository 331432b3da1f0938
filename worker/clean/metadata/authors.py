"""Authors: the names that JSON-LD, meta tags and visible bylines agree on, without boilerplate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from worker.clean.metadata.bylines import BY, bylines
from worker.clean.metadata.headline import clean_title, key
from worker.clean.metadata.sources import Sources

_SPLIT = re.compile(r"\s*[,;/|·•、]\s*|\s+(?:and|und|et|y|e|og|och|en|dan|&|a|ve|и)\s+|\n")
_NOT_NAME = re.compile(
    r"https?:|www\.|[@?!:\d]|\bgetty|facebook|twitter|whatsapp|instagram|\breuters/\b", re.IGNORECASE
)
#: Words that no person is called.
_NOT_NAMES = frozenset(
    ("admin", "ago", "am", "article", "articles", "autor", "autorin", "bureau", "chief", "columnist", "comment",
     "comments", "correspondent", "desk", "editor", "editorial", "editors", "facts", "follow", "hour", "hours", "image",
     "journalist", "korrespondent", "korrespondentin", "minute", "minutes", "more", "newsroom", "photograph", "points",
     "posted", "published", "read", "redaccion", "redacción", "redactie", "redaction", "rédaction", "redakcja",
     "redakteur", "redakteurin", "redaktion", "redazione", "reporter", "senior", "share", "staff", "stories",
     "subscribe", "takeaways", "team", "uhr", "updated", "writer", "writers", "редакция")
)  # fmt: skip
_SUFFIX = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\]|기자|記者|특파원)\s*$")
#: Another part in it than the author's, once "By:" and its like are gone: "Editor: ...".
_ROLE = re.compile(r"^\w+ ?:")
#: What a visible byline adds to a name: "Jonna Aske in Port Ellery", "Jonna Aske on Monday".
_WHERE = re.compile(r"(?<=\w)\s+(?:in [A-Z].*|(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$")
#: Words of names that are written small.
_PARTICLES = frozenset(
    ("al", "bin", "bint", "d", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el",
     "et", "i", "la", "las", "le", "los", "och", "of", "ten", "ter", "und", "van", "vom", "von", "y", "zu", "zum",
     "zur")
)  # fmt: skip
#: Scripts that put spaces between words come before this letter, but for letters with accents.
_UNSPACED = "\u0e00"
_DOMAIN = re.compile(r"^www\.|\.(?:com|org|net|co|[a-z]{2})(?:\.[a-z]{2})?$", re.IGNORECASE)
_MAX_NAME = 60
#: Names read of an `author` field, and lists and objects around them that are looked into.
_MOST_AUTHORS, _DEEPEST = 100, 5
#: A visible byline is a line; longer texts only mention an author.
_MAX_BYLINE = 150
_META_NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl",
               "cxenseparse:author", "dable:author", "twitter:creator:name", "bt:author")  # fmt: skip


def names_of(value: Any, depth: int = _DEEPEST) -> list[str]:
    """Return the names that an `author` field of JSON-LD holds, up to `depth` lists and objects deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and depth:
        return [name for item in value[:_MOST_AUTHORS] for name in names_of(item, depth - 1)][:_MOST_AUTHORS]
    if isinstance(value, dict) and depth:
        name = value.get("name") or " ".join(
            part for part in (value.get("givenName"), value.get("familyName")) if isinstance(part, str)
        )
        return names_of(name, depth - 1)
    return []


def read_authors(sources: Sources, houses: list[str]) -> tuple[str, ...]:
    """Return who wrote the article: by JSON-LD, then meta tags, then bylines; `houses` are names of the site."""
    author = sources.article.get("author") or sources.article.get("creator")
    return choose_authors(author, sources.tree.metas, bylines(sources), houses)


def choose_authors(
    author: Any, metas: list[tuple[str, str]], shown: Iterable[str], sites: list[str]
) -> tuple[str, ...]:
    """Return the authors in the order given, from the first source that names a person.

    Several authors in JSON-LD, one of them a person, are taken as stated: a desk beside a person is a credit.
    A house or its staff alone is no author: "By The Gazette" gives ().

    Args:
        author: The author field of the article's JSON-LD.
        metas: All meta tags.
        shown: Visible bylines, in order; read only where the stated data name nobody.
        sites: The names of the site and its publisher.
    """
    linked = names_of(author)
    house = {_joined(_DOMAIN.sub("", site)) for site in sites}
    several = len(linked) > 1
    people = _persons(_people(linked, whole=several), house)
    if people:
        return _stated(linked) if several else people
    stated = _persons(_people([value for name, value in metas if name in _META_NAMES]), house)
    if stated:
        return stated
    lines = (text for text in shown if len(text) < _MAX_BYLINE and not _ROLE.match(BY.sub("", text)))
    named = (_persons(_people([text]), house) for text in lines)
    return next((names for names in named if names and _is_full(names[0])), ())


def _persons(names: tuple[str, ...], house: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not _is_house(name, house))


def _stated(linked: list[str]) -> tuple[str, ...]:
    names = (_SUFFIX.sub("", clean_title(name)) for name in linked)
    return tuple({key(name): name for name in names if 1 < len(name) <= _MAX_NAME and "/" not in name}.values())


def _is_full(name: str) -> bool:
    """Tell a full name from a department, a button or a sentence."""
    words = name.split()
    return _is_unspaced(name[0]) or (len(words) > 1 and not name[0].islower() and all(map(_may_name, words)))


def _is_unspaced(letter: str) -> bool:
    """Tell a letter of the scripts that write a name as one word, as Chinese does; they have no capitals."""
    return letter >= _UNSPACED and letter.isalpha() and letter.upper() == letter.lower()


def _may_name(word: str) -> bool:
    return not word[0].islower() or word in _PARTICLES or not word.isalpha()


def _joined(name: str) -> str:
    return key(name).replace(" ", "")


def _is_house(name: str, house: set[str]) -> bool:
    own = _joined(name)
    first = name.split(maxsplit=1)[0]
    if first.isupper() and _joined(first) in house:
        return True
    return any(
        own == site or (len(site) > 3 and own.startswith(site)) or (len(own) > 3 and own in site) for site in house
    )


def _people(stated: list[str], *, whole: bool = False) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in stated:
        if len(text) > 300 or "://" in text or "@" in text:
            continue
        cleaned = BY.sub("", "\n".join(map(clean_title, text.split("\n"))))
        parts = [cleaned] if whole else _SPLIT.split(cleaned)
        if len(parts) > 1 and _DOMAIN.search(parts[0]):
            continue  # a site and its place, "gazette.example, Port Ellery"
        for part in parts[:1] if _is_place(parts) else parts:
            name = _without_place(_SUFFIX.sub("", BY.sub("", part.strip())).strip(" .:-–—|"))
            if _is_name(name):
                found.setdefault(key(name), name)
    return tuple(found.values())


def _without_place(name: str) -> str:
    """Return a full name without the place or weekday after it; "Women in Science" stays whole."""
    found = _WHERE.search(name)
    return name[: found.start()] if found and " " in name[: found.start()] else name


def _is_place(parts: list[str]) -> bool:
    """Tell "Anna Sleegers, Frankfurt" from two names: the second has one word only."""
    return len(parts) == 2 and " " in parts[0].strip() and " " not in parts[1].strip()


def _is_name(name: str) -> bool:
    if not 1 < len(name) <= _MAX_NAME or len(name.split()) > 6 or _NOT_NAME.search(name):
        return False
    words = key(name).split()
    return _NOT_NAMES.isdisjoint(words) and words not in (["by"], ["von"]) and any(map(str.isalpha, name))
