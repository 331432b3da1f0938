"""Error reports to Sentry: bugs only, with the task and article, without secrets or article text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sentry_sdk
from sentry_sdk.crons import MonitorStatus, capture_checkin
from sentry_sdk.integrations.celery import CeleryIntegration

from worker.core.errors import IngestError

RELEASE = "onrecord@0.1.0"

#: `scheme://user:password@host/path?query` keeps scheme, host and path.
_URL = re.compile(
    r"(\b[a-z][a-z0-9+.-]*://)(?:[^\s/@'\"]*@)?([^\s?#'\"]*)(?:\?[^\s#'\"]*)?(?:#[^\s'\"]*)?", re.IGNORECASE
)


def configure(dsn: str | None, environment: str, **options: Any) -> None:
    """Start reporting to `dsn`; without one nothing is sent. `options` go to sentry_sdk (tests: transport)."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=RELEASE,
        integrations=[CeleryIntegration(monitor_beat_tasks=False)],
        include_local_variables=False,  # they hold article bodies
        include_source_context=False,
        max_request_body_size="never",
        before_send=_before_send,
        # Not brotli, which is here for pages: not every receiver reads it. The transport compares with strings.
        _experiments={"transport_compression_algo": "gzip"},  # type: ignore[typeddict-item]
        before_breadcrumb=lambda crumb, _hint: scrub(crumb),
        **options,
    )


def scrub(value: Any) -> Any:
    """Return `value` with credentials and queries cut out of every URL in it, at any depth."""
    if isinstance(value, str):
        return _URL.sub(r"\1\2", value)
    if isinstance(value, Mapping):
        return {key: scrub(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [scrub(item) for item in value]
    return value


def _before_send(event: Any, hint: Mapping[str, Any]) -> Any:
    """Drop expected failures; scrub the rest."""
    error = (hint.get("exc_info") or (None, None))[1]
    if isinstance(error, IngestError):
        return None
    return scrub(event)


@contextmanager
def attempt(task: str, fields: Mapping[str, Any]) -> Iterator[None]:
    """Give whatever is reported inside the name of the task and the subject of its message."""
    with sentry_sdk.isolation_scope() as scope:
        scope.set_tag("stage", task)
        scope.set_context("message", dict(fields))
        yield


def is_on() -> bool:
    """Tell whether anything is reported."""
    return bool(sentry_sdk.get_client().is_active())


def about(subject: Mapping[str, str]) -> None:
    """Add what the attempt in hand is about to whatever it reports."""
    if is_on():
        sentry_sdk.get_isolation_scope().set_context(
            "subject", {name: value for name, value in subject.items() if value}
        )


def check_in(task: str, every: timedelta) -> None:
    """Tell Sentry's monitor of `task` that it did its work; one that hears nothing for a while sounds the alarm."""
    minutes = max(1, round(every / timedelta(minutes=1)))
    capture_checkin(
        monitor_slug=task.replace(".", "-"),
        status=MonitorStatus.OK,
        monitor_config={
            "schedule": {"type": "interval", "value": minutes, "unit": "minute"},
            "checkin_margin": 2 * minutes,
        },
    )


def report(error: BaseException) -> None:
    """Report a bug."""
    sentry_sdk.capture_exception(error)
