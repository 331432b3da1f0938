"""The OpenAPI 3.1 document, from the operations, the contract's schemas and the types of answers."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from worker.contract.schema_gen import documents
from worker.contract.shape import definitions
from worker.web.answers import Feed, FeedList, FeedRequest, History, Ingested, IngestRequest, Problem, status_schema
from worker.web.operations import OPERATIONS, Operation

_TYPES = (Feed, FeedList, FeedRequest, History, Ingested, IngestRequest, Problem)
_REQUESTS = (FeedRequest, IngestRequest)
_FROM_CONTRACT = ("event.v1.json", "article.v1.json", "statement.v1.json", "statement-retracted.v1.json")


def document() -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "onrecord",
            "version": "1",
            "description": "Who said what, in which words. Reading is open; changes need the token as a bearer.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "ONRECORD_WEB_TOKEN"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    good = {str(status): _answer(status, name) for status, name in operation.answers.items()}
    fails = (*operation.fails, *((401, 403) if operation.writes else ()), 421, 503)
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_place(operation), *_query(operation)],
        "responses": {**good, **{str(status): _failure(status) for status in fails}},
    }
    if operation.body:
        content = {"application/json": {"schema": _ref(operation.body.__name__)}}
        found["requestBody"] = {"required": True, "content": content}
    if operation.writes:
        found["security"] = [{"token": []}]
    return found


def _place(operation: Operation) -> list[dict[str, Any]]:
    return [{"name": "id", "in": "path", "required": True, "schema": operation.place}] if operation.place else []


def _query(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "schema": shape, "description": description}
        for name, (shape, description) in operation.query.items()
    ]


def _answer(status: int, name: str | None) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": _ref(name)}}} if name else {}
    return {"description": HTTPStatus(status).phrase, **content}


def _failure(status: int) -> dict[str, Any]:
    kind = "text/plain" if status == HTTPStatus.MISDIRECTED_REQUEST else "application/problem+json"
    shape = {"type": "string"} if kind == "text/plain" else _ref("Problem")
    return {"description": HTTPStatus(status).phrase, "content": {kind: {"schema": shape}}}


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    contract = documents()
    for name in _FROM_CONTRACT:
        own = dict(contract[name])
        found |= own.pop("$defs", {})
        found.setdefault(own["title"], own)
    for each in _TYPES:
        found |= definitions(each)
    for each in _REQUESTS:
        found[each.__name__] = {**found[each.__name__], "additionalProperties": False}
    found |= {"Standing": status_schema(), "StatementPage": _page(), "PublishedArticle": _published()}
    return json.loads(json.dumps(found).replace('"#/$defs/', '"#/components/schemas/'))  # type: ignore[no-any-return]


def _page() -> dict[str, Any]:
    data = {"anyOf": [_ref("StatementData"), _ref("RetractedData")]}
    event = {"allOf": [_ref("Event"), {"type": "object", "properties": {"data": data}}]}
    entry = {
        "type": "object",
        "description": "An event, and its place in the stream.",
        "properties": {"cursor": {"type": "string"}, "event": event},
        "required": ["cursor", "event"],
    }
    return {
        "type": "object",
        "description": "Events about statements; `next` is where the next page begins, null at the end.",
        "properties": {"statements": {"type": "array", "items": entry}, "next": {"type": ["string", "null"]}},
        "required": ["statements", "next"],
    }


def _published() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "`withdrawn` is why its publisher took it back, null while it stands.",
        "properties": {
            "article": _ref("ArticleData"),
            "statements": {"type": "array", "items": _ref("StatementData")},
            "withdrawn": {"type": ["string", "null"]},
        },
        "required": ["article", "statements", "withdrawn"],
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
