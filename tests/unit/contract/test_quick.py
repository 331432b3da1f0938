"""The compiled test passes nothing that the checker refuses, and all that the worker sends."""

import copy
import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.contract.payload import KINDS
from worker.contract.quick import quick
from worker.contract.schema_gen import FOLDER
from worker.contract.shape import InvalidEventError, checker

EXAMPLES = [json.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "examples").glob("*.json"))]
TESTS = {name: (quick(kind.payload), checker(kind.payload)) for name, kind in KINDS.items()}
odd = st.sampled_from(
    [None, True, 0, -1, 1.5, math.nan, math.inf, "", "direct", [], {}, [None], [{}], {"name": 1}, "absent"]
)


def passes(check, data):
    try:
        check(data, "data")
    except InvalidEventError:
        return False
    return True


def places(value, path=()):
    yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(each, (*path, key))


def test_what_the_worker_sends_passes_at_once():
    for event in EXAMPLES:
        fits, check = TESTS[event["type"].removeprefix("io.onrecord.")]
        assert fits(event["data"]) is passes(check, event["data"]) is True


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_nothing_passes_that_the_checker_refuses(data):
    event = copy.deepcopy(data.draw(st.sampled_from(EXAMPLES)))
    fits, check = TESTS[event["type"].removeprefix("io.onrecord.")]
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from([place for place in places(event["data"]) if place]))
        value, holder = data.draw(odd), event["data"]
        for key in path[:-1]:
            holder = holder[key]
        if value == "absent":
            del holder[path[-1]]
        else:
            holder[path[-1]] = copy.deepcopy(value)

    assert passes(check, event["data"]) or not fits(event["data"])
