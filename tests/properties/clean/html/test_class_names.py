from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.clean.html.test_class_names import marks


@given(st.text("adsby -_:1A\t", max_size=12))
def test_marks_are_those_of_each_class_by_itself(value):
    alone = [marks(b"class", word.encode()) for word in value.split()]

    assert marks(b"class", value.encode()) == reduce(or_, alone, 0)
