"""A compiled test of payloads: true only of what `shape.checker` would pass, several times as fast.

Publishing checks every event, so the test is made of source, one expression a dataclass, as `dataclasses` makes its
own methods. Where it is false, the checker looks closely and says what is wrong; so it may be false too often
(an absent member that may be absent), and never true too often: a test compares the two.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any, Callable, Dict, Literal, Union, get_args, get_origin

from .shape import inner_of, members_of


def quick(type_: Any) -> Callable[[Any], bool]:
    """Return a function that is true of JSON values that fit the dataclass `type_`, all members present."""
    functions: Dict[str, str] = {}
    _define(type_, functions)
    namespace: Dict[str, Any] = {}
    exec("\n".join(functions.values()), namespace)  # noqa: S102 - of our own types' names, at import
    fits = namespace[type_.__name__]

    def test(value: Any) -> bool:
        try:
            return bool(fits(value))
        except KeyError:
            return False

    return test


def _define(type_: Any, functions: Dict[str, str]) -> str:
    """Add a function that tests a dataclass, and those it calls; return its name."""
    name: str = type_.__name__
    if name not in functions:
        functions[name] = ""  # so that a type that holds its like ends
        tests = [_test(hint, f"v[{member!r}]", functions) for member, hint, _ in members_of(type_)]
        functions[name] = f"def {name}(v):\n    return " + " and ".join(["v.__class__ is dict", *tests])
    return name


def _test(hint: Any, value: str, functions: Dict[str, str]) -> str:
    origin = get_origin(hint)
    if is_dataclass(hint):
        return f"{_define(hint, functions)}({value})"
    if origin is list:
        each = _test(get_args(hint)[0], "each", functions)
        return f"({value}.__class__ is list and all([{each} for each in {value}]))"
    if origin is Union:
        return f"({value} is None or {_test(inner_of(hint), value, functions)})"
    if origin is Literal:
        return f"({value}.__class__ is str and {value} in {get_args(hint)!r})"
    if hint is float:  # what is finite is equal to itself, and nothing is left of it without it
        return f"({value}.__class__ is int or {value}.__class__ is float and {value} - {value} == 0)"
    return f"{value}.__class__ is {hint.__name__}"
