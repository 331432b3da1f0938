"""Bounds of the pipeline itself: times, attempts, sizes. The unit is in the type, the reason beside it."""

from __future__ import annotations

from dataclasses import dataclass
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

#: The scheduler looks for work this often, beside after each request; a host that rests for a second is asked
#: again an eighth of a second late on average. A tick that finds nothing costs about 2 ms of all processes together.
TICK_INTERVAL = timedelta(milliseconds=250)

#: Lost work is looked for this often.
SWEEP_INTERVAL = timedelta(seconds=5)

#: An article that could not be finished within this from its first try is dead-lettered, whatever its attempts.
MAX_AGE = timedelta(days=2)

#: A fetch that fails is tried again for this long, however many attempts that takes: a source that is down for
#: hours keeps its articles. At most one attempt an hour by then (`worker.core.retry.NETWORK`), about 16 in all.
PATIENCE = timedelta(hours=6)

#: Fetched pages are kept this long at most, for replay; longer than MAX_AGE, so that one is fetched once.
PAGE_TTL = timedelta(days=7)

#: Beyond their budget, kept pages of a feed that takes more than this share of it go first: a stranger who lists
#: many large pages replaces his own, and with fewer than four feeds one may well have more.
FEED_SHARE = 0.25

#: So many articles in a row that failed by our own fault mean that the next would too: a bad release, a broken
#: installation. One bad page among good ones never gets there.
BREAKER_FAILURES = 20

#: Then nothing is handed out for this long; each further failure begins it anew, one success ends it.
BREAKER_PAUSE = timedelta(seconds=60)

#: A published article is looked at again after this; then each time its age has doubled, until it is this old.
RECHECK_FIRST = timedelta(minutes=15)
RECHECK_UNTIL = timedelta(days=3)

#: So many times in a row a page must not be found until its article counts as withdrawn: some sites lose pages for a
#: while. 410 Gone counts at once, that is what it says (RFC 9110 §15.5.11).
MISSING_CHECKS = 2
MISSING_WAIT = timedelta(hours=1)

#: An id is remembered for at least two buckets after it was last seen in a feed.
SEEN_BUCKET = timedelta(days=15)

#: Of the memory that Redis may use; beyond it, feeds are polled more seldom, so that what is under way still has room.
MEMORY_SHORT = 0.85

#: The streams may take so many times their budget before an unread group slows the polling.
STREAMS_OVER = 1.2

#: Under pressure a feed is polled so much later than it is due: long enough to matter, short enough to miss nothing.
PRESSURE_DELAY = timedelta(minutes=15)

#: Pressure ends by itself if no sweep renews it.
PRESSURE_HOLDS = timedelta(minutes=1)

#: The streams are looked after this often; each time a share of what is too old or too much goes.
RETAIN_INTERVAL = timedelta(seconds=30)

#: A text's copies are known for one to two of these after it was first seen. Wire stories are printed within a day;
#: a quotation that is repeated later is news again. Memory is in proportion.
CLUSTER_BUCKET = timedelta(days=2)

#: The text of an article is cut there, at the end of a paragraph where one is near: a book has as much, the longest
#: article of our corpora 11,000. All events of an article are stored in one step, which should not hold up Redis.
MAX_TEXT_CHARS = 500_000

#: Blocks of a text that are told apart, its first ones; the page that has most in our corpora has some hundreds.
MAX_BLOCKS = 5_000

#: Signals on reuse that are published; all of them are obeyed.
MAX_RIGHTS = 50

#: Statements are looked for in so much of a text from its start: 6 s of the engine `accurate` at worst, and four times
#: the longest reports that newspapers print.
MAX_READ_CHARS = 200_000

#: Statements of an article that are published, the first ones; long reports and live pages have up to about 200.
MAX_STATEMENTS = 500

#: A sentence without an end is not repeated in each of its statements beyond this; prose ends one within 1,000.
MAX_SENTENCE_CHARS = 5_000

#: The event of one statement, in bytes of JSON; 3,000 are usual. One that is larger is left out.
MAX_STATEMENT_BYTES = 100_000

#: The events of all statements of an article together; 500 of usual length need 1.5 million.
MAX_STATEMENTS_BYTES = 2_000_000

#: A headline, the name of a site and the like; every statement repeats some of them.
MAX_FIELD_CHARS = 1_000

#: A file that a user names: no page and no text is larger.
MAX_FILE_BYTES = 15 * 1024**2


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What one HTTP exchange may cost at most, all redirect hops together."""

    total: timedelta
    wire_bytes: int
    body_bytes: int
    connect: timedelta = timedelta(seconds=5)  # a SYN is answered, or retransmitted twice, within this
    header_bytes: int = 64 * 1024  # ten times the largest header that a news site was seen to send
    ratio: int = 200  # markup compresses 5 to 30 times, a bomb 1,000 times
    redirects: int = 5  # RFC 9110 §15.4 leaves the number open; browsers give up at 20, honest sites use 3
    cut: bool = False  # whether a body that is too long is cut instead of refused


#: A page of 10 MB is a dump or a gallery, not an article; the median news page is 0.2 MB.
PAGE = HttpLimits(total=FETCH_DEADLINE, wire_bytes=4 * 1024**2, body_bytes=10 * 1024**2)

#: feedparser needs 5 s for a feed of 5 MB; larger ones are archives, of which the entries are read that come first.
FEED = HttpLimits(total=FETCH_DEADLINE, wire_bytes=6 * 1024**2, body_bytes=5 * 1024**2, cut=True)

#: A hub answers a request for a subscription with 202 and little more; short, since it follows a poll in its task.
HUB = HttpLimits(total=timedelta(seconds=5), wire_bytes=64 * 1024, body_bytes=64 * 1024)

#: A receiver of webhooks answers when it has stored an event: the specification advises 15 to 30 s. Of what it answers,
#: the status counts.
WEBHOOK = HttpLimits(total=timedelta(seconds=15), wire_bytes=256 * 1024, body_bytes=16 * 1024, cut=True)

#: What a hub may push: a feed. It has as long to send that as a fetch.
MAX_PUSH_BYTES = FEED.body_bytes

#: RFC 9309 §2.5: a crawler must read at least 500 KiB of robots.txt, and may ignore the rest.
ROBOTS = HttpLimits(total=timedelta(seconds=10), wire_bytes=1024**2, body_bytes=500 * 1024, cut=True)
