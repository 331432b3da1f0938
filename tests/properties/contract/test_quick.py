"""The compiled test passes nothing that the checker refuses, and all that the worker sends."""

import copy
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.contract.test_quick import EXAMPLES, TESTS, passes

odd = st.sampled_from(
    [None, True, 0, -1, 1.5, math.nan, math.inf, "", "direct", [], {}, [None], [{}], {"name": 1}, "absent"]
)


def places(value, path=()):
    yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(each, (*path, key))


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
