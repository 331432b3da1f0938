"""The flow without workers: attempts, as `tasks.base` makes them, on ports in memory."""

from worker.core.errors import IngestError
from worker.core.messages import FetchArticle, ProcessArticle, Tick
from worker.core.records import FeedEntry
from worker.pipeline import articles

URL = "https://paper.example/bridge"


def attempt(message, ports):
    try:
        return articles.USE_CASES[type(message)](message, ports)
    except IngestError as error:
        return articles.conclude(message, error, ports)


def fetch(ports, url=URL):
    """Admit an article and make attempts to fetch it until one comes to something else than robots.txt first."""
    ports.articles.admit([FeedEntry(url)])
    return again(ports)


def again(ports):
    """Hand out one article, and make the attempts that follow."""
    step = attempt(Tick(), ports)
    while step.then and isinstance(step.then[0], (FetchArticle, Tick)):
        step = attempt(step.then[0], ports)
    return step


def process(ports, step):
    (message,) = (message for message in step.then if isinstance(message, ProcessArticle))
    return attempt(message, ports)
