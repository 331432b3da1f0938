"""From the events of an article to the same with their clusters: which story it is, and which sayings are in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from worker.contract import Event
from worker.contract.payload import to_data
from worker.contract.statement import QuoteCluster
from worker.core.jobs import Job
from worker.core.urls import host_of
from worker.duplicates import article_sketch, quotation_sketch
from worker.pipeline.needs import HasClusters
from worker.ports import Cluster, Text

#: Of an article, so that no page keeps Redis busy; an interview has forty. The index has room for 63.
MOST_QUOTATIONS = 60


def with_clusters(events: Sequence[Event], job: Job, ports: HasClusters) -> list[Event]:
    """Return the events of one article, its own first, with their clusters; what begins one is remembered.

    Ids of events are not touched. A second attempt finds what the first one remembered, so it gives the same.
    """
    article, *statements = events
    sketch = article_sketch(article.data.get("text", ""))
    story = Text(article.subject, sketch) if sketch else None
    quotations = {text.id: text for text in islice(filter(None, map(_quotation, statements)), MOST_QUOTATIONS)}
    if not story and not quotations:  # both too short; or it was withdrawn
        return list(events)
    found = ports.clusters.place(
        job.id, story, list(quotations.values()), time=article.time, host=host_of(article.data["fetched_url"])
    )
    if story:
        article = _with(article, cluster_id=found.pop(0).id)
    clusters = dict(zip(quotations, found, strict=True))
    return [article, *(_in_cluster(event, clusters.get(event.subject)) for event in statements)]


def _quotation(event: Event) -> Text | None:
    """Return the quotation that a statement is; one within another is a part of that."""
    if "segments" not in event.data or event.data["nested_in"]:
        return None
    sketch = quotation_sketch(segment["exact"] for segment in event.data["segments"] if segment["quoted"])
    return Text(event.subject, sketch, last_name(event.data["speaker"]["name"])) if sketch else None


def last_name(name: str | None) -> str:
    """Return the last word of a name, "" of none: outlets leave out first names and titles."""
    return "".join((name or "").casefold().split()[-1:])[:40]


def _in_cluster(event: Event, cluster: Cluster | None) -> Event:
    if cluster is None:
        return event
    return _with(event, quote_cluster=to_data(QuoteCluster(cluster.id, cluster.first_seen, cluster.first_host)))


def _with(event: Event, **fields: Any) -> Event:
    data: Mapping[str, Any] = {**event.data, **fields}
    return replace(event, data=data)
