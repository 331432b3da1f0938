"""Which texts are the same; what is near the same has tests on the real index alone (tests/integration)."""

from tests.ports.steps import published
from worker.duplicates import article_sketch, quotation_sketch
from worker.ports import Cluster, Text

FIRST, LATER = "2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z"
STORY = " ".join(f"On day {n} the mayor of town {7 * n} said that bridge {13 * n} was safe to use." for n in range(20))
OTHER = " ".join(
    f"Fisher {n} counted {3 * n} salmon below weir {11 * n}, twice as many as a year ago." for n in range(20)
)
SAID = "we have looked at every bolt of this bridge with great care and found that all of them are sound"


def article(key, words):
    return Text(key, article_sketch(words))


def quotation(key, by):
    return Text(key, quotation_sketch([SAID]), by)


def place(ports, item, text, quotations=(), time=LATER):
    return ports.clusters.place(item, text, quotations, time=time, host="paper.example")


def test_the_first_of_two_texts_that_are_the_same_begins_their_cluster(ports):
    first = place(ports, "1", article("a", STORY), time=FIRST)

    assert first == [Cluster("a", FIRST, "paper.example")]
    assert [one.id for one in place(ports, "2", article("b", STORY))] == ["a"]
    assert [one.id for one in place(ports, "3", article("c", OTHER))] == ["c"]


def test_a_quotation_of_another_outlet_is_in_the_cluster_of_the_first(ports):
    place(ports, "1", article("a", STORY), [quotation("q", "novak")], time=FIRST)
    found = place(ports, "2", article("b", STORY), [quotation("r", "novak")])

    assert [(one.id, one.first_seen) for one in found] == [("a", FIRST), ("q", FIRST)]


def test_an_article_keeps_its_cluster_in_all_its_versions(ports):
    job = published(ports)
    place(ports, job.id, article("a", STORY), time=FIRST)

    assert place(ports, job.id, article("a", OTHER))[0].id == "a"
