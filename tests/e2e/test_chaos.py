"""A short run of the chaos harness; `make chaos` is the long one."""

import pytest

from tools.chaos.run import Plan, Run

PLAN = Plan(articles=200, hosts=10, kills=12, pace=0.6, app="tools.chaos.hasty")
SEED = 54  # every kind of kill and two faults of the network in fourteen strokes, Redis first


@pytest.mark.timeout(300)
def test_what_is_killed_half_way_is_neither_lost_nor_doubled_nor_altered(tmp_path):
    result = Run(PLAN, SEED, tmp_path).result()

    verdict = result.verdict
    assert verdict.kept, (verdict.lost, verdict.doubled, verdict.altered, verdict.dead, verdict.counts)
    assert verdict.refetch < 1.1
    assert {"kill redis", "kill child", "kill worker"} <= {fault.kind for fault in result.faults}
