"""The HTTP API, under /api: what `worker.web.operations` describes."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.contract.event import encode
from worker.contract.shape import InvalidEventError, checker
from worker.core.errors import Reason, RejectedError
from worker.core.records import FeedEntry
from worker.core.urls import article_id, check_url
from worker.pipeline import probe
from worker.ports import EventEntry
from worker.services import Services
from worker.views.article import published
from worker.views.history import history
from worker.views.status import facts
from worker.web.answers import Attempt, Fact, Feed, FeedList, FeedRequest, History, Ingested, IngestRequest
from worker.web.bodies import read_body
from worker.web.openapi import document
from worker.web.operations import DEFAULT_LIMIT, OPERATIONS, Operation
from worker.web.search import Search
from worker.web.security import Access

T = TypeVar("T")
Handle = Callable[[Request, Any], Response]


class Api:
    """One method for each operation: it gets the request, and the body where one is taken."""

    def __init__(self, services: Services, access: Access) -> None:
        self._services = services
        self._access = access
        self._document = document()

    def routes(self) -> list[Route]:
        """Return a route for each path, and one for the document."""
        paths = groupby(sorted(OPERATIONS, key=lambda one: one.path), lambda one: one.path)
        served = [_route(path, {one.method: self._endpoint(one) for one in operations}) for path, operations in paths]
        return [*served, Route("/api/openapi.json", self._describe)]

    def _describe(self, _request: Request) -> Response:
        return JSONResponse(self._document)

    def statements(self, request: Request, _: None) -> Response:
        """Search the statements, a page at a time."""
        given = request.query_params
        limit = int(given.get("limit", DEFAULT_LIMIT))
        page = self._services.events.page("statements", Search.of(given), before=given.get("before"), limit=limit)
        return JSONResponse({"statements": list(map(_entry, page.entries)), "next": page.next})

    def article(self, request: Request, _: None) -> Response:
        """Give an article."""
        key = request.path_params["id"]
        found = published(self._services, key)
        if found is None:
            raise RejectedError(Reason.UNKNOWN, key, "no article of this id is among those that are kept")
        return JSONResponse(
            {"article": found.article.data, "statements": found.statements, "withdrawn": found.withdrawn}
        )

    def why(self, request: Request, _: None) -> Response:
        """Give the history of a feed or an article."""
        key = request.path_params["id"]
        found = history(self._services, key, key)
        if found is None:
            raise RejectedError(Reason.UNKNOWN, key, "no feed and no article of this id is known here")
        attempts = [
            Attempt(one.time.isoformat(), one.task, one.outcome, one.reason, one.detail, one.took.total_seconds())
            for one in found[1]
        ]
        return _answer(History(key, [Fact(name, value) for name, value in found[0].items()], attempts))

    def status(self, _request: Request, _: None) -> Response:
        """Give what is known of everything."""
        return JSONResponse(facts(self._services))

    def feeds(self, _request: Request, _: None) -> Response:
        """List the feeds."""
        return _answer(FeedList([Feed.of(row) for row in self._services.registry.rows()]))

    def add_feed(self, _request: Request, asked: FeedRequest) -> Response:
        """Add a feed that can be read."""
        registry = self._services.registry
        try:
            _, is_new = probe.add(self._services, asked.url, asked.name, asked.every)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        return _answer(Feed.of(registry.row(registry.key(asked.url))), 201 if is_new else 200)

    def remove_feed(self, request: Request, _: None) -> Response:
        """Stop polling a feed."""
        key = request.path_params["id"]
        row = next((row for row in self._services.registry.rows() if row.id == key), None)
        if row is None or not self._services.registry.remove(row.url):
            raise RejectedError(Reason.UNKNOWN, key, "no feed of this id is polled")
        return Response(status_code=204)

    def ingest(self, _request: Request, asked: IngestRequest) -> Response:
        """Admit an article."""
        url = check_url(asked.url)
        admission = self._services.articles.admit([FeedEntry(url)])
        key = article_id(url)
        done = Ingested(key, url, self._services.status.outcome(key) or "", bool(admission.admitted))
        return _answer(done, 202, {"Location": f"/api/why/{key}"})

    def _endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Return what checks a request of an operation, and has it handled in a thread."""
        handle: Handle = getattr(self, operation.name)

        async def endpoint(request: Request) -> Response:
            if operation.place and not re.fullmatch(operation.place["pattern"], request.path_params["id"]):
                raise HTTPException(404, "that is no id")
            for name, (shape, _) in operation.query.items():
                _check(request.query_params.getlist(name), shape, name)
            if operation.writes:
                self._access.check(request)
            body: Any = None
            if operation.body is not None:
                body = await _body(request, operation.body)
            return await run_in_threadpool(handle, request, body)

        return endpoint


def _route(path: str, methods: Mapping[str, Callable[[Request], Awaitable[Response]]]) -> Route:
    async def endpoint(request: Request) -> Response:
        return await methods["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, endpoint, methods=list(methods))


async def _body(request: Request, kind: type[T]) -> T:
    """Return the body as the type that an operation takes.

    Raises:
        HTTPException: 413, 415 or 400, saying what is wrong with it.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send JSON, as Content-Type: application/json")
    body = await read_body(request)
    if body is None:
        raise HTTPException(413, "that is too long")
    try:
        given = json.loads(body)
        checker(kind)(given, "the body")
        return kind(**given)
    except (ValueError, RecursionError, TypeError) as error:
        detail = str(error) if isinstance(error, InvalidEventError) else "no JSON object with the fields of this type"
        raise HTTPException(400, detail) from error


def _check(values: list[str], shape: Mapping[str, Any], name: str) -> None:
    """Hold a parameter of a query against its schema, of which operations use only some words.

    Raises:
        HTTPException: 400, saying which.
    """
    for value in values:
        is_number = re.fullmatch(r"[0-9]{1,9}", value) is not None
        fits = (
            value in shape.get("enum", [value])
            and len(value) <= shape.get("maxLength", len(value))
            and re.fullmatch(shape.get("pattern", ".*"), value, re.DOTALL)
            and (shape.get("type") != "integer" or (is_number and shape["minimum"] <= int(value) <= shape["maximum"]))
        )
        if not fits or len(values) > 1:
            raise HTTPException(400, f"{name} is to fit {json.dumps(shape)}, once")


def _entry(entry: EventEntry) -> dict[str, Any]:
    return {"cursor": entry.id, "event": json.loads(encode(entry.event)["event"])}


def _answer(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(asdict(payload), status, dict(headers or {}))
