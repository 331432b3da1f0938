import json

from worker.clean.rescue import paragraphs_of_scripts

FIRST = "The ferry did not sail on Monday, because nobody had the key to its engine room. " * 4
SECOND = "It sailed on Tuesday, with the door taken off its hinges and two sheep on deck. " * 4
MARKUP = f"<p>{FIRST}</p><p>{SECOND}</p>"
BODY = [FIRST.strip(), SECOND.strip()]


def script(text: str) -> str:
    return f"<script>push([1,{json.dumps(text)}])</script>"


def test_the_longest_marked_up_string_of_the_scripts_is_the_body():
    assert paragraphs_of_scripts(script("<p>Subscribe</p>" * 30) + script(MARKUP)) == BODY


def test_data_in_a_string_gives_its_own_strings():
    data = json.dumps({"section": "Sea", "summary": "<br>" * 200, "keys": ["x"] * 900, "contents": MARKUP})

    assert paragraphs_of_scripts(script(f'5:["$",{data}]')) == BODY


def test_data_that_only_refers_to_the_body_is_not_taken_for_it():
    data = json.dumps({"section": "Sea", "subtitle": "Late<br>again", "contents": "$24", "images": ["a.jpg"] * 300})

    assert paragraphs_of_scripts(script(f"5:[{data}]") + script(f"24:{MARKUP}")) == ["24:", *BODY]
