"""Spans for OpenTelemetry: one trace from the poll that found an article, over fetch and process, to its events.

The place in the trace travels as a W3C traceparent: in the article's record in Redis from one attempt to the next, and
in its events. Without an endpoint nothing is imported, and an attempt pays for a test of a variable.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from typing import Any

#: The tracer of this process; None: nothing is traced.
_tracer: Any = None


def problem(endpoint: str | None) -> str:
    """Return what keeps spans from being sent to `endpoint`; empty when nothing does."""
    if not endpoint or (find_spec("opentelemetry") and find_spec("opentelemetry.exporter")):
        return ""
    return "OTEL_EXPORTER_OTLP_ENDPOINT is set, opentelemetry is not installed; `pip install --group tracing` does that"


def configure(endpoint: str | None) -> None:
    """Send this process's spans to `endpoint` (OTLP over HTTP); after the fork, since a thread does it.

    The SDK reads everything else from its own variables (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, ...).
    """
    global _tracer  # noqa: PLW0603 - as all of OpenTelemetry, once per process
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - optional
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    named = Resource({"service.name": "onrecord"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    _tracer = provider.get_tracer("onrecord")
    _Attempt.provider = provider


def shutdown() -> None:
    """Send what is left, and trace nothing more."""
    global _tracer  # noqa: PLW0603
    if _tracer is not None:
        _tracer = None
        _Attempt.provider.shutdown()


class _Attempt:
    """One attempt: its span begins when it has claimed its subject, which knows the trace, dated back to its start."""

    provider: Any = None

    def __init__(self, task: str) -> None:
        self._task = task
        self._started = time.time_ns()
        self._span: Any = None
        self._token: Any = None

    def begin(self, parent: str, attributes: Mapping[str, str]) -> None:
        """Begin the span under `parent`, if it is one."""
        from opentelemetry import context, trace  # noqa: PLC0415 - optional
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        above = TraceContextTextMapPropagator().extract({"traceparent": parent})
        known = {f"onrecord.{name}": value for name, value in attributes.items() if value}
        self._span = _tracer.start_span(
            self._task, above, trace.SpanKind.CONSUMER, attributes=known, start_time=self._started
        )
        self._token = context.attach(trace.set_span_in_context(self._span, above))

    def end(self, attributes: Mapping[str, str]) -> None:
        """End the span, if it began; with `attributes` of how."""
        if self._span is None:
            return
        from opentelemetry import context  # noqa: PLC0415 - optional

        context.detach(self._token)
        self._span.set_attributes({f"onrecord.{name}": value for name, value in attributes.items() if value})
        self._span.end()


_attempt: ContextVar[_Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def attempt(task: str) -> Iterator[dict[str, str]]:
    """Trace one attempt at `task`; what is put into the mapping (outcome, reason) becomes attributes of its span."""
    came: dict[str, str] = {}
    if _tracer is None:
        yield came
        return
    this = _Attempt(task)
    token = _attempt.set(this)
    try:
        yield came
    finally:
        _attempt.reset(token)
        this.end(came)


def claimed(parent: str, attributes: Mapping[str, str]) -> None:
    """Say that the attempt in hand got its subject; its trace goes on from the traceparent `parent` ("": a new one)."""
    if _tracer is not None and (this := _attempt.get()) is not None:
        this.begin(parent, attributes)


@contextmanager
def span(name: str) -> Iterator[None]:
    """Trace a part of the attempt in hand."""
    if not current():
        yield
        return
    with _tracer.start_as_current_span(name):
        yield


def current() -> str:
    """Return the traceparent of the span in hand; "" when there is none."""
    if _tracer is None:
        return ""
    from opentelemetry import trace  # noqa: PLC0415 - optional

    found = trace.get_current_span().get_span_context()
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}" if found.is_valid else ""
