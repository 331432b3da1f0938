import pytest

from worker.clean.body.vocabulary import Hints, PartVocabulary


@pytest.mark.parametrize(
    ("text", "groups"),
    [("Subscribe to our Newsletter", 1), ("lesen | share", 0b1010), ("© AFP", 0b100), ("nothing at all", 0)],
)
def test_boilerplate_is_told_by_its_groups(text, groups):
    vocabulary = PartVocabulary(Hints("", "", ""))

    vocabulary.read(text)

    assert vocabulary.groups == groups
    assert vocabulary.title_size == 0
