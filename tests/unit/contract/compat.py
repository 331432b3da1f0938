"""What would break a consumer: a field gone, of another type, or no longer sure to be there."""

from collections.abc import Iterator
from typing import Any


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return each incompatible change between two schemas of one `$id`, by type and field."""
    if "$defs" not in old:
        return list(_object_breaks("Event", old, new))
    return [
        line for name, each in old["$defs"].items() for line in _object_breaks(name, each, new["$defs"].get(name, {}))
    ]


def _object_breaks(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    members = new.get("properties", {})
    for field, shape in old["properties"].items():
        if field not in members:
            yield f"{name}.{field}: removed"
        elif not _is_same(shape, members[field]):
            yield f"{name}.{field}: changed"
        elif field in old["required"] and field not in new["required"]:
            yield f"{name}.{field}: no longer always there"


def _is_same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """New event types are additions: a consumer passes over a `type` that it does not know."""
    if all(str(each).startswith("io.onrecord.") for each in old.get("enum", [""])):
        return set(old["enum"]) <= set(new.get("enum", []))
    return {**old, "description": ""} == {**new, "description": ""}
