"""The dead letters that are still dead: the stream has every burial, also of what was retried since."""

from __future__ import annotations

from collections.abc import Iterator

from worker.contract import DecodeError, Event, InvalidEventError, decode, payload_of
from worker.contract.article import DeadData
from worker.services import Services


def dead(services: Services, *, reason: str = "", stage: str = "") -> Iterator[tuple[str, DeadData]]:
    """Yield (RFC 3339 time, dead letter), the newest first, each article once.

    Args:
        services: Whose dead letters.
        reason: Only those that died of this; empty: of anything.
        stage: Only those that died there; empty: anywhere.
    """
    met: set[str] = set()
    for fields in services.dead_letters.all():
        found = _letter(fields)
        if found is None or found[1].id in met:
            continue
        letter = found[1]
        met.add(letter.id)
        fits = reason in ("", letter.reason) and stage in ("", letter.stage)
        if fits and (services.status.outcome(letter.id) or "").startswith("dead:"):
            yield found


def _letter(fields: dict[str, str]) -> tuple[str, DeadData] | None:
    try:
        event: Event = decode(fields)
        payload = payload_of(event)
    except (DecodeError, InvalidEventError):
        return None
    return (event.time, payload) if isinstance(payload, DeadData) else None
