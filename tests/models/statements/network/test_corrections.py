from __future__ import annotations

import pytest

from worker.statements.document import Document
from worker.statements.network.corrections import opening_source, past_noun, past_subject
from worker.statements.network.decode import Role, RoleSpan
from worker.statements.network.words import read


def runs(text, cue, content):
    """Return the words of a text, and the runs of its words that are the cue and the content."""
    words = read(Document(text))
    found = []
    parts: dict[Role, str] = {"Q": cue, "C": content}
    for role, part in parts.items():
        size = len(read(Document(part)).forms)
        first = next(i for i in range(len(words.forms)) if words.forms[i : i + size] == read(Document(part)).forms)
        found.append(RoleSpan(role, first, first + size, 0.9))
    return words, *found


def said(words, run):
    return " ".join(words.forms[run.first : run.last])


@pytest.mark.parametrize(
    ("cue", "content", "expected_cue", "expected"),
    [
        ("repeated", "her old claim that the pier is safe", "repeated her old claim", "that the pier is safe"),
        ("said", "that the pier is safe", "said", "that the pier is safe"),
        ("said", "the pier that they built is safe", "said", "the pier that they built is safe"),
        ("heard", "claim that", "heard", "claim that"),
    ],
)
def test_a_noun_between_cue_and_clause_is_part_of_the_cue(cue, content, expected_cue, expected):
    words, cue_run, content_run = runs(f"Ann Marsh {cue} {content} .", cue, content)

    moved, (rest,) = past_noun(words, cue_run, [content_run])

    assert (said(words, moved), said(words, rest)) == (expected_cue, expected)


def test_a_noun_that_does_not_follow_the_cue_stays():
    words, cue, content = runs("Her claim that it rains was loud , Ann Marsh said .", "said", "Her claim that it rains")

    assert past_noun(words, cue, [content]) == (cue, [content])


@pytest.mark.parametrize(
    ("subject", "cue", "content", "source"),
    [
        ("Those who met", "pledged", "to mend the pier", "Those who met"),
        ("Those who met", "have said", "that the pier is safe", "Those who met"),
        ("The pier", "is expected", "to stand", None),
        ("The pier", "seems", "to stand", None),
        ("The pier is old and", "said", "to be safe", None),
        ("The pier is old", "adding", "that it is safe", None),
        ("The pier is safe", "said", "Ann", None),
    ],
)
def test_what_stands_before_a_verb_and_its_clause_is_the_source(subject, cue, content, source):
    words, cue_run, rest = runs(f"{subject} {cue} {content} .", cue, content)
    before = RoleSpan("C", 0, cue_run.first, 0.6)

    found, contents = past_subject(words, cue_run, [(before, 0.5), (rest, 0.9)])

    assert (said(words, found) if found else None) == source
    assert contents == ([(rest, 0.9)] if source else [(before, 0.5), (rest, 0.9)])


@pytest.mark.parametrize(
    ("text", "is_opening"),
    [
        ("Kestria rejects plan of its neighbours , says talks will go on", True),
        ("Kestria rejects plan of its neighbours , says talks will go on\nMore soon .", True),
        ("Kestria rejects plan of its neighbours , says talks will go on .", False),
        ("Kestria rejects plan of its neighbours and says talks will go on", False),
        ("Kestria rejects plan of its neighbours , says talks will go on" + " for years" * 20, False),
        ("So Kestria rejects plan of its neighbours , says talks will go on", False),
    ],
)
def test_a_verb_after_a_comma_has_the_opening_source_in_a_headline(text, is_opening):
    words, cue, content = runs(text, "says", "talks will go on")
    first = words.forms.index("Kestria")
    sources = [RoleSpan("S", first, first + 1, 0.9), RoleSpan("S", first + 4, first + 6, 0.9)]

    assert opening_source(words, cue, content, sources) == (sources[0] if is_opening else None)


def test_a_quotation_before_the_verb_of_a_headline_leaves_the_source_to_the_linker():
    words, cue, content = runs("Talks will go on , says Kestria", "says", "Talks will go on")

    assert opening_source(words, cue, content, [RoleSpan("S", 0, 1, 0.9)]) is None
