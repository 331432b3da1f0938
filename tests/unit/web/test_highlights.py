"""An article's text with marks: every character once and in its place, whatever blocks and statements claim."""

from worker.web.highlights import blocks

TEXT = "A headline\n\n“It will hold,” Ida Lund said.\n\nThe end."


def selector(words, text=TEXT, **more):
    start = text.index(words)
    return {"exact": words, "start": start, "end": start + len(words), "prefix": "", "suffix": "", **more}


STATEMENT = {
    "segments": [selector("“It will hold,”", quoted=True)],
    "cue": {"selectors": [selector("said")]},
    "source": [selector("Ida Lund")],
}


def kinds(block):
    return [(run.text, run.kind) for run in block.runs]


def test_a_statement_is_marked_with_its_words_its_source_and_its_cue():
    listed = [{"kind": "heading", "start": 0, "end": 10}, {"kind": "paragraph", "start": 12, "end": 42}]

    shown = blocks({"text": TEXT, "blocks": listed}, [STATEMENT])
    assert [block.kind for block in shown] == ["heading", "paragraph", "paragraph"]
    assert kinds(shown[1]) == [
        ("“It will hold,”", "said"),
        (" ", ""),
        ("Ida Lund", "source"),
        (" ", ""),
        ("said", "cue"),
        (".", ""),
    ]


def test_in_another_version_of_the_text_the_words_are_found_where_they_are_now():
    (shown,) = blocks({"text": "Later. " + TEXT, "blocks": []}, [STATEMENT])

    assert ("“It will hold,”", "said") in kinds(shown)


def test_words_that_are_gone_are_not_marked():
    (shown,) = blocks({"text": "Nothing of it.", "blocks": []}, [STATEMENT])

    assert kinds(shown) == [("Nothing of it.", "")]


def test_a_statement_inside_another_is_seen():
    inner = {"segments": [selector("will", quoted=False)]}

    shown = blocks({"text": TEXT, "blocks": []}, [STATEMENT, inner])
    assert ("will", "reported") in kinds(shown[0])
    assert (" hold,”", "said") in kinds(shown[0])
