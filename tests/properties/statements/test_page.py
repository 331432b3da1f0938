import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.statements.test_page import RULES
from worker.statements import extract
from worker.statements.page import page


@settings(max_examples=30)
@given(st.lists(st.sampled_from([*'“”"<>&\n .', "Ann Marsh", "said", "that", "he"]), max_size=30).map(" ".join))
def test_the_paragraphs_keep_every_word(text):
    html = page(text, extract(text, engine=RULES))

    shown = unescape(re.sub(r"<[^>]*>", "", html.split('<main dir="auto">')[1].split("<table>")[0]))
    assert shown.split() == text.split()
