from worker.clean.html.automaton import spelled
from worker.clean.html.class_names import BIT, BYLINE, HIDDEN, NAMED, NAMING, READ, marks_of


def marks(name: bytes, value: bytes = b"") -> int:
    return marks_of(READ[name], value, 0, len(value))


def test_words_of_classes_set_marks():
    assert marks(b"class", b"c-Byline") & BYLINE
    assert marks(b"itemprop", b"articleBody") & BIT["body_property"]
    assert marks(b"class", b"articleBody") & BIT["body_property"] == 0
    assert marks(b"rel", b"author") == NAMED
    assert marks(b"datetime") == NAMING == marks(b"itemprop", b"datePublished") & NAMING
    assert marks(b"rel", b"nofollow") == 0 == marks(b"itemprop", b"url") & NAMING
    assert marks(b"style", b"Display : none") == HIDDEN == marks(b"hidden")
    assert marks(b"style", b"display: block") == 0


def test_a_word_may_ask_for_no_letter_beside_it():
    found = {value: bool(marks(b"class", value) & BIT["advert"]) for value in (b"ad", b"x ads-1", b"AD_top", b"adage")}

    assert found == {b"ad": True, b"x ads-1": True, b"AD_top": True, b"adage": False}
    assert marks(b"class", b"x\nsr-only") & BIT["hidden"]
    assert marks(b"class", b"lg:hidden") & BIT["hidden"] == 0


def test_words_are_looked_for_between_the_ends_of_a_value_only():
    assert marks_of(READ[b"id"], b"xbylinex", 2, 7) == 0
    assert marks_of(READ[b"id"], b"xby-x", 1, 3) == BYLINE


def test_choices_are_spelled_out():
    assert list(spelled("side{,-}bar{s,}")) == ["sidebars", "sidebar", "side-bars", "side-bar"]


def test_long_values_are_cut():
    assert marks(b"id", b"x" * 55 + b"byline") == 0
    assert not marks(b"class", b"x " * 148 + b"byline") & BYLINE
    assert marks(b"class", b"x " * 140 + b"byline") & BYLINE
