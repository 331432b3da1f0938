"""The typed registry of metrics. Names and labels are wire format.

Every label has a closed set of values, or an operator's own (consumer groups); never a URL, a host or an id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its name as Prometheus knows it, its kind, what it says, and its labels."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    help: str
    labels: tuple[str, ...] = ()


# --- articles
DISCOVERED = Metric("onrecord_articles_discovered_total", "counter", "Articles that feeds or people named.")
ARTICLES = Metric(
    "onrecord_articles", "gauge", "Articles by their outcome; a dead one that is retried leaves.", ("outcome", "reason")
)
IN_FLIGHT = Metric("onrecord_articles_in_flight", "gauge", "Articles without an outcome.")
UNACCOUNTED = Metric(
    "onrecord_articles_unaccounted",
    "gauge",
    "Discovered less all outcomes and those in flight: 0.",
)
OLDEST = Metric("onrecord_article_oldest_seconds", "gauge", "How long ago the oldest article in flight was found.")
RECHECKS = Metric("onrecord_rechecks_total", "counter", "Published articles that were looked at again.", ("result",))

# --- attempts
ATTEMPTS = Metric(
    "onrecord_attempts_total", "counter", "Attempts at an article or a feed.", ("task", "outcome", "reason")
)
ATTEMPT_SECONDS = Metric("onrecord_attempt_seconds", "histogram", "How long attempts took.", ("task",))
FOUND_TO_EVENT = Metric(
    "onrecord_found_to_event_seconds", "histogram", "From the discovery of an article to its events on the stream."
)
PUBLICATION_TO_EVENT = Metric(
    "onrecord_publication_to_event_seconds",
    "histogram",
    "From the publication of an article, as its feed or page states it, to its events on the stream.",
)

# --- what waits
QUEUE = Metric("onrecord_queue_messages", "gauge", "Messages that wait for a worker.", ("queue",))
QUEUE_OLDEST = Metric("onrecord_queue_oldest_seconds", "gauge", "How long the oldest of them has waited.", ("queue",))
RUNNING = Metric("onrecord_running", "gauge", "Articles and feeds that are handed out.")
HOSTS = Metric("onrecord_hosts_waiting", "gauge", "Hosts that may be asked for something, now or later.")
FEEDS = Metric("onrecord_feeds", "gauge", "Feeds that are polled, by how their last poll ended.", ("status",))
FEEDS_DUE = Metric("onrecord_feeds_due", "gauge", "Feeds whose time has come.")
FEED_LATE = Metric("onrecord_feed_late_seconds", "gauge", "How long the feed that waits longest is due.")

# --- the streams
ENTRIES = Metric("onrecord_stream_entries", "gauge", "Entries on a stream.", ("stream",))
STREAM_BYTES = Metric("onrecord_stream_bytes", "gauge", "Memory that a stream takes, estimated.", ("stream",))
LAG = Metric("onrecord_group_lag_entries", "gauge", "Entries that a group has not acknowledged.", ("stream", "group"))
PENDING = Metric("onrecord_group_pending_entries", "gauge", "Those of them that it was given.", ("stream", "group"))
BEHIND = Metric("onrecord_group_behind_seconds", "gauge", "How old the oldest of them is.", ("stream", "group"))

# --- health
SILENCE = Metric("onrecord_tick_silence_seconds", "gauge", "Time since anybody asked for work; absent: never.")
PAUSED = Metric("onrecord_paused_seconds", "gauge", "How long the breaker stays open; 0: it is closed.")
PRESSED = Metric("onrecord_under_pressure", "gauge", "1 while feeds are polled later than they are due.")
MEMORY = Metric("onrecord_redis_memory_bytes", "gauge", "Memory that Redis uses (on a cluster, its fullest node).")
MEMORY_LIMIT = Metric("onrecord_redis_memory_limit_bytes", "gauge", "Memory that it may use; 0: all there is.")
EDITIONS = Metric("onrecord_editions", "gauge", "Articles kept for replay and re-checks.")
EDITIONS_BYTES = Metric("onrecord_editions_bytes", "gauge", "What their pages and contents take.")

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Metric))

#: Upper bounds in seconds. An attempt ends within its hard limit of 40 s.
ATTEMPT_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)
#: From seconds to a day: feeds are polled every five minutes to six hours.
DELAY_BOUNDS = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14_400.0, 28_800.0, 86_400.0)
