"""What a filter lets through."""

from dataclasses import replace

import pytest

from config.settings import ROOT
from worker.contract import Match, decode

EXAMPLES = ROOT / "worker/contract/schema/examples"


def example(name):
    return decode({"event": (EXAMPLES / f"{name}.json").read_text("utf-8")})


SAID = example("statement.created.direct")
ARTICLE = SAID.data["article"]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"speaker": "Ida Lund"},
        {"speaker": "LUND"},
        {"speaker": "lund ida"},
        {"kind": "direct"},
        {"language": "EN"},
        {"type": "created"},
        {"type": "statement.created"},
        {"source": "paper.example"},
        {"source": ARTICLE["site"].upper()},
        {"source": ARTICLE["feed_id"]},
        {"text": SAID.data["text"][3:12].upper()},
        {"speaker": "lund", "kind": "direct", "language": "en", "type": "created"},
    ],
)
def test_what_fits_is_wanted(wanted):
    assert Match(**wanted)(SAID)


@pytest.mark.parametrize(
    "wanted",
    [
        {"speaker": "Lun"},
        {"speaker": "Ida Holm"},
        {"kind": "indirect"},
        {"language": "e"},
        {"type": "amended"},
        {"type": "article.created"},
        {"source": "aper.example"},
        {"source": "other.example"},
        {"text": "nobody said this"},
        {"speaker": "lund", "kind": "indirect"},
    ],
)
def test_what_does_not_fit_is_not(wanted):
    assert not Match(**wanted)(SAID)


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.json")))
@pytest.mark.parametrize("field", ["speaker", "source", "language", "kind", "text", "type"])
def test_every_kind_of_event_can_be_asked_every_question(name, field):
    assert Match(**{field: "no such thing"})(example(name)) is False


def test_a_region_of_a_language_is_of_that_language():
    data = {**SAID.data, "article": {**ARTICLE, "language": "pt-BR"}}

    assert Match(language="pt")(replace(SAID, data=data))
    assert not Match(language="pt-PT")(replace(SAID, data=data))


def test_an_article_is_asked_like_its_statements():
    article = example("article.created")

    assert Match(source="paper.example", language="en", type="created", text="the")(article)
    assert not Match(speaker="lund")(article)


def test_a_speaker_who_is_a_name_is_found_in_what_was_retracted():
    gone = example("statement.retracted")

    assert gone.data["speaker"]
    assert Match(speaker=gone.data["speaker"])(gone)
