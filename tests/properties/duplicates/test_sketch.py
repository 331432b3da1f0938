"""What two texts have in common, whatever their typography, script or length."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from tests.unit.duplicates.test_sketch import hashes
from worker.duplicates import article_sketch
from worker.duplicates.shingles import shingles
from worker.duplicates.sketch import ARTICLE


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


def hash_of(shingle):
    return (xxh3_64_intdigest(shingle.encode(), ARTICLE.seed) >> 16 & 0xFFFFFFFF).to_bytes(4, "big")
