"""The pipeline without Celery: what is due now, run to the end in this process, on a real Redis and real sockets."""

from worker.core.errors import IngestError
from worker.core.messages import Tick
from worker.pipeline import articles


def attempt(message, services):
    """Run one attempt as `tasks.base.run` does."""
    try:
        return articles.USE_CASES[type(message)](message, services)
    except IngestError as error:
        return articles.conclude(message, error, services)


def drain(services):
    """Run everything that may start now, and what follows from it; return the steps, ticks left out."""
    waiting, steps = [Tick()], []
    while waiting:
        message = waiting.pop(0)
        step = attempt(message, services)
        waiting += step.then
        if not isinstance(message, Tick):
            steps.append(step)
    return steps
