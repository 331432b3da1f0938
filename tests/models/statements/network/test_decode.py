from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from worker.statements.network.decode import TAGS, best_path, log_softmax, runs, viterbi

INSIDE = {tag: {tag, tag - 1} for tag in (2, 4, 6)}  # what may stand before an I tag


def scores(*tags: str) -> NDArray[np.float32]:
    return np.eye(len(TAGS), dtype=np.float32)[[TAGS.index(tag) for tag in tags]] * 9


def test_runs_follow_the_tags():
    found = runs(scores("B-S", "B-Q", "I-Q", "O", "B-C", "I-C", "B-C"))

    assert [(run.role, run.first, run.last) for run in found] == [
        ("S", 0, 1), ("Q", 1, 3), ("C", 4, 6), ("C", 6, 7),
    ]  # fmt: skip


def test_a_run_is_as_sure_as_its_words():
    sure, unsure = runs(scores("B-C", "I-C")), runs(scores("B-C", "I-C") / np.float32(9))

    assert sure[0].score > 0.99 > unsure[0].score


def test_no_words_give_no_runs():
    assert runs(np.zeros((0, len(TAGS)), np.float32)) == []


@given(arrays(np.float32, (12, len(TAGS)), elements={"min_value": -9, "max_value": 9}))
def test_the_best_sequence_is_legal(table):
    path = viterbi(log_softmax(table)).tolist()

    assert path[0] not in INSIDE
    assert all(tag not in INSIDE or before in INSIDE[tag] for before, tag in pairwise(path))


@given(arrays(np.float32, (5, len(TAGS)), elements={"min_value": -9, "max_value": 9}))
def test_no_legal_sequence_that_differs_in_one_word_is_better(table):
    logs = log_softmax(table)
    path = viterbi(logs)
    best = logs[np.arange(5), path].sum()
    for at in range(5):
        for tag in range(len(TAGS)):
            other = path.copy()
            other[at] = tag
            legal = other[0] not in INSIDE and all(t not in INSIDE or b in INSIDE[t] for b, t in pairwise(other))
            assert not legal or logs[np.arange(5), other].sum() <= best + 1e-3


@given(arrays(np.float32, (9, len(TAGS)), elements={"min_value": -9, "max_value": 9}))
def test_the_short_cut_is_as_good_as_the_full_search(table):
    logs = log_softmax(table)
    short, full = best_path(logs), viterbi(logs)

    assert abs(logs[np.arange(9), short].sum() - logs[np.arange(9), full].sum()) < 1e-3


def test_no_run_goes_on_over_a_line_break():
    found = runs(scores("B-C", "I-C", "I-C", "I-C"), breaks=[2])

    assert [(run.first, run.last) for run in found] == [(0, 2), (2, 4)]


@given(arrays(np.float32, (12, len(TAGS)), elements={"min_value": -9, "max_value": 9}), st.sets(st.integers(0, 11)))
def test_each_line_is_decoded_as_if_it_stood_alone(table, places):
    logs, breaks = log_softmax(table), sorted(places)
    lines = [logs[first:last] for first, last in pairwise((0, *breaks, 12)) if last > first]
    alone = np.concatenate([viterbi(line) for line in lines])

    path = best_path(logs, breaks)

    assert abs(logs[np.arange(12), path].sum() - logs[np.arange(12), alone].sum()) < 1e-3
    assert not any(path[at] in INSIDE for at in (0, *breaks))


def test_a_doubtful_word_between_two_of_a_run_is_part_of_it():
    table = scores("B-C", "I-C", "O", "I-C", "O")
    table[2, TAGS.index("I-C")] = 8

    assert best_path(log_softmax(table)).tolist() == viterbi(log_softmax(table)).tolist() == [1, 2, 2, 2, 0]


def test_a_score_is_the_mean_probability_of_the_role():
    table = scores("B-C", "I-C", "O", "B-C", "O", "B-Q") * np.array([[1], [1], [1], [0.2], [1], [1]], np.float32)
    chances = np.exp(log_softmax(table))

    found = runs(table, offset=5)

    assert [(run.role, run.first, run.last) for run in found] == [("C", 5, 7), ("C", 8, 9), ("Q", 10, 11)]
    expected = [chances[:2, 1:3].sum(1).mean(), chances[3, 1:3].sum(), chances[5, 3:5].sum()]
    assert [run.score for run in found] == pytest.approx(expected, abs=1e-4)
