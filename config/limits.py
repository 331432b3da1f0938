"""Bounds of the pipeline itself: times, attempts, sizes. The unit is in the type, the reason beside it."""

from __future__ import annotations

from datetime import timedelta

#: One fetch or poll ends by then, whatever the other side does; must stay under the soft limit below.
FETCH_DEADLINE = timedelta(seconds=20)

#: A task is asked to stop, then its process is killed. C parsers ignore the first, hence the second.
TASK_SOFT_LIMIT = timedelta(seconds=30)
TASK_HARD_LIMIT = timedelta(seconds=40)

#: Whoever holds an article longer than this is taken for dead; longer than the hard limit,
#: so that no live task is overtaken, and short, so that a crash costs a minute at most.
LEASE = timedelta(seconds=45)

#: A polled feed is handed out again after this, if its poll never reported.
FEED_LEASE = timedelta(seconds=60)

#: Redis redelivers what a worker took and never acknowledged; kombu repeats running tasks
#: for ever when this is shorter than a task, so at least three hard limits.
VISIBILITY_TIMEOUT = 3 * TASK_HARD_LIMIT

#: The scheduler looks for work this often; the floor of the latency from feed to fetch.
TICK_INTERVAL = timedelta(seconds=1)

#: Lost work is looked for this often.
SWEEP_INTERVAL = timedelta(seconds=5)

#: An article that could not be finished within this is dead-lettered, whatever its attempts.
MAX_AGE = timedelta(days=2)

#: Fetched pages wait at most this long for `articles.process`.
PAGE_TTL = timedelta(hours=6)

#: An id is remembered for at least two buckets after it was last seen in a feed.
SEEN_BUCKET = timedelta(days=15)

#: Entries of one poll that are admitted; the rest are counted, never silently dropped.
MAX_ENTRIES = 2_000
