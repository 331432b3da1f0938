"""Which events a consumer wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Set
from urllib.parse import urlsplit

from .event import PREFIX, Event


@dataclass(frozen=True)
class Match:
    """A test on events; what is None does not matter. Case is ignored.

    `speaker`: all its words are words of the speaker's name ("Lund" finds "Ida Lund").
    `source`: where the article is from: its host or a parent of that ("paper.example" finds "www.paper.example"), the
    name of its site, or the id of the feed that announced it.
    `language`: the article's ("pt" finds "pt-BR"). `kind`: "direct", "mixed" or
    "indirect". `text`: a part of the statement's or article's text. `type`: "statement.amended", or only "amended".
    """

    speaker: Optional[str] = None
    source: Optional[str] = None
    language: Optional[str] = None
    kind: Optional[str] = None
    text: Optional[str] = None
    type: Optional[str] = None

    def __call__(self, event: Event) -> bool:
        """Return whether the event is wanted."""
        data = event.data
        article = data.get("article") or data
        return (
            _absent_or(self.type, lambda wanted: _is_type(event.type, wanted.casefold()))
            and _absent_or(self.kind, lambda kind: data.get("kind") == kind)
            and _absent_or(self.language, lambda tag: _is_language(article, tag.casefold()))
            and _absent_or(self.source, lambda source: _is_from(article, source.casefold()))
            and _absent_or(self.speaker, lambda name: _words(name) <= _words(_speaker(data)))
            and _absent_or(self.text, lambda text: text.casefold() in str(data.get("text", "")).casefold())
        )


def _absent_or(wanted: Optional[str], test: Any) -> bool:
    return wanted is None or bool(test(wanted))


def _is_type(type_: str, wanted: str) -> bool:
    noun, verb = type_[len(PREFIX) :].split(".")[:2]
    return wanted in (verb, f"{noun}.{verb}")


def _is_language(article: Mapping[str, Any], tag: str) -> bool:
    language = str(article.get("language") or "").casefold()
    return language == tag or language.startswith(tag + "-")


def _is_from(article: Mapping[str, Any], source: str) -> bool:
    host = urlsplit(str(article.get("url", ""))).hostname or ""
    names = (host, str(article.get("site") or "").casefold(), article.get("feed_id"))
    return source in names or host.endswith("." + source)


def _speaker(data: Mapping[str, Any]) -> str:
    speaker = data.get("speaker") or ""  # what was retracted has only the name
    return str(speaker.get("name") or "") if isinstance(speaker, dict) else str(speaker)


def _words(name: str) -> Set[str]:
    return set(name.casefold().split())
