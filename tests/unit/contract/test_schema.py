"""The published documents: current, true of the examples, and never broken within a major version."""

import copy
import json

import jsonschema
import pytest

from tests.unit.contract.compat import breaks
from worker.contract import check, decode, payload_of
from worker.contract.payload import KINDS, to_data
from worker.contract.schema_gen import FOLDER, documents, render

RELEASED = sorted((FOLDER / "released").glob("*.json"))
EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def example(name):
    return load(FOLDER / "examples" / name)


def test_the_committed_documents_are_those_of_the_types():
    stale = [name for name, each in documents().items() if (FOLDER / name).read_text("utf-8") != render(each)]

    assert not stale, "run: python -m worker.contract.schema_gen"


def test_every_schema_is_a_schema():
    for name, document in documents().items():
        if name != "asyncapi.json":
            jsonschema.Draft202012Validator.check_schema(document)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_the_envelope_its_schema_and_its_type(path):
    envelope = load(path)
    event = decode({"event": json.dumps(envelope)})
    name = event.dataschema.split(":")[-2]

    jsonschema.validate(envelope, load(FOLDER / "event.v1.json"))
    jsonschema.validate(envelope["data"], load(FOLDER / f"{name}.v1.json"))
    assert to_data(payload_of(event)) == envelope["data"]


def test_the_type_check_and_the_schema_refuse_the_same_events():
    good = example("statement.created.direct.json")
    schema = jsonschema.Draft202012Validator(load(FOLDER / "statement.v1.json"))
    for path, value in _WRONG:
        bad = copy.deepcopy(good)
        _put(bad["data"], path, value)

        assert not schema.is_valid(bad["data"]), path
        with pytest.raises(ValueError, match="expected"):
            check(decode({"event": json.dumps(bad)}))


_WRONG = [
    (["kind"], "shouted"),
    (["paragraph"], "1"),
    (["paragraph"], True),
    (["confidence"], None),
    (["speaker"], []),
    (["speaker", "name"], 7),
    (["segments", 0, "start"], 1.5),
    (["segments"], {}),
    (["article", "id"], None),
]


def _put(data, path, value):
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def test_each_kind_of_event_has_a_message_in_the_stream_document():
    channels = documents()["asyncapi.json"]["channels"]

    assert {name for each in channels.values() for name in each["messages"]} == set(KINDS)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_released_schema_is_never_broken(path):
    found = breaks(load(path), documents()[path.name])

    assert not found, "incompatible within v1, so either undo or make a v2: " + "; ".join(found)


def test_every_document_that_consumers_read_is_released():
    assert {path.name for path in RELEASED} == set(documents()) - {"asyncapi.json"}


def _change(edit):
    schema = copy.deepcopy(documents()["statement.v1.json"])
    edit(schema["$defs"]["StatementData"])
    return breaks(documents()["statement.v1.json"], schema)


def test_changes_that_break_a_consumer_are_found_and_named():
    assert _change(lambda each: each["properties"].pop("text")) == ["StatementData.text: removed"]
    assert _change(lambda each: each["required"].remove("text")) == ["StatementData.text: no longer always there"]
    assert _change(lambda each: each["properties"].update(text={"type": "integer"})) == ["StatementData.text: changed"]
    assert _change(lambda each: each["properties"]["kind"]["enum"].append("sung")) == ["StatementData.kind: changed"]


def test_a_new_optional_field_breaks_nobody():
    assert _change(lambda each: each["properties"].update(mood={"type": "string"})) == []
