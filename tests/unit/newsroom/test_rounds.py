import pytest

from tests.newsroom.rounds import _shared_out


@pytest.mark.parametrize(
    ("ran", "waited", "shares"),
    [
        ([(0, 10)], [], (10, 0, 10)),
        ([(0, 10)], [(2, 6)], (10, 4, 6)),
        ([(0, 10), (0, 10)], [(2, 6)], (20, 0, 0)),
        ([(0, 4), (6, 10)], [(0, 10), (5, 7), (7, 7), (9, 8)], (8, 11, 1)),
    ],
    ids=["nothing waited", "one free slot was late", "no slot was free", "as many are late as wait"],
)
def test_a_free_slot_is_late_only_while_something_waits_for_it(ran, waited, shares):
    assert _shared_out(ran, waited) == shares
