"""The compiled test passes nothing that the checker refuses, and all that the worker sends."""

import json

from worker.contract.payload import KINDS
from worker.contract.quick import quick
from worker.contract.schema_gen import FOLDER
from worker.contract.shape import InvalidEventError, checker

EXAMPLES = [json.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "examples").glob("*.json"))]
TESTS = {name: (quick(kind.payload), checker(kind.payload)) for name, kind in KINDS.items()}


def passes(check, data):
    try:
        check(data, "data")
    except InvalidEventError:
        return False
    return True


def test_what_the_worker_sends_passes_at_once():
    for event in EXAMPLES:
        fits, check = TESTS[event["type"].removeprefix("io.onrecord.")]
        assert fits(event["data"]) is passes(check, event["data"]) is True
