"""One story in many papers, on a real Redis: which articles and quotations are put together, and that it stays so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from config import limits
from tools.bench.clusters import Score, evaluate
from tools.bench.wire import corpus
from worker.adapters.redis.clusters import RedisClusters
from worker.adapters.redis.store import connect
from worker.cli.why import why
from worker.contract import decode, payload_of
from worker.core.messages import ProcessArticle
from worker.core.records import FeedEntry, Page
from worker.core.urls import article_id
from worker.duplicates import article_sketch, quotation_sketch
from worker.pipeline import articles as pipeline
from worker.pipeline.clustering import MOST_QUOTATIONS
from worker.pipeline.replay import replay
from worker.ports import Text

STORY = """<p>The harbour museum of {town} closes for a year from Monday, after storms took a part of its roof.</p>
<p>“We mend the roof before the winter, and we do it with oak and with copper,” said Ida Lund, the director.</p>
<p>The town pays a third of the costs, and the county looks for the remainder in its own budget for next year.</p>
<p>“{money}” said Ola Berg, the treasurer of the town, in a short speech to the council on Friday evening.</p>
<p>A part of the collection stands in the old school from May, where the first rooms open in the spring.</p>
<p>The museum stands on the quay since 1891, and has the largest collection of ship models along the coast.</p>"""
SENT = STORY.format(town="Port Ellery", money="The money is there, and it was there before the storm came,")
NOON = "2026-11-23T12:00:00Z"


def page(host, body=SENT):
    html = f"<html lang=en><title>A roof</title><body><article><h1>A roof</h1>{body}</article></body></html>"
    url = f"https://{host}/roof"
    return Page(url, url, html.encode(), "text/html", 200, datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def hand_out(services):
    """Admit a page as if it was fetched; return the message that processes it."""

    def one(page):
        services.articles.admit_page(FeedEntry(page.url), services.pages.put(page))
        services.articles.expire_leases()
        (again,) = services.articles.sweep().again
        return ProcessArticle(article_id=again.id, token=again.token)

    return one


@pytest.fixture
def publish(services, hand_out):
    """Process a page; return its article, and its statements by speaker."""

    def one(page):
        message = hand_out(page)
        assert pipeline.process_article(message, services).outcome == "published"
        return of(services, message.article_id)

    return one


def of(services, key) -> tuple[Any, dict[str, Any]]:
    """Return the latest version of an article, and its statements by speaker."""
    client, prefix = connect(services.redis_url), services.settings.key_prefix
    articles, statements = (
        [cast("Any", payload_of(decode(fields))) for _, fields in client.xrange(f"{prefix}:{stream}")]
        for stream in ("articles", "statements")
    )
    article = [each for each in articles if each.id == key][-1]
    return article, {
        each.speaker.name: each for each in statements if each.article.id == key and hasattr(each, "segments")
    }


def test_the_first_article_begins_the_cluster_and_copies_join_it(publish):
    first, said = publish(page("press.example"))
    copy, repeated = publish(
        page("paper.example", SENT.replace("Port Ellery", "Ellery")[: len(SENT) * 2 // 3] + "</p>")
    )

    assert first.cluster_id == first.id == copy.cluster_id != copy.id
    assert said["Ida Lund"].quote_cluster.id == said["Ida Lund"].id == repeated["Ida Lund"].quote_cluster.id
    assert repeated["Ida Lund"].quote_cluster.first_host == "press.example"
    assert repeated["Ida Lund"].quote_cluster.first_seen == "2026-11-23T09:00:00Z"


def test_why_says_which_story_an_article_is(services, publish, capsys):
    first, _ = publish(page("press.example"))
    copy, _ = publish(page("paper.example"))

    why(services, first.id, as_json=False)
    why(services, copy.id, as_json=False)

    shown = capsys.readouterr().out
    assert "seen here first" in shown
    assert f"a copy of {first.id}" in shown


def test_another_story_with_the_same_quotation_is_no_copy(publish):
    first, said = publish(page("press.example"))
    own = """<p>I climbed the scaffolding with the roofers at seven in the morning, when the tide was out.</p>
<p>Up there one sees why it takes a year. Half of the beams are as soft as cake, and the other half are gone.</p>
<p>“We mend the roof before the winter, and we do it with oak and with copper,” said Ida Lund, holding her hat.</p>
<p>The carpenter, who has done three churches, thinks that spring is more likely, and told nobody but me so.</p>"""
    other, repeated = publish(page("letter.example", own))

    assert other.cluster_id == other.id != first.cluster_id
    assert repeated["Ida Lund"].quote_cluster == said["Ida Lund"].quote_cluster


SHORT = """<p>{beginning}, and the reporters of {place} wrote all of it down in their blue notebooks.</p>
<p>“We work closely with all our partners on this,” said {name}, who did not stay for long after that.</p>
<p>Nobody in {place} could say {doubt}, and so the meeting ended before the bells of the church rang.</p>"""


def test_a_short_quotation_is_told_by_the_last_name_of_its_speaker(publish):
    pages = [
        (
            "press.example",
            "Ida Lund",
            "A minister came by boat",
            "Aldon",
            "how much the new ferries would cost the town",
        ),
        (
            "paper.example",
            "Ida Berg",
            "The choir had its yearly day",
            "Brome",
            "when the organ was last in tune at all",
        ),
        (
            "letter.example",
            "Eva Lund",
            "Snow fell on the old pass",
            "Corvel",
            "which of the ploughs had diesel left in it",
        ),
    ]
    lund, berg, other_lund = (
        publish(page(host, SHORT.format(name=name, beginning=beginning, place=place, doubt=doubt)))[1][name]
        for host, name, beginning, place, doubt in pages
    )

    assert lund.quote_cluster.id == lund.id == other_lund.quote_cluster.id
    assert berg.quote_cluster.id == berg.id


def test_an_article_that_is_tried_twice_is_no_copy_of_itself(services, hand_out, monkeypatch):
    message = hand_out(page("press.example"))
    with monkeypatch.context() as dying:
        dying.setattr(services.articles, "finish", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.process_article(message, services)
    services.articles.expire_leases()
    (again,) = services.articles.sweep().again

    pipeline.process_article(ProcessArticle(article_id=again.id, token=again.token), services)

    article, said = of(services, again.id)
    assert article.cluster_id == article.id
    assert said["Ida Lund"].quote_cluster.id == said["Ida Lund"].id


def test_a_later_version_keeps_its_cluster_and_a_cluster_is_no_change(services, publish, monkeypatch):
    publish(page("press.example"))
    copy, _ = publish(page("paper.example"))
    forget(services)

    assert replay(copy.id, services, publish=True).events == ()
    monkeypatch.setattr("worker.pipeline.replay.statements_of", lambda *_: [])
    replay(copy.id, services, publish=True)

    later, _ = of(services, copy.id)
    assert later.version == 2
    assert later.cluster_id == copy.cluster_id != copy.id
    assert "cluster_id" not in later.changed


def forget(services):
    """Forget what texts share, as time does."""
    client = connect(services.redis_url)
    for pattern in ("near:*", "texts:*"):
        client.unlink(*client.keys(f"{services.settings.key_prefix}:{pattern}"))


def test_a_page_of_countless_quotations_has_some_in_clusters(services, publish):
    said = [f"“We mended {n} roofs, {n} walls and {n} stairs of the town,” said Ida Lund{n}." for n in range(100)]
    publish(page("press.example", SENT + "".join(f"<p>{each}</p>" for each in said)))

    _, statements = of(services, article_id("https://press.example/roof"))
    assert len(statements) > MOST_QUOTATIONS
    assert sum(each.quote_cluster is not None for each in statements.values()) == MOST_QUOTATIONS


def test_what_is_remembered_ends_by_itself(services, publish):
    publish(page("press.example"))

    client, prefix = connect(services.redis_url), services.settings.key_prefix
    ends = [client.pttl(key) for pattern in ("near:*", "texts:*") for key in client.keys(f"{prefix}:{pattern}")]
    bucket_ms = limits.CLUSTER_BUCKET.total_seconds() * 1000
    assert len(ends) > 12
    assert all(bucket_ms - 60_000 < end <= 2 * bucket_ms for end in ends)


def test_of_copies_at_the_same_time_one_is_first(services):
    text = " ".join(f"word{number}" for number in range(300))

    def place(number):
        clusters = RedisClusters(services.redis_url, services.settings.key_prefix)
        (found,) = clusters.place("", Text(f"{number}", article_sketch(text)), [], time=NOON, host="h.example")
        return found.id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(place, range(16)))) == 1


@pytest.fixture
def said(services):
    """Place one quotation; return the id of its cluster."""

    def one(key, words, by=""):
        text = Text(key, quotation_sketch([words]), by)
        (found,) = services.clusters.place("", None, [text], time=NOON, host="h.example")
        return found.id

    return one


def test_a_short_quotation_is_the_same_only_of_the_same_speaker(said):
    cliche = "We will continue to work closely with all our partners."

    assert said("a", cliche, "lund") == "a"
    assert said("b", cliche, "berg") == "b"
    assert said("c", cliche) == "c"
    assert said("d", cliche.upper(), "lund") == "a"


def test_a_long_quotation_that_is_cut_is_the_same_whoever_said_it(said):
    words = "I have been told for years that this place is a circus, and I should like it noted that we have the tent"

    assert said("a", words) == "a"
    assert said("b", " ".join(words.split()[7:])) == "a"
    assert said("c", words.replace("years", "ages"), "berg") == "a"
    assert (
        said("d", "I have been told for years that this place is a museum, and yet the lion in it is alive and well")
        == "d"
    )


def test_copies_are_told_from_other_stories(redis_url):
    articles, quotations = (Score.of(runs) for runs in evaluate(redis_url, "floor", 2, corpus()))

    assert articles.precision > 0.98
    assert articles.recall > 0.96
    assert quotations.precision > 0.99
    assert quotations.recall > 0.97
