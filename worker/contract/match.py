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
    `source`: the article's host or a parent of it ("paper.example" finds "www.paper.example").
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
            and _absent_or(self.source, lambda source: _is_under(_host(article), source.casefold()))
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


def _host(article: Mapping[str, Any]) -> str:
    return urlsplit(str(article.get("url", ""))).hostname or ""


def _is_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _speaker(data: Mapping[str, Any]) -> str:
    return str((data.get("speaker") or {}).get("name") or "")


def _words(name: str) -> Set[str]:
    return set(name.casefold().split())
