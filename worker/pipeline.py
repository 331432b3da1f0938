"""The flow: one function per message, (message, services) -> Step.

    feeds.tick        take | feeds.poll ..., articles.fetch ...
    feeds.poll        claim | GET if changed | parse | admit (with validators and next due time)
    articles.fetch    claim | robots | GET | store page | -> articles.process
    articles.process  claim | clean | extract statements | build events | finish (publish + done)
    upkeep.sweep      put back what dead workers held | bury what has no attempts left

Every step may run twice: the ledger's token lets one of them count. An `IngestError` leaves a
function only where `settle` (below) knows what becomes of the subject.
"""

from __future__ import annotations

from datetime import timedelta

from worker import polling
from worker.clean import clean
from worker.errors import IngestError, Reason, RejectedError, TransientError
from worker.events import article_events, dead_event
from worker.fetch.robots import read_robots, robots_url
from worker.fetch.response import article_page
from worker.fetch.url import article_id, host_of
from worker.messages import FetchArticle, Message, PollFeed, ProcessArticle, Sweep, Tick
from worker.outcomes import Outcome, Step
from worker.ports import HandedOut, Job
from worker.records import FeedEntry, NotArticle
from worker.retry import NETWORK, STORE
from worker.services import Services
from worker.statements import extract
