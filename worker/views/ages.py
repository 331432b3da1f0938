"""How long ago, and how long until, in a few characters."""

from __future__ import annotations

from datetime import datetime, timedelta


def ago(moment: datetime | None, now: datetime) -> str:
    """Say how long ago a moment was."""
    return "never" if moment is None else f"{short(now - moment)} ago"


def until(moment: datetime | None, now: datetime) -> str:
    """Say how long it is until a moment."""
    return "-" if moment is None else "now" if moment <= now else f"in {short(moment - now)}"


def short(span: timedelta) -> str:
    """Return a span in its largest unit of which there are two or more."""
    seconds = int(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
