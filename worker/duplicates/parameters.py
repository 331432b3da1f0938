"""Which query parameters of a host change nothing, from what its pages were seen to say.

Two things speak for it: pages of one path have the same text under different values, and pages state a canonical URL
without the parameter. One thing speaks against it, and outweighs them: two texts of one path whose URLs differ in such
parameters only. A canonical URL that several texts name, such as the front page's, says nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

_MOST = 2_000  # observations; a host that changes its habits is learnt anew from the latest
_LEAST_PAGES = 3  # texts that have to bear a parameter out
_MAX_FIELDS = 50


@dataclass(frozen=True, slots=True)
class Observation:
    """One fetch of a page: its URL, the canonical one that it states ("" for none), and a hash of its text."""

    url: str
    canonical: str
    text: str


def inert_parameters(observations: Iterable[Observation]) -> frozenset[str]:
    """Return the names of the parameters that may be left out of URLs of the host that all observations are of."""
    seen = list(islice(observations, _MOST))
    support: Counter[str] = Counter()
    for names in (*_by_text(seen), *_by_canonical(seen)):
        support.update(names)
    inert = {name for name, pages in support.items() if pages >= _LEAST_PAGES}
    return frozenset(_without_contradictions(seen, inert))


def _by_text(seen: list[Observation]) -> Iterable[set[str]]:
    """Yield, for each text of each path, the parameters whose values differed without changing it."""
    pages: defaultdict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for one in seen:
        pages[_place(one.url), one.text].append(_parameters(one.url))
    for queries in pages.values():
        yield set().union(*(_difference(queries[0], other) for other in queries[1:]))


def _by_canonical(seen: list[Observation]) -> Iterable[set[str]]:
    """Yield, for each text with a canonical URL of its own, the parameters that this lacks."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for one in seen:
        texts[one.canonical].add(one.text)
    counted: set[str] = set()
    for one in seen:
        is_own = one.canonical and len(texts[one.canonical]) == 1 and _place(one.canonical) == _place(one.url)
        if is_own and one.text not in counted:
            counted.add(one.text)
            yield _parameters(one.url).keys() - _parameters(one.canonical).keys()


def _without_contradictions(seen: list[Observation], inert: set[str]) -> set[str]:
    """Return those without which no two texts of one path would have one URL."""
    while True:
        first: dict[tuple[str, tuple[tuple[str, str], ...]], Observation] = {}
        for one in seen:
            rest = tuple(sorted((k, v) for k, v in _parameters(one.url).items() if k not in inert))
            other = first.setdefault((_place(one.url), rest), one)
            wrong = (
                _difference(_parameters(one.url), _parameters(other.url)) & inert if one.text != other.text else set()
            )
            if wrong:
                inert = inert - wrong
                break
        else:
            return inert


def _difference(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


def _parameters(url: str) -> Mapping[str, str]:
    return dict(islice(parse_qsl(urlsplit(url).query, keep_blank_values=True), _MAX_FIELDS))
