"""Logging: one line per outcome, coloured for people or JSON for programs."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import MutableMapping
from textwrap import indent
from typing import Any

import structlog
from redis.exceptions import RedisError

from worker.core.text import CONTROLS

_CONTROLS = dict.fromkeys(CONTROLS, "\ufffd")
_CONTROLS_IN_LINES = {code: mark for code, mark in _CONTROLS.items() if chr(code) not in "\n\t"}


def _harmless(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take out of every value what a terminal would obey: no text from outside forges or hides a line."""
    return {name: value.translate(_CONTROLS) if isinstance(value, str) else value for name, value in event.items()}


def _harmless_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Do the same for a traceback; indented, no line in it can be taken for one of the log."""
    if isinstance(trace := event.get("exception"), str):
        event["exception"] = indent(trace.translate(_CONTROLS_IN_LINES), "    ", lambda _line: True)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _harmless,
]


class OutageFilter(logging.Filter):
    """Says once that Redis cannot be used; Celery says it at every attempt, mostly with a traceback."""

    #: How Celery's messages about its broker begin, in a worker and in beat.
    _ABOUT = (
        "consumer: Connection to broker lost",
        "consumer: Cannot connect to",
        "Frequent restarts detected",
        "Control command error",
        "Couldn't ack",
        "Error cleaning up after event loop",
        "beat: Connection error",
        "Message Error",
    )
    #: After this long without another attempt that failed, the next one belongs to a new outage.
    _QUIET_S = 30.0

    def __init__(self) -> None:
        super().__init__()
        self._last = -self._QUIET_S

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the first message of an outage through, in our words and without its traceback."""
        if not self._is_outage(record):
            return True
        now = time.monotonic()
        is_first = now - self._last >= self._QUIET_S
        self._last = now
        record.msg = f"Redis cannot be used, waiting for it: {_cause(record)}"
        record.args, record.exc_info, record.exc_text, record.levelname = (), None, None, "WARNING"
        return is_first

    def _is_outage(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("kombu."):  # its timers fail in many words, all with an error of Redis
            return isinstance(_innermost(record), RedisError)
        return record.name.startswith("celery.") and record.getMessage().startswith(self._ABOUT)


def _innermost(record: logging.LogRecord) -> BaseException | None:
    """Return the exception that a record tells of, followed to its first cause."""
    error = record.exc_info[1] if record.exc_info else None
    error = error or next((part for part in record.args or () if isinstance(part, Exception)), None)
    while error is not None and error.__cause__ is not None:
        error = error.__cause__
    return error


def _cause(record: logging.LogRecord) -> str:
    """Return what the record says went wrong: the innermost exception, else the message itself."""
    error = _innermost(record)
    return (f"{type(error).__name__}: {error}" if error else record.getMessage()).partition("\n")[0]


def configure(level: str, form: str) -> None:
    """Send all log lines, ours and those of libraries, to standard error in one form."""
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=18)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _harmless_trace,
            renderer,
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(OutageFilter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # A line per received and per finished task says nothing that ours do not.
    for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat", "urllib3"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
