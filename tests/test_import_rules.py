"""Each import rule refuses a violation that is planted in a copy of the code, and harmless code passes them all."""

import pytest

from config.settings import ROOT
from tools.planted import PLANTS, STAGES, Plant, caught

HARMLESS = (
    Plant("a regular expression in a stage", STAGES, "    import re\n\n    return re\n", "re"),
    Plant("a record in a use case", ("worker/pipeline",), "    from worker.core import records\n\n    return records\n",
          "worker.core.records"),
    Plant("Redis in an adapter", ("worker/adapters/redis",), "    import redis\n\n    return redis\n", "redis"),
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> dict[str, bool]:
    return caught(ROOT, PLANTS + HARMLESS)


@pytest.mark.parametrize("name", [plant.name for plant in PLANTS])
def test_a_planted_violation_is_refused(told: dict[str, bool], name: str) -> None:
    assert told[name]


@pytest.mark.parametrize("name", [plant.name for plant in HARMLESS])
def test_harmless_code_passes(told: dict[str, bool], name: str) -> None:
    assert not told[name]


def test_a_name_in_the_list_of_plants_stands_once() -> None:
    assert len({plant.name for plant in PLANTS + HARMLESS}) == len(PLANTS + HARMLESS)
