"""A statement on a page: its sentence, and what was said marked in it, whatever the offsets claim."""

from hypothesis import strategies as st

from worker.web.statement import sentence_runs

TEXT = "Rain fell. “It will hold,” she said. “For now.” They left. “Perhaps.”"


def at(text, words, **more):
    start = text.index(words)
    return {"exact": words, "start": start, "end": start + len(words), **more}


def runs(sentence, *segments):
    data = {"sentence": at(TEXT, sentence), "segments": [at(TEXT, one, quoted=True) for one in segments]}
    return [tuple(run) for run in sentence_runs(data) if run.text]


def test_what_was_said_is_marked_inside_its_sentence():
    assert runs("“It will hold,” she said.", "“It will hold,”") == [("“It will hold,”", "said"), (" she said.", "")]


def test_a_segment_that_goes_on_after_its_sentence_prolongs_it():
    assert runs("“It will hold,” she said.", "she said. “For now.”") == [
        ("“It will hold,” ", ""),
        ("she said. “For now.”", "said"),
    ]


def test_a_segment_that_begins_before_its_sentence_comes_first():
    assert runs("“It will hold,” she said.", "Rain fell. “It will hold,”") == [
        ("Rain fell. “It will hold,”", "said"),
        (" she said.", ""),
    ]


def test_a_segment_elsewhere_comes_after_its_sentence():
    shown = runs("“It will hold,” she said.", "“It will hold,”", "“Perhaps.”")

    assert shown[-2:] == [(" … ", ""), ("“Perhaps.”", "said")]


words = st.text(alphabet="ab", max_size=6)
segments = st.lists(st.builds(lambda exact, start: {"exact": exact, "start": start}, words, st.integers(-9, 20)))
