"""What two texts have in common, whatever their typography, script or length."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from worker.duplicates import article_sketch, quotation_sketch
from worker.duplicates.shingles import shingles
from worker.duplicates.sketch import ARTICLE, QUOTATION

PINNED = [bytes.fromhex("3a507d6b"), bytes.fromhex("7fe48e9b"), bytes.fromhex("8ab0126f")]
SAID = "We would rather mend it now than in winter, and we told the council so in May"


@pytest.mark.parametrize(
    "other",
    [
        "“We would rather mend it now than in winter, and we told the council so in May,”",
        "'We would rather – mend it now – than in winter … and we told the council so in May.'",
        "WE WOULD RATHER MEND IT NOW THAN IN WINTER; AND WE TOLD\u00a0THE COUNCIL SO IN MAY!",
    ],
)
def test_case_marks_and_spaces_do_not_count(other):
    assert shingles(other) == shingles(SAID)


def test_the_kind_of_apostrophe_does_not_count():
    assert shingles("we don’t mend the council's roof") == shingles("we don't mend the council’s roof")


def test_a_word_that_is_changed_costs_three_shingles():
    assert len(shingles(SAID) - shingles(SAID.replace("council", "county"))) == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("揺れが少ないので、船の中で書けるようになりました", 18),  # 23 characters, six at a time
        ("เราซ่อมมันตอนนี้ดีกว่า", 17),  # 22, vowel signs among them
        ("हम इसे अभी ठीक करना चाहते हैं।", 5),  # seven words, signs and all
        ("우리는 지금 고치고 싶습니다", 2),
        ("мы лучше починим это сейчас", 3),
        ("لنصلحه الآن، قبل الشتاء", 2),
        ("two words", 0),
        ("", 0),
    ],
)
def test_shingles_are_of_words_where_there_are_spaces_and_else_of_characters(text, count):
    assert len(shingles(text)) == count


@settings(max_examples=50)
@given(st.text(max_size=300).map(lambda text: unicodedata.normalize("NFC", text)))
def test_any_text_has_as_many_shingles_as_its_words_allow(text):
    assert len(shingles(text)) <= max(0, len(text) - 2)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10**6), min_size=60, max_size=120, unique=True), st.integers(40, 60))
def test_what_the_sketch_of_a_whole_has_of_a_part_is_in_the_sketch_of_the_part(numbers, length):
    words = [str(number) for number in numbers]
    whole, part = hashes(article_sketch(" ".join(words))), hashes(article_sketch(" ".join(words[:length])))
    of_part = {hash_of(shingle) for shingle in shingles(" ".join(words[:length]))}

    assert set(whole) & of_part <= set(part)
    assert whole == sorted(whole)
    assert len(whole) == ARTICLE.hashes


def test_a_sketch_is_the_same_in_every_release():
    sketch = quotation_sketch(["We would rather mend it now,", "than in winter"])

    assert hashes(sketch)[:3] == PINNED
    assert len(sketch.buckets) == 4 * QUOTATION.looked_up


def test_articles_and_quotations_of_the_same_words_share_no_hash():
    words = " ".join(str(number) for number in range(40))

    assert set(hashes(article_sketch(words))).isdisjoint(hashes(quotation_sketch([words])))


def test_what_is_too_short_to_tell_has_no_sketch():
    assert quotation_sketch(["We mend it now, we"]) is None
    assert quotation_sketch(["We mend it", "now, we do"]) is not None
    assert article_sketch(SAID) is None


def hashes(sketch):
    return [sketch.hashes[at : at + 4] for at in range(0, len(sketch.hashes), 4)]


def hash_of(shingle):
    return (xxh3_64_intdigest(shingle.encode(), ARTICLE.seed) >> 16 & 0xFFFFFFFF).to_bytes(4, "big")
