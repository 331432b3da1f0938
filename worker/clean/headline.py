"""The article's headline: a vote among JSON-LD, OpenGraph, <h1> and <title>, the site's suffix stripped."""

from __future__ import annotations

import re
from html import unescape

from worker.clean.tree import collapse

_WORD = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s+[-–—|·•»«:/\\ㅣ]+\s+|\s*[|｜ㅣ»_]+\s*|(?<=[^\x00-\x7f])-(?=[^-\s]+$)")
_SUFFIX_STARTS = frozenset("-–—|·•»«:/ㅣ｜")
#: Headlines are no shorter than this many word characters, site names often are.
_MIN_CHARS = 4


def clean_title(text: str) -> str:
    """Return a title without markup entities and doubled spaces."""
    return collapse(unescape(re.sub(r"<[^<>]{1,80}>", "", unescape(text))))


def key(text: str) -> str:
    """Return the words of a title, folded, for comparison."""
    return " ".join(_WORD.findall(text.casefold()))


def strip_site(title: str, site: str) -> str:
    """Return `title` without a leading or trailing site name."""
    separators = list(_SEPARATOR.finditer(title))
    named = key(site)
    if not separators or not named:
        return title
    last, first = separators[-1], separators[0]
    if _names_site(title[last.end() :], named):
        return title[: last.start()].strip()
    if _names_site(title[: first.start()], named):
        return title[first.end() :].strip()
    return title


def _names_site(part: str, named: str) -> bool:
    words, site = key(part).replace(" ", ""), named.replace(" ", "")
    return bool(words) and (words in site or site in words)


def choose_headline(shared: str, linked: str, headings: list[str], title: str, site: str) -> str | None:
    """Return og:title where it is a headline, else what most of the other sources agree on.

    Measured on 129 news pages: publishers write og:title for the article, while JSON-LD, <h1> and
    <title> often agree on a version with a kicker or for search engines. Where <title> repeats og:title instead, that
    is the version for search engines, and JSON-LD has the headline (all 9 of such pages).

    Args:
        shared: og:title or its like.
        linked: JSON-LD `headline`.
        headings: The texts of all <h1>.
        title: The <title>.
        site: The site's name, to be stripped from a title's end.
    """
    stated = [clean_title(text) for text in (shared, linked, *headings[:4], title)]
    candidates = [strip_site(text, site) for text in stated]
    usable = [text for text in candidates if len(key(text)) >= _MIN_CHARS and key(text) != key(site)]
    if not usable:
        return None
    if candidates[1] in usable and key(candidates[0]) == key(candidates[-1]):
        return candidates[1]
    if candidates[0] in usable:
        return _shortest_start(candidates[0], candidates[1], usable)
    return max(usable, key=lambda text: (_votes(text, usable), -usable.index(text)))


def _shortest_start(shared: str, linked: str, candidates: list[str]) -> str:
    """Return the candidate that `shared` only lengthens by a section or a site, unless JSON-LD has all of it too."""
    own = key(shared)
    if key(linked) == own:
        return shared
    starts = [text for text in candidates if own.startswith(key(text) + " ") and len(key(text)) > len(own) / 3]
    cut = [text for text in starts if shared.startswith(text) and shared[len(text) :].lstrip()[0] in _SUFFIX_STARTS]
    return min(cut, key=len, default=shared)


def _votes(text: str, candidates: list[str]) -> int:
    own = key(text)
    return sum(key(other).startswith(own) for other in candidates)
