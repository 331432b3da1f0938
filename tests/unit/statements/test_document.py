import pytest

from worker.statements import document
from worker.statements.document import Document
from worker.statements.engines import engine_for
from worker.statements.extract import extract

TEXT = "Ann Marsh spoke. “We go. Now,” she said.\n\n“And soon,” said Bo Lind. It rained."


def test_the_parts_of_a_text():
    text = Document(TEXT)

    assert [place.of(TEXT)[-4:] for place in text.paragraphs] == ["aid.", "ned."]
    assert [quotation.inner.of(TEXT) for quotation in text.quotations] == ["We go. Now,", "And soon,"]
    assert [sentence.of(TEXT) for sentence in text.sentences(0)] == ["Ann Marsh spoke.", "“We go. Now,” she said."]
    assert [name.text for name in text.names] == ["Ann Marsh", "Bo Lind"]
    assert text.spoken_in(text.paragraphs[1]) == text.spoken[1:]


def test_what_dashes_set_off_is_spoken_where_the_language_prints_dialogue_so():
    text = "— Basta, — dijo Ana Marín."

    assert [spoken.inner.of(text) for spoken in Document(text, "es").spoken] == ["Basta,"]
    assert not Document(text, "de").spoken


@pytest.mark.parametrize("engine", ["fast", "rules"])
def test_a_text_is_analysed_once(monkeypatch, engine):
    counts = dict.fromkeys(("paragraphs", "quotations", "spoken_runs", "names"), 0)

    def counted(name):
        find = getattr(document, name)

        def found(*arguments):
            counts[name] += 1
            return find(*arguments)

        return found

    for name in counts:
        monkeypatch.setattr(document, name, counted(name))
    assert len(extract(TEXT, engine=engine_for("en", engine))) == 2
    assert set(counts.values()) == {1}
