import re

from worker.statements import engine_for, extract
from worker.statements.page import page

RULES = engine_for("en", "rules")
TEXT = "“The bridge <is> closed,” Orla Finch, the mayor, said.\n\nShe said that it would open."


def test_the_page_names_the_speaker_and_escapes_the_text():
    html = page(TEXT, extract(TEXT, engine=RULES), "Bridge & river")

    assert "<h1>Bridge &amp; river</h1>" in html
    assert "&lt;is&gt;" in html
    assert "<is>" not in html
    assert html.count('title="Orla Finch"') >= 2


def test_a_title_that_opens_the_text_is_shown_once_and_marked():
    text = "Mayor denies a leak\n\nIt rained."

    html = page(text, extract(text, engine=RULES), "Mayor denies a leak")

    heading = re.search(r"<h1>(.*)</h1>", html)[1]
    assert re.sub(r"<[^>]*>", "", heading) == "Mayor denies a leak"
    assert html.split("<table>")[0].count("leak") == 1 + 1  # the title of the page, and the heading


def test_the_page_loads_nothing():
    html = page(TEXT, extract(TEXT, engine=RULES))

    assert not re.search(r"<script|<link|src=|url\(", html)


def test_who_has_no_name_is_shown_by_the_words_of_the_text_and_without_a_colour():
    text = "The harbour’s owner said that it would open."

    html = page(text, extract(text, engine=RULES))

    assert '<td class="faint">The harbour’s owner</td>' in html
    assert "--h:" not in html.split("</style>")[1]
