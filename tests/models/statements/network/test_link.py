from __future__ import annotations

import pytest

from worker.statements.document import Document
from worker.statements.network import engine
from worker.statements.network.decode import Role, RoleSpan
from worker.statements.network.link import FEATURES, Linker, Paragraph, pair_features, paragraphs_of
from worker.statements.network.words import WordTable, read

TEXT = "Ana Ruiz said the bridge was safe. Piet Maas denied that it had moved."


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(engine._MODELS / "link.json")


def run(words: WordTable, role: Role, phrase: str) -> RoleSpan:
    at = words.text.index(phrase)
    first = words.start.tolist().index(at)
    return RoleSpan(role, first, first + len(read(Document(phrase)).forms), 1.0)


@pytest.fixture
def words() -> WordTable:
    return read(Document(TEXT))


@pytest.fixture
def paragraph(words) -> Paragraph:
    return Paragraph(
        [run(words, "C", "the bridge was safe"), run(words, "C", "that it had moved")],
        [run(words, "Q", "said"), run(words, "Q", "denied")],
        [run(words, "S", "Ana Ruiz"), run(words, "S", "Piet Maas")],
    )


def test_each_content_goes_to_its_own_cue(linker, words, paragraph):
    chosen = [linker.cue_of(words, content, paragraph)[0] for content in paragraph.content]

    assert chosen == paragraph.cue


def test_each_cue_goes_to_its_own_source(linker, words, paragraph):
    chosen = [linker.source_of(words, cue, paragraph)[0] for cue in paragraph.cue]

    assert chosen == paragraph.source


def test_without_candidates_nothing_is_chosen(linker, words, paragraph):
    alone = Paragraph(paragraph.content, [], [])

    assert linker.cue_of(words, paragraph.content[0], alone) == (None, 1.0)


def test_runs_are_kept_apart_by_paragraph():
    words = read(Document("A said so.\n\nB said so."))
    first, second = RoleSpan("Q", 1, 2, 1.0), RoleSpan("Q", 6, 7, 1.0)

    assert [p.cue for p in paragraphs_of(words, [first, second])] == [[first], [second]]


def test_a_line_that_ends_with_a_colon_frames_the_next():
    words = read(Document("A said:\nso it was\n— It was"))
    cue, content, last = RoleSpan("Q", 1, 2, 1.0), RoleSpan("C", 4, 7, 1.0), RoleSpan("C", 9, 11, 1.0)

    (only,) = paragraphs_of(words, [cue, content, last])

    assert (only.cue, only.content) == ([cue], [content, last])


def test_a_pair_is_told_by_what_lies_between():
    words = read(
        Document("Ana said it fell. Bo rose. Cy, Di, Ed and Flo and Gus who was being told by Ana that it held, agreed")
    )
    content = run(words, "C", "it held")
    cues = [run(words, "Q", phrase) for phrase in ("said", "told", "agreed")]
    paragraph = Paragraph([run(words, "C", "it fell"), content], cues, [run(words, "S", "Ana")])

    far, near, after = pair_features(words, content, cues, paragraph)

    assert {len(row) for row in (far, near, after)} == {FEATURES}
    assert [row[:14].index(1.0) for row in (far, near, after)] == [5, 3, 8]  # 22, 3 and 1 words; the last one after
    # sentence ends, contents, cues and sources that begin between, at most three
    assert [list(row[14:18]) for row in (far, near, after)] == [[2, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert [row[-2] for row in (far, near, after)] == [True, False, False]  # nearer to another content
