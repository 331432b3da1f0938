"""From one version of an article to the next, as events that a consumer can apply."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.versions.test_revisions import LATER, update, version
from worker.contract import verify
from worker.contract.selector import Selector
from worker.versions.revisions import revision, verbs

words = st.sampled_from(["roof", "leak", "museum", "winter", "money", "we", "the"])


quotes = st.lists(words, min_size=1, max_size=4).map(lambda said: f"“{' '.join(said)},” said {{}}.")


lines = st.builds(str.format, quotes, st.sampled_from(["Ida", "Ola"]))


texts = st.lists(st.one_of(lines, words), max_size=6).map("\n\n".join)


versions = st.builds(version, texts, st.sampled_from(["A roof", None]))


def says(event):
    """Return what a statement says, apart from its id and its place."""
    return (event.data["text"], event.data["speaker"]["name"], (event.data["cue"] or {}).get("text"))


@settings(max_examples=25)
@given(versions)
def test_what_is_the_same_needs_no_event(events):
    assert update(events, events).events == ()


@settings(max_examples=60)
@given(versions, versions)
def test_a_consumer_that_applies_the_events_has_the_new_version(before, after):
    state = {event.subject: says(event) for event in before[1:]}
    new = update(before, after)
    for event in new.events[1:]:
        if event.type.endswith("retracted.v1"):
            assert (event.data["text"], event.data["speaker"]) == state.pop(event.subject)[:2]
        else:
            assert event.type.endswith("created.v1") == (event.subject not in state)
            state[event.subject] = says(event)

    assert sorted(state.values(), key=str) == sorted(map(says, after[1:]), key=str)
    if new.events:
        assert sorted(new.events[0].data["statement_ids"]) == sorted(state)


@settings(max_examples=60)
@given(versions, versions, versions)
def test_events_have_ids_of_their_own_through_all_versions(first, second, third):
    one = update(first, second)
    two = revision(one.content, 3, third, time=LATER)
    ids = [event.id for event in [*first, *one.events, *two.events]]

    assert len(set(ids)) == len(ids)
    for new, text in ((one, second[0].data["text"]), (two, third[0].data["text"])):
        for event in new.events[1:]:
            if not event.type.endswith("retracted.v1"):
                verify(event.data, text)


@settings(max_examples=40)
@given(texts, st.lists(words, min_size=1, max_size=3))
def test_what_is_put_before_an_article_moves_its_statements_and_changes_none(text, more):
    new = update(version(text), version(" ".join(more) + ".\n\n" + text))

    assert verbs(new.events) == ["article.updated"]


@given(texts, texts, st.integers(0, 40), st.integers(1, 12))
def test_a_selector_finds_its_words_wherever_they_moved(text, before, start, length):
    selected = Selector.of(text, start, start + length)
    moved = f"{before}\n\n{text}"
    place = selected.locate(moved)

    assert place is not None
    assert moved[place[0] : place[1]] == selected.exact
    assert selected.locate(text) == (start, start + length)
    assert Selector("gone", 0, 4).locate("") is None


@settings(max_examples=60)
@given(st.text("ab ", max_size=30), st.text("ab", min_size=1, max_size=3), st.integers(0, 30))
def test_words_that_stand_more_than_once_are_found_where_they_are_nearest(text, exact, start):
    places = [at for at in range(len(text)) if text.startswith(exact, at)]
    found = Selector(exact, start, start + len(exact), "#", "#").locate(text)

    assert abs(found[0] - start) == min(abs(at - start) for at in places) if places else found is None
