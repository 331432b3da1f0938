"""Authors: the names that JSON-LD, meta tags and visible bylines agree on, without boilerplate."""

from __future__ import annotations

import re
from typing import Any

from worker.clean.headline import clean_title, key
from worker.clean.structured import Node

_BY = re.compile(
    r"^(?:(?:written |reported |posted |story |words |text )?by|von|vom|par|por|di|av|af|door|od|oleh|przez|"
    r"text|foto|autor(?:in|en|es)?|author|auteur|fra|ritað af|yazan|автор)\b[\s:]+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[,;/|·•、]\s*|\s+(?:and|und|et|y|e|og|och|en|dan|&|a|ve|и)\s+|\n")
_NOT_NAME = re.compile(
    r"https?:|www\.|@|[?!:\d]|\bimage\b|\bgetty|facebook|twitter|whatsapp|instagram|\b(?:staff|admin|redaktion|editor(?:s|ial)?|newsroom|desk|team|published|updated|posted|reuters/|"
    r"minutes?|hours?|ago|read|follow|share|comments?|senior|correspondent|reporter|journalist|chief|read|"
    r"redakteur(?:in)?|korrespondent(?:in)?|autor(?:in)?|photograph|uhr|am|subscribe|more|articles?)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\]|기자|記者|특파원)\s*$")
_DOMAIN = re.compile(r"^www\.|\.(?:com|org|net|co|[a-z]{2})(?:\.[a-z]{2})?$", re.IGNORECASE)
_MAX_NAME = 60
#: A visible byline is a line; longer texts only mention an author.
_MAX_BYLINE = 150
_META_NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl",
               "cxenseparse:author", "dable:author", "twitter:creator:name", "bt:author")  # fmt: skip


def names_of(value: Any) -> list[str]:
    """Return the names that an `author` field of JSON-LD holds."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [name for item in value for name in names_of(item)]
    if isinstance(value, dict):
        name = value.get("name") or " ".join(
            part for part in (value.get("givenName"), value.get("familyName")) if isinstance(part, str)
        )
        return names_of(name)
    return []


def is_byline(text: str) -> bool:
    """Tell whether a line begins as bylines do, "By ..."."""
    return bool(_BY.match(text))


def choose_authors(
    article: Node, metas: list[tuple[str, str]], bylines: list[str], sites: list[str]
) -> tuple[str, ...]:
    """Return the authors in the order given, from the first source that names a person; () if none does.

    Several authors in JSON-LD, one of them a person, are taken as stated: a desk beside a person is a credit.

    Args:
        article: The article's JSON-LD.
        metas: All meta tags.
        bylines: Visible bylines, in order.
        sites: The names of the site and its publisher.
    """
    linked = names_of(article.get("author") or article.get("creator"))
    stated = [value for name, value in metas if name in _META_NAMES]
    house = {_joined(_DOMAIN.sub("", site)) for site in sites}
    several = len(linked) > 1
    people = [_persons(_people(linked, whole=several), house), _persons(_people(stated), house)]
    if people[0] and several:
        return _stated(linked)
    shown = (_persons(_people([text]), house) for text in bylines[:16] if len(text) < _MAX_BYLINE)
    return people[0] or people[1] or next((names for names in shown if names and _is_full(names[0])), ())


def _persons(names: tuple[str, ...], house: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not _is_house(name, house))


def _stated(linked: list[str]) -> tuple[str, ...]:
    names = (_SUFFIX.sub("", clean_title(name)) for name in linked)
    return tuple({key(name): name for name in names if 1 < len(name) <= _MAX_NAME and "/" not in name}.values())


def _is_full(name: str) -> bool:
    """Tell a full name from a department or a button; scripts without capitals write names without spaces."""
    return (" " in name and name[0].isupper()) or not (name[0].isupper() or name[0].islower())


def _joined(name: str) -> str:
    return key(name).replace(" ", "")


def _is_house(name: str, house: set[str]) -> bool:
    own = _joined(name)
    return any(
        own == site or (len(site) > 3 and own.startswith(site)) or (len(own) > 3 and own in site) for site in house
    )


def _people(stated: list[str], *, whole: bool = False) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in stated:
        if len(text) > 300 or "://" in text or "@" in text:
            continue
        cleaned = _BY.sub("", "\n".join(map(clean_title, text.split("\n"))))
        parts = [cleaned] if whole else _SPLIT.split(cleaned)
        if len(parts) > 1 and _DOMAIN.search(parts[0]):
            continue  # a site and its place, "gazette.example, Port Ellery"
        for part in parts[:1] if _is_place(parts) else parts:
            name = _SUFFIX.sub("", _BY.sub("", part.strip())).strip(" .:-–—|")
            if _is_name(name):
                found.setdefault(key(name), name)
    return tuple(found.values())


def _is_place(parts: list[str]) -> bool:
    """Tell "Anna Sleegers, Frankfurt" from two names: the second has one word only."""
    return len(parts) == 2 and " " in parts[0].strip() and " " not in parts[1].strip()


def _is_name(name: str) -> bool:
    short = 1 < len(name) <= _MAX_NAME and len(name.split()) <= 6
    return short and not _NOT_NAME.search(name) and any(map(str.isalpha, name)) and key(name) not in {"by", "von"}
