import sys

import pytest

from tools.bench.growth import SHAPES
from worker.statements import engine_for, extract


def steps(text, engine):
    """Count the instructions that Python executes: work that does not depend on how busy the machine is."""
    count = 0

    def trace(frame, event, _arg):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        extract(text, engine=engine)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", ["one line", "quotations", "single marks", "labels", "capitals", "initials"])
def test_twice_the_text_is_twice_the_work(shape):
    engine = engine_for("en", "rules")
    extract("“It is late,” she said.", engine=engine)  # reads the word lists

    short, long = (steps(SHAPES[shape](length), engine) for length in (2_000, 4_000))

    assert long < 2.5 * short


def test_twice_the_quotations_without_a_cue_are_twice_the_work_for_a_network():
    engine = engine_for("en", "fast")
    line = "“There is nothing left for any of us in this valley.” She left.\n"
    extract(line, engine=engine)  # reads the weights and the word lists

    short, long = (steps(line * lines, engine) for lines in (40, 80))

    assert long < 2.5 * short


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_text_of_any_shape_is_read(shape):
    text = SHAPES[shape](60_000)  # quadratic time would run into the limit of a test

    for found in extract(text, engine=engine_for("en", "rules")):
        assert all(0 <= segment.start < segment.end <= len(text) for segment in found.segments)
