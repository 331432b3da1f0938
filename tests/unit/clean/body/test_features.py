"""The names of the feature columns: each is what the code writes there."""

from math import log1p

import pytest

from worker.clean.body.features import COLUMN, features
from worker.clean.body.vocabulary import Hints
from worker.clean.html.tokeniser import read_tree

PROSE = "the kelp along this coast has grown for nine summers, and nobody has cut any of it so far."
SIZE, LINKED = len(PROSE), len(PROSE) + len(" More")
#: Six blocks: title, prose, a date line, prose with a link, a teaser, one letter.
PAGE = f"""<body><header><h1 class=headline>Kelp returns</h1></header>
<main class=story><p>{PROSE}</p><p>“Subscribe” | 2026-11-03, 19:05:</p><p>{PROSE} <a href=/>More</a></p></main>
<aside class=teaser><section><ul><li class=card><b><a href=/>Ferry sails</a></b></li></ul></section><p>X</p></aside>"""
TITLE, FIRST, DATE, LAST, TEASER, LETTER = range(6)
ROWS = features(
    read_tree(PAGE.encode()), list(range(6)), Hints("Kelp returns", "kelp of summer", "".join(PROSE.split()))
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text.size", {TITLE: log1p(12) / 8, LETTER: log1p(1) / 8}),
        ("text.size_50", {TITLE: 12 / 50, FIRST: 1}),
        ("text.size_600", {TITLE: 12 / 600}),
        ("text.link_share", {LAST: 4 / LINKED, TEASER: 1, LETTER: 0}),
        ("text.is_link", {LAST: 0, TEASER: 1}),
        ("text.emphasis_share", {LAST: 0, TEASER: 1}),
        ("text.links", {LAST: log1p(1) / 3, LETTER: 0}),
        ("text.commas", {FIRST: 1 / 6, DATE: 3 / 6}),
        ("text.stops", {FIRST: 1 / 6, DATE: 0}),
        ("text.digit_share", {TITLE: 0, DATE: 2 * 12 / 32}),
        ("text.capital_share", {TITLE: 2 / 12, DATE: 2 / 32}),
        ("text.space_share", {TITLE: 4 / 12}),
        ("text.ends_a_sentence", {FIRST: 1, DATE: 0}),
        ("text.ends_with_colon", {FIRST: 0, DATE: 1}),
        ("text.begins_quoted", {FIRST: 0, DATE: 1}),
        ("text.begins_small", {TITLE: 0, FIRST: 1}),
        ("text.has_pipe", {FIRST: 0, DATE: 1}),
        ("words.subscribe", {FIRST: 0, DATE: 1}),
        ("words.related", {FIRST: 0, LAST: 1}),
        ("words.title_overlap", {TITLE: 1, TEASER: 0}),
        ("words.description_share", {TITLE: 1 / 2, TEASER: 0}),
        ("words.begins_as_another", {FIRST: 1, LAST: 1, DATE: 0}),
        ("words.begins_as_an_earlier", {FIRST: 0, LAST: 1}),
        ("words.stated", {FIRST: 1, DATE: 0}),
        ("words.not_stated", {FIRST: 0, DATE: 1}),
        ("words.date", {FIRST: 0, DATE: 1}),
        ("tag.p", {TITLE: 0, FIRST: 1}),
        ("tag.h1", {TITLE: 1, FIRST: 0}),
        ("tag.li", {TITLE: 0, TEASER: 1}),
        ("mark.title", {TITLE: 1, FIRST: 0}),
        ("mark.related", {TEASER: 1, LETTER: 0}),
        ("branch.related", {FIRST: 0, LETTER: 1}),
        ("unseen", {TITLE: 0}),
        ("region.main", {TITLE: 0, FIRST: 1}),
        ("region.section", {TEASER: 1, LETTER: 0}),
        ("region.h1", {TITLE: 1, FIRST: 0}),
        ("element.blocks", {FIRST: log1p(1) / 4}),
        ("parent.blocks", {FIRST: log1p(3) / 4}),
        ("container.mean_size", {TITLE: log1p(12) / 8}),
        ("outer_container.prose", {TITLE: 1, TEASER: 0}),
        ("selectors.prose_of_largest", {FIRST: 1, LETTER: 0}),
        ("container_selector.share_of_prose_blocks", {FIRST: 2 / 3, LETTER: 0}),
        ("alike.containers", {FIRST: 0}),
        ("alike.blocks_each", {FIRST: log1p(3) / 4, LETTER: log1p(1) / 4}),
        ("main.distance", {FIRST: 0, LETTER: 1 / 5}),
        ("main.is_container", {FIRST: 1, LETTER: 0}),
        ("main.after_first_10", {LETTER: 4 / 10}),
        ("main.before_last_60", {LETTER: -2 / 60}),
        ("page.position", {LETTER: 5 / 6}),
        ("page.prose_before", {TITLE: 0, LETTER: 1}),
        ("page.after_heading_60", {LETTER: 5 / 60}),
        ("page.has_heading", {TITLE: 1}),
        ("page.link_share", {TITLE: (4 + 11) / (12 + SIZE + 32 + LINKED + 11 + 1)}),
        ("nearest_prose.before", {TITLE: 1, DATE: 1 / 8}),
        ("nearest_prose.after", {TITLE: 1 / 8, LETTER: 1}),
        ("nearest_prose.around_in_container", {FIRST: 0, DATE: 1}),
        ("densest_mild.in_element", {TITLE: 0, FIRST: 1, DATE: 1}),
        ("densest_mild.in_run", {TITLE: 0, FIRST: 1, DATE: 1}),
        ("densest_strict.in_run", {TITLE: 0, FIRST: 0, LAST: 1}),
        ("densest_strict.before_last_40", {TITLE: 3 / 40, LAST: 0}),
    ],
)
def test_a_column_holds_what_its_name_says(name, expected):
    found = {block: ROWS[block, COLUMN[name]] for block in expected}

    assert found == pytest.approx(expected, abs=1e-5)
