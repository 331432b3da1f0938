"""From a use case to Celery: one attempt, one outcome, one log line, and its successors sent or done at once."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_shutdown

from config.settings import Settings
from tasks.dispatch import send_all
from worker.adapters.observability import sentry, telemetry
from worker.adapters.redis import measures
from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.core.messages import FetchArticle, Message, ProcessArticle, from_fields, to_fields
from worker.core.outcomes import Outcome, Step
from worker.pipeline import articles
from worker.services import Services

log = structlog.get_logger("onrecord")

#: Seconds after which a task begins nothing more.
_GOES_ON_S = 1.0

#: Outcomes of which there is one a second, whether or not anything happened.
_QUIET = frozenset({Outcome.TICKED, Outcome.SWEPT})
_CHECK_IN = timedelta(minutes=1)


@cache
def services() -> Services:
    """Return this process's services, made on the first task, so after the fork."""
    return Services.of(Settings.from_env())


def run(kind: type[Message], fields: dict[str, Any]) -> None:
    """Run one attempt at the message of `kind` that came as `fields`, then what this process goes on with.

    Nothing but the store being gone is raised: a message that cannot be read is refused, an expected
    failure is settled in the ledger, a bug is reported and its subject dead-lettered.
    """
    until = time.monotonic() + _GOES_ON_S
    mine = _attempt(kind, fields, until)
    while mine:
        message = mine.pop(0)
        mine += _attempt(type(message), to_fields(message), until)


def _attempt(kind: type[Message], fields: dict[str, Any], until: float) -> list[Message]:
    """Run one attempt and send what follows from it; return what follows and is for this process."""
    with telemetry.attempt(kind.task, fields) as came:
        started = time.monotonic()
        step = _step(kind, fields)
        came |= {"outcome": step.outcome, "reason": step.reason or ""}
        took = timedelta(seconds=time.monotonic() - started)
        _log(kind.task, fields, step)
        mine = _mine(kind, step, is_late=time.monotonic() > until)
        _send([message for message in step.then if message not in mine])
        _tell(kind.task, fields, step, took)
    return mine


def _tell(task: str, fields: dict[str, Any], step: Step, took: timedelta) -> None:
    """Note what an attempt came to; that is settled, so a bug here is reported and ends nothing."""
    try:
        _note(task, fields, step, took)
        _count()
        _check_in(task, step)
    except SoftTimeLimitExceeded:
        raise
    except Exception as bug:  # noqa: BLE001 - as above
        _report(task, bug)


def _mine(kind: type[Message], step: Step, *, is_late: bool) -> list[Message]:
    """Return what this process goes on with: the page that it fetched, and the only thing that it handed out.

    Through the broker, an article costs a quarter more CPU. Several things are for several processes, and what waits in
    the broker has its turn after `_GOES_ON_S`. A worker whose queues do not include a message's sends it.
    """
    pages = [message for message in step.then if isinstance(message, ProcessArticle)] if kind is FetchArticle else []
    others = [message for message in step.then if message not in pages]
    wanted = pages + (others if len(others) == 1 and not is_late else [])
    return [message for message in wanted if message.queue in current_app.amqp.queues.consume_from]


def _step(kind: type[Message], fields: dict[str, Any]) -> Step:
    try:
        message = from_fields(kind, fields)
    except TypeError as error:
        return Step(Outcome.BAD_MESSAGE, subject=kind.task, detail=str(error))
    try:
        return articles.USE_CASES[kind](message, services())
    except Exception as error:  # noqa: BLE001 - the last place that can give the subject an outcome
        return _settled(message, error)


def _settled(message: Message, error: Exception) -> Step:
    failure = _failure(message, error)
    try:
        return articles.conclude(message, failure, services())
    except (TransientError, SoftTimeLimitExceeded):  # the store is gone: the sweep brings back what the lease held
        pass
    except Exception as bug:  # noqa: BLE001 - it would reach nobody, and the lease ends all the same
        _report(message.task, bug)
    return Step(Outcome.RETRYING, reason=failure.reason, subject=failure.subject, detail=failure.detail)


def _failure(message: Message, error: Exception) -> IngestError:
    if isinstance(error, IngestError):
        return error
    if isinstance(error, SoftTimeLimitExceeded):
        return TransientError(Reason.TIMED_OUT, message.task, "the task's soft time limit")
    _report(message.task, error)
    return RejectedError(Reason.BUG, message.task, f"{type(error).__name__}: {error}"[:300])


def _report(task: str, bug: Exception) -> None:
    sentry.report(bug)
    log.error("bug", task=task, exc_info=bug)


def _send(messages: list[Message]) -> None:
    try:
        send_all(messages)
    except TransientError as gone:
        log.warning("not sent", reason=str(gone.reason), messages=len(messages), detail=gone.detail)


def _note(task: str, fields: dict[str, Any], step: Step, took: timedelta) -> None:
    item = fields.get("article_id") or fields.get("feed_id")
    if not isinstance(item, str) or step.outcome is Outcome.STALE:
        return
    services().measures.note(task, step.outcome, step.reason or "", took, step.delays)
    try:
        services().journal.write(item, task, step.outcome, step.reason or "", step.detail, took)
    except TransientError as gone:
        log.debug("not noted", reason=str(gone.reason), detail=gone.detail)


@worker_process_shutdown.connect(weak=False)
def _count_last(**_: Any) -> None:
    _count(timedelta(0))


def _count(every: timedelta = measures.EVERY) -> None:
    with suppress(TransientError):  # it is kept, and added later
        services().measures.flush(every=every)


def _check_in(task: str, step: Step) -> None:
    """Tell Sentry that the schedule is alive, once a minute over all processes; not of work that failed."""
    if step.outcome in _QUIET and sentry.is_on():
        with suppress(TransientError):
            if services().intervals.take(f"checkin:{task}", _CHECK_IN):
                sentry.check_in(task, _CHECK_IN)


def _log(task: str, fields: dict[str, Any], step: Step) -> None:
    write = log.debug if step.outcome in _QUIET else log.info
    about = {
        "id": fields.get("article_id") or fields.get("feed_id"),  # `onrecord why` knows it
        "subject": step.subject,
        "reason": step.reason and str(step.reason),
        "detail": step.detail,
    }
    write(str(step.outcome), task=task, **{name: value for name, value in about.items() if value})
