import pytest

from worker.duplicates.agreement import agree

WORDS = [f"word{n}" for n in range(100)]
TEXT = " ".join(WORDS)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TEXT, True),
        (TEXT.upper() + "!", True),
        (" ".join(WORDS[:30]), True),
        (" ".join([*WORDS[:80], *(f"other{n}" for n in range(20))]), True),
        (" ".join([*WORDS[:30], *(f"other{n}" for n in range(70))]), False),
        (" ".join(reversed(WORDS)), False),
        ("", False),
        ("word1 word2", False),
    ],
)
def test_texts_agree_when_most_of_the_shorter_one_is_in_the_longer_one(other, same):
    assert agree(TEXT, other) is agree(other, TEXT) is same


def test_texts_too_short_for_shingles_agree_when_they_are_equal():
    assert agree("Two words", "Two words")
    assert not agree("Two words", "Other words")
