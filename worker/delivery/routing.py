"""The routing key of an event, for brokers with topics."""

from __future__ import annotations

from worker.contract import Event
from worker.contract.event import PREFIX

_UNKNOWN = "und"  # BCP 47's tag for a language that was not determined


def routing_key(event: Event) -> str:
    """Return `<noun>.<verb>.<language>`, such as `statement.created.en`; bind `statement.#` or `*.*.pt-BR`."""
    noun, verb = event.type[len(PREFIX) :].split(".")[:2]
    article = event.data.get("article") or event.data
    return f"{noun}.{verb}.{article.get('language') or _UNKNOWN}"
