"""Spans and error reports of a real worker and beat, as a collector and a Sentry of our own receive them."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.integration.receivers import Receiver
from tools.wait import wait_for
from worker.cli.processes import Processes

FLOW = ["feeds.poll", "articles.fetch", "articles.process", "publish"]


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def watched(services, receiver):
    """A worker and a beat that send spans and reports."""
    base = f"127.0.0.1:{receiver.port}"
    settings = replace(
        services.settings, otlp_endpoint=f"http://{base}", sentry_dsn=f"http://public@{base}/1", host_concurrency=4
    )
    processes = Processes(services.redis_url, settings, settings.state_dir / "worker.log")
    processes.start()
    yield processes
    processes.stop()


def test_a_trace_leads_from_the_poll_to_the_event_and_sentry_hears_of_the_schedule(watched, receiver, events):
    wait_for(lambda: len(events("statements")) > 50, 60)
    watched.stop()  # sends the last spans

    spans = {span.span_id.hex(): span for span in receiver.spans()}
    for event in (*events("articles"), *events("statements")):
        _, trace, above, _ = event.traceparent.split("-")
        lineage = [next(s for s in spans.values() if s.name == "publish" and s.parent_span_id.hex() == above)]
        while lineage[-1].parent_span_id:
            lineage.append(spans[lineage[-1].parent_span_id.hex()])
        assert [span.name for span in reversed(lineage)] == FLOW
        assert {span.trace_id.hex() for span in lineage} == {trace}
        assert all(below.start_time_unix_nano >= up.start_time_unix_nano for below, up in pairwise(lineage))
    ends = {a.value.string_value for s in spans.values() for a in s.attributes if a.key == "onrecord.outcome"}
    assert {"polled", "fetched", "published"} <= ends

    items = receiver.envelopes()
    heard = [item["monitor_slug"] for kind, item in items if kind == "check_in"]
    assert sorted(heard) == ["feeds-tick", "upkeep-sweep"]  # once each, though many of each ran
    assert [kind for kind, _ in items if kind == "event"] == []  # a page that answers 500 is no error of ours
