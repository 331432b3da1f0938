from __future__ import annotations

import random

import pytest

from worker.duplicates.parameters import Observation, inert_parameters

SITE = "https://paper.example"


def pages(count, queries, *, canonical=None, text=None):
    """Observations of several articles under several queries each."""
    return [
        Observation(
            f"{SITE}/{n}{query}", canonical(n, query) if canonical else "", text(n, query) if text else f"text {n}"
        )
        for n in range(count)
        for query in queries
    ]


def test_what_varies_without_changing_the_text_is_inert():
    assert inert_parameters(pages(4, ["?rnd=1", "?rnd=2", ""])) == {"rnd"}


def test_sixteen_parameters_that_vary_together_are_all_inert():
    chance = random.Random(7)
    queries = ["?" + "&".join(f"p{n}={chance.random()}" for n in range(16)) for _ in range(3)]

    assert inert_parameters(pages(3, queries)) == {f"p{n}" for n in range(16)}


def test_what_chooses_the_text_is_not():
    seen = pages(4, ["?id=1&cb=1", "?id=1&cb=2", "?id=2&cb=3"], text=lambda n, query: f"{n} {query[:5]}")

    assert inert_parameters(seen) == {"cb"}


def test_one_or_two_pages_prove_nothing():
    assert inert_parameters(pages(2, ["?rnd=1", "?rnd=2"])) == frozenset()


def test_a_canonical_url_of_its_own_speaks_for_a_page():
    assert inert_parameters(pages(3, ["?src=a"], canonical=lambda n, _: f"{SITE}/{n}")) == {"src"}


def test_a_canonical_url_that_all_pages_name_says_nothing():
    seen = [Observation(f"{SITE}/show?id={n}", f"{SITE}/show", f"text {n}") for n in range(9)]

    assert inert_parameters(seen) == frozenset()


def test_two_texts_under_one_path_outweigh_any_canonical_url():
    seen = [Observation(f"{SITE}/show?id={n}&x={n}", f"{SITE}/show?id={n}", f"text {n}") for n in range(5)]
    assert inert_parameters(seen) == {"x"}

    denied = [Observation(f"{SITE}/show?id=1&x={n}", "", f"page {n} of text 1") for n in range(5)]
    assert inert_parameters([*seen, *denied]) == frozenset()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_observations_does_not_matter(seed):
    seen = pages(4, ["?rnd=1&id=1", "?rnd=2&id=1", "?rnd=2&id=2"], text=lambda n, query: f"{n} {query[-4:]}")
    random.Random(seed).shuffle(seen)

    assert inert_parameters(seen) == {"rnd"}


def test_nothing_is_learnt_from_nothing():
    assert inert_parameters([]) == frozenset()
