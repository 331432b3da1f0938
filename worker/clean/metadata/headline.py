"""The article's headline: a vote among JSON-LD, OpenGraph, <h1> and <title>, the site's suffix stripped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from worker.clean.html.tree import collapse
from worker.clean.metadata.sources import Sources
from worker.core.text import unescaped

_MARKUP = re.compile(r"<[^<>]{1,80}>")
_WORD = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s+[-–—|·•»«:/\\ㅣ]+\s+|\s*[|｜ㅣ»_]+\s*|(?<=[^\x00-\x7f])-(?=[^-\s]+$)")
_SUFFIX_STARTS = frozenset("-–—|·•»«:/ㅣ｜")
#: Headlines are no shorter than this many word characters, site names often are.
_MIN_CHARS = 4
_MAX_HEADINGS = 4
#: Nothing longer is a title; characters.
_LONGEST = 1_000
#: A label is shorter than the headline beside it by more than this factor.
_LABEL_FACTOR = 3
_CUT = ("…", "...")
#: Meta tags that hold the headline itself, not a version for sharing.
_HEADLINE = ("headline", "title", "sailthru.title", "parsely-title", "cxenseparse:title", "dc.title", "dcterms.title")
#: A text that is longer than the headline by this factor, and some marks, is not just that.
_SAYS_MORE, _MARKS = 2, 50
#: What a browser does not show inside words: soft hyphens, zero-width spaces and joins.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def clean_title(text: str) -> str:
    """Return a title without markup entities and doubled spaces."""
    if "&" in text or "<" in text:
        text = unescaped(_MARKUP.sub("", unescaped(text)))
    return collapse(text)


def key(text: str) -> str:
    """Return the words of a title, folded, for comparison."""
    if not text.isprintable():
        text = text.translate(_UNSEEN)
    return " ".join(_WORD.findall(text.casefold()))


#: A page's few titles are compared with each other again and again.
_folded = lru_cache(maxsize=64)(key)


def repeats(text: str, headline: str) -> bool:
    """Say whether a text is the headline, but for marks and case; one that is much longer says more."""
    if len(text) > _SAYS_MORE * len(headline) + _MARKS:
        return False
    own = _folded(headline)
    if text.isprintable() and own.partition(" ")[0] not in text.casefold():
        return False  # as most texts: cheap to see
    return key(text) == own != ""


def strip_site(title: str, site: str) -> str:
    """Return `title` without a leading or trailing site name."""
    separators = list(_SEPARATOR.finditer(title))
    named = _folded(site)
    if not separators or not named:
        return title
    last, first = separators[-1], separators[0]
    if _names_site(title[last.end() :], named):
        return title[: last.start()].strip()
    if _names_site(title[: first.start()], named):
        return title[first.end() :].strip()
    return title


def _names_site(part: str, named: str) -> bool:
    words, site = _folded(part).replace(" ", ""), named.replace(" ", "")
    return bool(words) and (words in site or site in words)


@dataclass(frozen=True, slots=True)
class Titles:
    """What a page calls its article.

    `shared` is og:title or its like, `linked` the JSON-LD `headline`, `fields` are the other fields that hold a
    headline, `headings` the texts of all <h1>, `title` is the <title>.
    """

    shared: str = ""
    linked: str = ""
    fields: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    title: str = ""

    def without(self, site: str) -> Titles:
        """Return the titles without markup and the site's name; of the <h1> the first few."""

        @cache
        def tidy(text: str) -> str:
            return strip_site(clean_title(text[:_LONGEST]), site)

        fields, headings = tuple(map(tidy, self.fields)), tuple(map(tidy, self.headings[:_MAX_HEADINGS]))
        return Titles(tidy(self.shared), tidy(self.linked), fields, headings, tidy(self.title))

    def all(self) -> tuple[str, ...]:
        """Return the titles, those written for readers before those written for machines."""
        return (self.shared, self.linked, *self.headings, self.title, *self.fields)


def read_titles(sources: Sources) -> Titles:
    """Return what the page calls its article."""
    shared = sources.meta(("og:title", "twitter:title", "dc.title"))
    headings = tuple(sources.tree.headings)
    return Titles(shared, sources.linked("headline", "name"), _fields(sources), headings, sources.tree.title)


def _fields(sources: Sources) -> tuple[str, ...]:
    """Return the headline's other fields; several headlines in microdata are a list of articles."""
    marked_up = dict.fromkeys(sources.microdata("headline"))
    named = (sources.metas.get(name) for name in _HEADLINE)
    return tuple(filter(None, (*named, *(marked_up if len(marked_up) == 1 else ()))))


def choose_headline(stated: Titles, site: str) -> str | None:
    """Return og:title where it is a headline, else what most of the other sources agree on.

    Measured on 129 news pages: publishers write og:title for the article, while JSON-LD, <h1> and
    <title> often agree on a version with a kicker or for search engines. Two things tell that JSON-LD has the headline
    instead: <title> repeats og:title, that is the version for search engines then (all 9 of such pages); or a further
    headline field repeats JSON-LD and none og:title (all 5).
    """
    site = site[:_LONGEST]
    titles = stated.without(site)
    usable = [text for text in titles.all() if len(_folded(text)) >= _MIN_CHARS and _folded(text) != _folded(site)]
    if not usable:
        return None
    return _uncut(_preferred(titles, usable), (titles.linked, *titles.headings, *titles.fields))


def _preferred(titles: Titles, usable: list[str]) -> str:
    shared, linked = titles.shared, titles.linked or _marked_up(titles)
    if linked in usable and (_folded(shared) == _folded(titles.title) or _is_confirmed(linked, shared, titles.fields)):
        return linked
    if shared in usable and not _is_label(shared, usable):
        return _shortest_start(shared, linked, usable)
    return _agreed(usable)


def _marked_up(titles: Titles) -> str:
    """Return the <h1> that a headline field repeats, which says what JSON-LD would; "" if none is."""
    fields = {_folded(text) for text in titles.fields}
    return next((text for text in titles.headings if text and _folded(text) in fields), "")


def _is_confirmed(linked: str, shared: str, fields: tuple[str, ...]) -> bool:
    others = {_folded(text) for text in fields}
    return _folded(linked) in others and _folded(shared) not in others


def _is_label(shared: str, candidates: list[str]) -> bool:
    """Tell a single word, "Editorial", from the headline that is many times as long."""
    return " " not in _folded(shared) and len(_agreed(candidates)) > _LABEL_FACTOR * len(shared)


def _shortest_start(shared: str, linked: str, candidates: list[str]) -> str:
    """Return the candidate that `shared` only lengthens by a section or a site, unless JSON-LD has all of it too."""
    own = _folded(shared)
    if _folded(linked) == own:
        return shared
    starts = [text for text in candidates if own.startswith(_folded(text) + " ") and len(_folded(text)) > len(own) / 3]
    cut = [text for text in starts if shared.startswith(text) and shared[len(text) :].lstrip()[0] in _SUFFIX_STARTS]
    return min(cut, key=len, default=shared)


def _agreed(candidates: list[str]) -> str:
    """Return the candidate that most others have whole, the longest where none has: a short one may be a logo."""

    def rank(text: str) -> tuple[int, int, int]:
        votes = _votes(text, candidates)
        return votes, 0 if votes > 1 else len(text), -candidates.index(text)

    return max(candidates, key=rank)


def _votes(text: str, candidates: list[str]) -> int:
    own = _folded(text)
    return sum(other.startswith(own) or _is_ended_by(other, own) for other in map(_folded, candidates))


def _is_ended_by(title: str, headline: str) -> bool:
    """Tell a headline after a kicker or the site's name from a section after a headline."""
    return title.endswith(headline) and len(headline) > len(title) / 3


def _uncut(headline: str, candidates: tuple[str, ...]) -> str:
    """Return the candidate that goes on where `headline` was cut short."""
    if not headline.endswith(_CUT):
        return headline
    start = _folded(headline)
    return next((text for text in candidates if not text.endswith(_CUT) and _folded(text).startswith(start)), headline)
