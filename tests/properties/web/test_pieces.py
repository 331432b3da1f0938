"""The small parts of the web page: links, searches, charts, spans of activity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.views.activity import BARS
from worker.web.charts import chart


@given(st.lists(st.integers(0, 10**6), min_size=BARS, max_size=BARS))
def test_a_chart_has_a_bar_for_each_value_and_the_highest_fills_it(values):
    drawn = chart("x", "x", values)

    assert len(drawn.bars) == sum(map(bool, values))
    assert drawn.total == sum(values)
    if drawn.bars:
        assert min(bar.y for bar in drawn.bars) == 0
        assert all(bar.y + bar.height == pytest.approx(64, abs=0.02) for bar in drawn.bars)
