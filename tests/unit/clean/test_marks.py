from worker.clean import marks
from worker.clean.marks import BIT, BYLINE, HIDDEN, NAMING, marks_of


def test_words_of_classes_set_marks():
    assert marks_of({"class": "c-Byline"}) & BYLINE
    assert marks_of({"itemprop": "articleBody"}) & BIT["body_property"]
    assert marks_of({"rel": "author"}) & NAMING & marks_of({"datetime": None})
    assert marks_of({"style": "Display : none"}) == HIDDEN == marks_of({"hidden": None})
    assert marks_of({"alt": "byline", "class": None}) == 0


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(marks, "_REMEMBERED", 10)
    remembered = marks._Remembered(len)

    found = [remembered["x" * length] for length in range(1_000)]

    assert found == list(range(1_000))
    assert len(remembered) <= 10


def test_a_remembered_value_is_read_once():
    read = []
    remembered = marks._Remembered(lambda value: read.append(value) or 1)

    assert remembered["kelp"] + remembered["kelp"] + remembered[None] + remembered[None] == 4
    assert read == ["kelp", ""]
