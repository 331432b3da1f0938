"""Write the JSON Schemas and the AsyncAPI document from the types: `python -m worker.contract.schema_gen`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

from .event import CONTENT_TYPE, PREFIX, STREAMS, decode
from .payload import KINDS, payload_of, to_data
from .shape import definitions, schema

FOLDER = Path(__file__).parent / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def documents() -> Dict[str, Dict[str, Any]]:
    """Return every generated document by its file name."""
    schemas = {f"{kind.schema}.v1.json": _payload_schema(kind.schema, kind.payload) for kind in KINDS.values()}
    return {**schemas, "event.v1.json": _envelope_schema(), "asyncapi.json": _asyncapi()}


def render(document: Dict[str, Any]) -> str:
    """Return a document as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _payload_schema(name: str, payload: type) -> Dict[str, Any]:
    top = {"$schema": DIALECT, "$id": f"urn:onrecord:schema:{name}:1", "title": payload.__name__}
    return {**top, **schema(payload), "$defs": definitions(payload)}


def _envelope_schema() -> Dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    required = ["specversion", "id", "source", "type", "subject", "time", "data"]
    return {
        "$schema": DIALECT,
        "$id": "urn:onrecord:schema:event:1",
        "title": "Event",
        "description": "CloudEvents 1.0 in structured JSON; the field `event` of a stream entry.",
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {**text, "description": "Deterministic: the same source and id again is the same event again."},
            "source": {**text, "format": "uri-reference"},
            "type": {"enum": [PREFIX + name for name in KINDS]},
            "subject": {**text, "description": "The id of the article, statement or feed."},
            "time": {**text, "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {**text, "format": "uri"},
            "partitionkey": {**text, "description": "The article's id."},
            "causationid": {**text, "description": "The id of the event that led to this one."},
            "traceparent": {**text, "description": "W3C Trace Context."},
            "data": {"type": "object"},
        },
        "required": required,
    }


def _asyncapi() -> Dict[str, Any]:
    """Return the AsyncAPI 3 document; its Redis binding is empty, so stream facts stand under `x-redis-stream`."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "onrecord",
            "version": "1.0.0",
            "description": "Articles and attributed statements as events.",
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"redis": {"host": "localhost:6379", "protocol": "redis"}},
        "channels": {noun: _channel(noun, stream) for noun, stream in STREAMS.items()},
        "operations": {
            f"send-{noun}": {"action": "send", "channel": {"$ref": f"#/channels/{noun}"}} for noun in STREAMS
        },
        "components": {"messages": {name: _message(name, kind.schema) for name, kind in KINDS.items()}},
    }


def _channel(noun: str, stream: str) -> Dict[str, Any]:
    names = [name for name in KINDS if name.startswith(noun + ".")]
    return {
        "address": f"onrecord:{stream}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "x-redis-stream": {"fields": ["event", "content-type", "ce-id", "ce-type", "ce-subject"], "idfield": "ce-id"},
    }


def _message(name: str, schema_name: str) -> Dict[str, Any]:
    data = {"properties": {"type": {"const": PREFIX + name}, "data": {"$ref": f"{schema_name}.v1.json"}}}
    return {
        "name": PREFIX + name,
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [{"$ref": "event.v1.json"}, {"type": "object", **data}]},
    }


def main() -> None:
    """Write all documents beside this module, and into each example the fields that its payload has gained."""
    FOLDER.mkdir(exist_ok=True)
    for name, document in documents().items():
        (FOLDER / name).write_text(render(document), encoding="utf-8")
    for path in (FOLDER / "examples").glob("*.json"):
        path.write_text(render(_completed(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")


def _completed(envelope: Dict[str, Any]) -> Dict[str, Any]:
    event = decode({"event": json.dumps(envelope)})
    return {**envelope, "data": to_data(payload_of(event))}


if __name__ == "__main__":
    main()
