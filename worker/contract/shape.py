"""Payload types as checks, loaders and JSON Schema: one reading of the dataclasses for all three.

Knows what payloads are made of: str, int, float, bool, Literal, Optional, List and other dataclasses. All are
compiled once, at import; sending an event then costs plain calls.
"""

from __future__ import annotations

import math
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Callable, Dict, List, Literal, Mapping, Tuple, Union, get_args, get_origin, get_type_hints

Check = Callable[[Any, str], None]
Load = Callable[[Any], Any]

_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}


class InvalidEventError(ValueError):
    """An event breaks the contract and must not be sent; the message names the field."""


def checker(type_: Any) -> Check:
    """Return a function (value, path) that raises InvalidEventError unless the value fits `type_`."""
    if is_dataclass(type_):
        return _object_checker({name: (checker(hint), needed) for name, hint, needed in members_of(type_)})
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is list:
        return _list_checker(checker(arguments[0]))
    if origin is Union:
        return _optional_checker(checker(inner_of(type_)))
    if origin is Literal:
        return _choice_checker(arguments)
    return _scalar_checker(type_)


def loader(type_: Any) -> Load:
    """Return a function that makes a checked JSON value into a `type_`."""
    if is_dataclass(type_):
        return _object_loader(type_, {name: loader(hint) for name, hint, _ in members_of(type_)})
    if get_origin(type_) is list:
        item = loader(get_args(type_)[0])
        return lambda value: [item(each) for each in value]
    if get_origin(type_) is Union:
        inner = loader(inner_of(type_))
        return lambda value: None if value is None else inner(value)
    return lambda value: value


def schema(type_: Any) -> Dict[str, Any]:
    """Return the JSON Schema (2020-12) of `type_`; other dataclasses as references into `$defs`."""
    if is_dataclass(type_):
        return {"$ref": f"#/$defs/{type_.__name__}"}  # type: ignore[union-attr]
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is list:
        return {"type": "array", "items": schema(arguments[0])}
    if origin is Union:
        return {"anyOf": [schema(inner_of(type_)), {"type": "null"}]}
    if origin is Literal:
        return {"enum": list(arguments)}
    return {"type": _NAMES[type_]}


def definitions(type_: Any) -> Dict[str, Any]:
    """Return the `$defs` of a dataclass: its own schema and that of each dataclass below it."""
    found = {type_.__name__: _object_schema(type_)}
    for _, hint, _ in members_of(type_):
        inner = _innermost(hint)
        if is_dataclass(inner):
            found.update(definitions(inner))
    return found


def _object_schema(type_: Any) -> Dict[str, Any]:
    members = members_of(type_)
    return {
        "type": "object",
        "description": " ".join((type_.__doc__ or "").split()),
        "properties": {name: schema(hint) for name, hint, _ in members},
        "required": [name for name, _, needed in members if needed],
    }


def members_of(type_: Any) -> List[Tuple[str, Any, bool]]:
    """Return (name, type, whether it must be there) of each field."""
    hints = get_type_hints(type_)
    return [(each.name, hints[each.name], _is_required(each)) for each in fields(type_)]


def _is_required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def inner_of(optional: Any) -> Any:
    """Return T of Optional[T]."""
    return next(each for each in get_args(optional) if each is not type(None))


def _innermost(hint: Any) -> Any:
    while get_origin(hint) in (list, Union):
        hint = inner_of(hint)
    return hint


def _object_checker(members: Mapping[str, Tuple[Check, bool]]) -> Check:
    items = [(name, check, needed) for name, (check, needed) in members.items()]

    def check_object(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _unfit(path, "object", value)
        for name, check, needed in items:
            if name in value:
                check(value[name], name if path == "data" else f"{path}.{name}")
            elif needed:
                raise InvalidEventError(f"{path}: {name!r} is absent")

    return check_object


def _list_checker(check: Check) -> Check:
    def check_list(value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise _unfit(path, "array", value)
        for each in value:
            check(each, path)

    return check_list


def _optional_checker(check: Check) -> Check:
    def check_optional(value: Any, path: str) -> None:
        if value is not None:
            check(value, path)

    return check_optional


def _choice_checker(choices: Tuple[Any, ...]) -> Check:
    def check_choice(value: Any, path: str) -> None:
        if value not in choices:
            raise _unfit(path, "one of " + ", ".join(map(repr, choices)), value)

    return check_choice


def _scalar_checker(type_: type) -> Check:
    """Python's bool is an int, and an int will do as a number; JSON has no NaN and no infinity."""
    name = _NAMES[type_]
    allowed = (float, int) if type_ is float else (type_,)

    def check_scalar(value: Any, path: str) -> None:
        if type(value) not in allowed or (type_ is float and not math.isfinite(value)):
            raise _unfit(path, name, value)

    return check_scalar


def _object_loader(type_: Any, loaders: Mapping[str, Load]) -> Load:
    items = list(loaders.items())
    return lambda value: type_(**{name: load(value[name]) for name, load in items if name in value})


def _unfit(path: str, expected: str, value: Any) -> InvalidEventError:
    return InvalidEventError(f"{path}: expected {expected}, got {repr(value)[:80]}")
