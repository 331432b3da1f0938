"""The stages by name, and what the pool children counted of each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

CELERY = "Celery in the children"
STORE = "ledger, pages, publish"
STAGES = (
    "poll",
    "fetch",
    "decode, parse",
    "clean",
    "statements",
    "events",
    "clusters",
    STORE,
    "hand out, sweep",
    "send",
    "log",
    CELERY,
)


def counted(folder: Path) -> dict[str, float]:
    """Return CPU seconds by stage, of all pool children that ran with this state folder."""
    found: Counter[str] = Counter(dict.fromkeys(STAGES, 0.0))
    for file in folder.glob("stages-*"):
        found.update(dict(zip(STAGES, memoryview(file.read_bytes()).cast("d"), strict=True)))
    return dict(found)
