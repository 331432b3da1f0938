import io

from worker.adapters.observability.logs import _harmless
from worker.cli import show
from worker.cli.terminal import Terminal, safe
from worker.contract import Event
from worker.core.records import Article, Block
from worker.statements import engine_for, extract

EVIL = "Title [/] [red]\u202e\x1b]0;owned\x07\x9b31m"


def printed(action):
    shown = io.StringIO()
    console = Terminal(file=shown, force_terminal=False, width=200)
    action(console)
    return shown.getvalue()


def test_what_a_page_says_reaches_no_terminal_as_a_command():
    shown = Article("https://paper.example/", EVIL, (Block("paragraph", 0, len(EVIL)),), headline=EVIL, standfirst=EVIL)

    for action in (lambda c: show.article(c, shown), lambda c: show.text_with_statements(c, EVIL, ())):
        text = printed(action)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\x07" not in text
        assert "\x9b" not in text
        assert "[red]" in text


def test_a_standfirst_that_the_text_repeats_is_shown_once():
    text = "Kelp was landed at the pier.\n\nNobody was hurt."
    blocks = (Block("paragraph", 0, 28), Block("paragraph", 30, 46))

    repeated, own = (
        printed(lambda c, lead=lead: show.article(c, Article("https://paper.example/", text, blocks, standfirst=lead)))
        for lead in ("Kelp was landed at…", "Kelp, at last")
    )

    assert repeated.count("Kelp") == 1
    assert own.count("Kelp") == 2


def test_offsets_survive_the_cleaning():
    assert len(safe(EVIL)) == len(EVIL)


def test_no_text_from_outside_forges_a_log_line():
    event = _harmless(None, "info", {"event": "fetched", "subject": "https://x/\n2026 [error] all lost\x1b[2K"})

    assert "\n" not in event["subject"]
    assert "\x1b" not in event["subject"]


def test_a_statement_is_one_sentence_with_single_spaces():
    data = {"speaker": {"name": "Ida Lund"}, "cue": {"text": "said"}, "kind": "mixed", "text": "that it was  … “late”"}

    assert show.said(data).plain == "Ida Lund said that it was … “late”"


def test_the_list_names_a_label_without_a_gap_and_a_source_without_a_name_in_its_words():
    text = "VARN: You never called.\nThe harbour’s owner said that it was late."
    found = extract(text, engine=engine_for("en", "rules"))

    shown = printed(lambda console: show.text_with_statements(console, text, found))

    assert "VARN: You never called." in shown.split("\n\n")[1]
    assert "The harbour’s owner said: " in shown


def told(verb, **data):
    said = {"speaker": {"name": "Ida Lund"}, "cue": {"text": "said"}, "kind": "indirect", "text": "it \x1b[2Kleaks"}
    return show.told(Event("1", "urn:test", f"io.onrecord.statement.{verb}.v1", "s", "", {**said, **data})).plain


def test_a_repeated_quotation_is_shown_with_where_it_was_first():
    cluster = {"id": "s1", "first_seen": "2026-11-23T09:30:00Z", "first_host": "paper.example\x1b"}

    assert show.first_seen({"id": "s1", "quote_cluster": cluster}) == ""
    assert show.first_seen({"id": "s1", "quote_cluster": None}) == ""
    assert show.first_seen({"id": "s2", "quote_cluster": cluster}).startswith(" (first at paper.example\ufffd, 11-2")


def test_a_copied_article_is_shown_with_what_it_copies():
    assert show.copy_of({"id": "a2", "cluster_id": "a1"}) == "(copy of a1)"
    assert show.copy_of({"id": "a1", "cluster_id": "a1"}) == ""
    assert show.copy_of({"id": "a1"}) == ""


def test_an_amended_statement_is_shown_with_both_wordings():
    shown = told("amended", previous_text="it\n mends", previous_speaker=None, reason="edited")

    assert shown == "Ida Lund said it �[2Kleaks\n    before (edited): unknown speaker it mends"


def test_a_retracted_statement_is_shown_with_what_it_was():
    assert told("retracted", speaker="Ida Lund", text="it mends", reason="withdrawn") == (
        "taken back (withdrawn): Ida Lund it mends"
    )
