import re

from hypothesis import given
from hypothesis import strategies as st

from worker.clean.body.vocabulary import Hints, PartVocabulary

HINTS = Hints("Kelp returns, kelp grows", "The Fähre and KELP", "")


_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@given(st.text("kelp KELP-the_fähre ©関関・기자ﬁ²,.", max_size=30))
def test_words_are_those_of_a_regular_expression(text):
    words = re.findall(r"\w+|©", text.casefold()) + _EASTERN.findall(text.casefold())
    vocabulary = PartVocabulary(HINTS)

    vocabulary.read(text)

    assert vocabulary.count == len(words)
    assert vocabulary.titled == sum(word in {"kelp", "returns", "grows"} for word in words)
    assert vocabulary.described == sum(word in {"the", "fähre", "and", "kelp"} for word in words)
