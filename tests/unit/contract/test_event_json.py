"""Events are the same JSON with the standard library as with orjson."""

import json

import pytest

from worker.contract import decode, encode, event
from worker.contract.schema_gen import FOLDER

EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_both_write_and_read_the_same(path, monkeypatch):
    one = decode({"event": path.read_text("utf-8")})
    quick = encode(one)
    monkeypatch.setattr(event, "orjson", None)
    monkeypatch.setattr(event, "_loads", json.loads)

    assert encode(one) == quick
    assert decode(quick) == one
