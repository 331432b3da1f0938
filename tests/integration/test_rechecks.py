"""Published articles looked at again: real Redis, real sockets, a publisher who edits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from config.limits import RECHECK_FIRST
from tests.newsroom.server import Reply, Site
from tools.driver import attempt, drain
from worker.adapters.redis.store import connect
from worker.cli import context
from worker.cli.app import app
from worker.cli.read import statements_of_article
from worker.contract import decode
from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.messages import FetchArticle, ProcessArticle, Sweep
from worker.core.records import FeedEntry, Page
from worker.core.urls import article_id, host_of
from worker.pipeline.articles import conclude, sweep
from worker.pipeline.replay import Found, replay
from worker.services import Services
from worker.versions.revisions import verbs
from worker.views.status import identity_holds

BODY = """<p>The harbour museum closes for a year from Monday, after storms took a part of its roof in the winter.</p>
<p>“We mend the roof before the winter,” said Ida Lund, the director of the museum.</p>
<p>The town pays a third of the costs, and the county looks for the remainder in its own budget for next year.</p>
<p>“The money is there,” said Ola Berg, the treasurer of the town, in a short speech to the council.</p>
<p>A part of the collection stands in the old school from May, where the first rooms open in the spring.</p>
<p>The museum stands on the quay since 1891, and has the largest collection of ship models along the coast.</p>"""


def page(body=BODY, headline="A Roof Is Mended", head=""):
    return f"""<html lang="en"><head><title>{headline}</title>{head}</head><body><article><h1>{headline}</h1>
{body}</article></body></html>"""


class Paper(Site):
    """A site of articles that can be edited and taken down."""

    def __init__(self):
        self.pages = {}
        super().__init__(lambda _host, path: self.pages.get(path))

    def write(self, text, path="/roof"):
        self.pages[path] = Reply(text.encode())
        return self.url + path


@pytest.fixture
def paper():
    with Paper() as site:
        yield site


@pytest.fixture
def publish(services, paper):
    def run(text=None, path="/roof"):
        url = paper.write(text or page(), path)
        services.articles.admit([FeedEntry(url)])
        assert [step.outcome for step in drain(services)][-1] == "published"
        return article_id(url)

    return run


@pytest.fixture
def recheck(services):
    """Look at an article again; return what came of it, and the events that were sent."""

    def run(key):
        known = len(events(services))
        assert services.snapshots.recheck(key)
        steps = [step for step in drain(services) if step.outcome != "fetched"]
        counts = services.status.counts()
        assert identity_holds(counts)
        assert counts["in_flight"] == 0
        return steps[-1], events(services)[known:]

    return run


def events(services):
    client, prefix = connect(services.redis_url), services.settings.key_prefix
    found = [
        (entry_id, decode(fields))
        for stream in ("articles", "statements")
        for entry_id, fields in client.xrange(f"{prefix}:{stream}")
    ]
    return [event for _, event in sorted(found, key=lambda one: tuple(map(int, one[0].split("-"))))]


def due(services, key):
    at = connect(services.redis_url).zscore(f"{services.settings.key_prefix}:rechecks", key)
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC) - datetime.now(UTC)


def keys(services, pattern):
    return connect(services.redis_url).keys(f"{services.settings.key_prefix}:{pattern}")


def test_what_is_published_is_due_again(services, publish):
    key = publish()

    assert timedelta(0) < RECHECK_FIRST - due(services, key) < timedelta(seconds=20)


def test_what_is_old_when_it_is_found_is_never_due(services, paper):
    entry = FeedEntry(paper.write(page()), published=datetime(2020, 1, 1, tzinfo=UTC))
    services.articles.admit([entry])
    drain(services)

    assert due(services, article_id(entry.url)) is None


def test_an_unchanged_page_costs_a_request_and_no_body(services, publish, recheck, paper):
    key = publish()
    step, sent = recheck(key)

    assert (step.outcome, sent) == ("unchanged", [])
    assert paper.requests[-1].status == 304
    assert due(services, key) > timedelta(0)
    assert keys(services, "job:*") == []
    assert len(keys(services, "page:*")) == 1


def test_a_page_with_other_advertisements_is_unchanged(services, publish, recheck, paper):
    key = publish()
    paper.write(page() + "<aside>Buy boots</aside>")
    step, sent = recheck(key)

    assert (step.outcome, sent) == ("unchanged", [])
    assert len(keys(services, "page:*")) == 1
    assert recheck(key)[0].outcome == "unchanged"
    assert paper.requests[-1].status == 304


def test_another_lead_image_alone_is_no_new_version(services, publish, recheck, paper):
    image = '<meta property="og:image" content="https://cdn.example/{}.jpg">'
    key = publish(page(head=image.format("roof")))
    paper.write(page(head=image.format("roof-2")))
    step, sent = recheck(key)
    paper.write(page(head=image.format("roof-3"), headline="The Roof Is Mended"))
    later, told = recheck(key)

    assert (step.outcome, sent) == ("unchanged", [])
    assert (later.outcome, told[0].data["changed"]) == ("updated", ["headline", "image"])


def test_a_silently_edited_quotation_is_told_with_both_wordings(services, publish, recheck, paper):
    key = publish()
    before = events(services)
    paper.write(page(BODY.replace("before the winter", "when there is money")))
    step, (article, amended) = recheck(key)

    assert (step.outcome, verbs([article, amended])) == ("updated", ["article.updated", "statement.amended"])
    assert step.detail == "article.updated blocks, text, text_sha256; 1 statement amended"
    assert article.data["version"] == 2
    assert article.data["previous_sha256"] == before[0].data["text_sha256"]
    assert "when there is money" in amended.data["text"]
    assert "before the winter" in amended.data["previous_text"]
    assert (amended.data["reason"], amended.data["changed"]) == ("edited", ["segments", "text"])
    assert amended.subject in before[0].data["statement_ids"]
    assert recheck(key)[1] == []


def test_what_an_article_says_is_what_it_says_now(services, publish, recheck, paper):
    key = publish()
    without = "\n".join(line for line in BODY.split("\n") if "Berg" not in line)
    paper.write(page(without.replace("before the winter", "when there is money")))
    recheck(key)

    (standing,) = statements_of_article(services, key, "")
    assert standing["text"] == "“We mend the roof when there is money,”"


def test_a_removed_quotation_is_retracted_and_a_correction_undone_is_a_third_version(services, publish, recheck, paper):
    key = publish()
    paper.write(page("\n".join(line for line in BODY.split("\n") if "“" not in line)))
    _, (article, *gone) = recheck(key)
    paper.write(page())
    _, (again, *back) = recheck(key)

    assert verbs(gone) == ["statement.retracted"] * 2
    assert {event.data["speaker"] for event in gone} == {"Ida Lund", "Ola Berg"}
    assert {event.data["reason"] for event in gone} == {"edited"}
    assert verbs(back) == ["statement.created"] * 2
    assert (article.data["version"], again.data["version"]) == (2, 3)
    ids = [event.id for event in events(services)]
    assert len(set(ids)) == len(ids)


def test_the_new_page_is_what_a_replay_looks_at(services, publish, recheck, paper):
    key = publish()
    paper.write(page(BODY.replace("before the winter", "when there is money")))
    recheck(key)

    assert len(keys(services, "page:*")) == 1
    assert replay(key, services, publish=True).found is Found.SAME


def test_a_page_that_is_gone_is_withdrawn_with_its_statements(services, publish, recheck, paper):
    key = publish()
    paper.misbehave("/roof", status=410)
    step, (withdrawn, *gone) = recheck(key)

    assert (step.outcome, step.reason) == ("withdrawn", Reason.GONE)
    assert verbs([withdrawn, *gone]) == ["article.withdrawn", *["statement.retracted"] * 2]
    assert {event.data["reason"] for event in gone} == {"withdrawn"}
    assert recheck(key)[1] == []
    assert replay(key, services, publish=True).found is Found.WITHDRAWN
    assert services.status.counts()["published"] == 1


def test_one_404_is_not_believed_and_a_page_that_comes_back_is_told(services, publish, recheck, paper):
    key = publish()
    paper.misbehave("/roof", status=404, times=1)
    step, sent = recheck(key)
    assert (step.outcome, step.reason, sent) == ("recheck_failed", Reason.NOT_FOUND, [])
    assert recheck(key)[0].outcome == "unchanged"

    paper.misbehave("/roof", status=404)
    assert recheck(key)[1] == []
    assert verbs(recheck(key)[1])[0] == "article.withdrawn"
    paper.behave("/roof")
    paper.write(page())

    _, back = recheck(key)
    assert verbs(back) == ["article.updated", *["statement.created"] * 2]
    assert back[0].data["version"] == 3


@pytest.mark.parametrize("text", ["<html><title>Home</title></html>", page(head='<link rel=canonical href="/other">')])
def test_what_is_no_article_or_another_one_takes_nothing_back(publish, recheck, paper, text):
    key = publish()
    paper.write(text)
    step, sent = recheck(key)

    assert (step.outcome, sent) == ("unchanged", [])
    assert "left as it is" in step.detail


def test_a_host_that_fails_is_asked_later_and_its_article_stays(services, publish, paper):
    key = publish()
    paper.misbehave("/roof", status=500, times=1)
    services.snapshots.recheck(key)

    (step,) = drain(services)
    assert (step.outcome, step.reason) == ("retrying", Reason.SERVER_ERROR)
    assert services.status.counts()["published"] == 1


def test_a_path_that_robots_txt_forbids_now_is_never_asked_again(services, publish, paper):
    key = publish()
    paper.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /roof\n", "text/plain")
    connect(services.redis_url).delete(*keys(services, "robots:*"))
    asked = sum(request.path == "/roof" for request in paper.requests)
    services.snapshots.recheck(key)

    assert drain(services)[-1].reason is Reason.ROBOTS_DENIED
    assert sum(request.path == "/roof" for request in paper.requests) == asked
    assert due(services, key) is None


def test_a_worker_that_dies_in_a_re_check_leaves_it_to_the_next(services, publish, paper, recheck):
    key = publish()
    paper.write(page(BODY.replace("before the winter", "when there is money")))
    services.snapshots.recheck(key)
    (item,) = services.articles.take()
    assert services.articles.claim(item.id, item.token, "fetch")
    services.articles.expire_leases()
    services.articles.sweep()

    steps = drain(services)

    assert steps[-1].outcome == "updated"
    assert recheck(key)[1] == []


def test_a_late_worker_changes_nothing(services, publish, paper):
    key = publish()
    paper.write(page(BODY.replace("before the winter", "when there is money")))
    services.snapshots.recheck(key)
    (item,) = services.articles.take()
    late = services.articles.claim(item.id, item.token, "fetch")
    services.articles.expire_leases()
    services.articles.sweep()
    drain(services)
    sent = events(services)

    assert services.snapshots.rechecked(late, "updated", None, content="x", events=[("nowhere", {"a": "b"})]) is None
    assert events(services) == sent
    assert keys(services, "nowhere") == []


def test_a_message_of_the_first_fetch_claims_no_re_check(services, publish):
    key = publish()
    services.snapshots.recheck(key)
    services.articles.take()

    assert [services.articles.claim(key, token, "fetch") for token in range(5)] == [None] * 5


def test_a_replay_in_between_wins_and_the_re_check_comes_again(services, publish, paper):
    key = publish()
    paper.write(page(BODY.replace("before the winter", "when there is money")))
    services.snapshots.recheck(key)
    (item,) = services.articles.take()
    job = services.articles.claim(item.id, item.token, "fetch")
    edition = services.snapshots.get(key)
    services.snapshots.republish(edition, key, edition.content, [])
    sent = events(services)

    services.snapshots.rechecked(job, "updated", timedelta(0), content="x", events=[("nowhere", {"a": "b"})])

    assert events(services) == sent
    assert keys(services, "nowhere") == []
    assert services.snapshots.get(key).content == edition.content
    assert drain(services)[-1].outcome == "updated"


def test_an_edition_that_was_evicted_meanwhile_ends_its_re_check(services, publish, paper):
    key = publish()
    paper.write(page(BODY.replace("before the winter", "when there is money")))
    services.snapshots.recheck(key)
    (item,) = services.articles.take()
    services.pages.remove(services.snapshots.evict(0))
    sent = events(services)

    step = drain_from(FetchArticle(article_id=item.id, token=item.token), services)

    assert events(services) == sent
    assert step.outcome in {"updated", "unchanged"}
    assert keys(services, "job:*") + keys(services, "edition:*") + keys(services, "page:*") == []


def drain_from(message, services):
    step = attempt(message, services)
    while step.then and isinstance(step.then[0], ProcessArticle):
        step = attempt(step.then[0], services)
    return step


def test_new_articles_of_a_host_come_before_its_re_checks(services, publish, paper):
    key = publish()
    services.articles.admit([FeedEntry(paper.write(page(), "/new"))])
    services.snapshots.recheck(key)

    (item,) = services.articles.take()

    assert item.id == article_id(paper.url + "/new")
    assert timedelta(0) < due(services, key) <= timedelta(minutes=1)


def test_re_checks_keep_to_their_budget_and_the_last_due_go_first(services, redis_url):
    few = Services(replace(services.settings, rechecks_an_hour=60), redis_url)
    with Paper() as one, Paper() as two, Paper() as three:
        urls = [site.write(page()) for site in (one, two, three)]
        few.articles.admit([FeedEntry(url) for url in urls])
        drain(few)
    client, due_key = connect(redis_url), f"{few.settings.key_prefix}:rechecks"
    client.zadd(due_key, {article_id(url): 1000 + number for number, url in enumerate(urls)})

    handed = [{item.id for item in few.articles.take()} for _ in range(2)]

    assert handed == [{article_id(url) for url in urls[1:]}, set()]  # one for now, one for the minute before it


def test_none_is_looked_at_again_where_the_budget_is_none(services, paper):
    off = Services(replace(services.settings, rechecks_an_hour=0), services.redis_url)
    url = paper.write(page())
    off.articles.admit([FeedEntry(url)])
    drain(off)

    assert due(off, article_id(url)) is None
    off.snapshots.recheck(article_id(url))
    assert off.articles.take() == []


def test_an_article_that_hopped_is_asked_at_its_own_host_again(services, paper):
    with Paper() as other:
        target = other.write(page())
        paper.pages["/moved"] = Reply(b"", status=302, location=target)
        services.articles.admit([FeedEntry(paper.url + "/moved")])
        drain(services)
        (key,) = services.snapshots.kept(datetime(2020, 1, 1, tzinfo=UTC))

        assert services.snapshots.get(key).job.host in paper.url


def test_an_article_from_a_file_is_nowhere_to_be_looked_at_again(services):
    stored = services.pages.put(Page("https://file.invalid/page", "https://file.invalid/page", page().encode()))
    services.articles.admit_page(FeedEntry("https://file.invalid/page"), stored)
    services.articles.expire_leases()
    sweep(Sweep(), services)
    (item,) = services.articles.expire_leases() and services.articles.sweep().again
    step = attempt(ProcessArticle(article_id=item.id, token=item.token), services)

    assert step.outcome == "published"
    assert due(services, item.id) is None


@pytest.mark.parametrize(("title", "again"), [("A Roof Leaks", True), ("A Roof", False)])
def test_an_article_whose_feed_retitles_it_is_looked_at_at_once(services, paper, title, again):
    url = paper.write(page())
    services.articles.admit([FeedEntry(url, title="A Roof")], archive_of="the-feed")
    drain(services)
    services.articles.admit([FeedEntry(url, title="Another feed's title")], archive_of="another")
    services.articles.admit([FeedEntry(url, title=title, published=datetime.now(UTC))], archive_of="the-feed")

    assert (due(services, article_id(url)) < timedelta(seconds=1)) is again
    assert [step.outcome for step in drain(services)] == (["unchanged"] if again else [])


def test_the_commands_say_how_it_stands(services, publish, monkeypatch, capsys):
    key = publish()
    monkeypatch.setattr(context, "services", lambda: services)

    assert "re-check  in 14 min" in run("why", key)
    assert "fetched again" in run("recheck", key)
    services.articles.take()
    assert "version 1 is looked at again" in run("why", key)
    assert '"rechecks": {"waiting": 0}' in run("status", "--json")
    assert isinstance(CliRunner().invoke(app, ["recheck", "0" * 32]).exception, RejectedError)


def run(*arguments):
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_sweep_buries_no_re_check(services, publish):
    key = publish()
    services.snapshots.recheck(key)
    for _ in range(services.settings.max_attempts):
        items = services.articles.take()
        for item in items:
            services.articles.claim(item.id, item.token, "fetch")
        services.articles.expire_leases()
        sweep(Sweep(), services)

    assert keys(services, "job:*") == []
    assert services.status.counts()["published"] == 1
    assert not any(name.startswith("dead") for name in services.status.counts())
    assert keys(services, "dead") == []


EDITED = BODY.replace("before the winter", "when there is money")


@pytest.fixture
def looked(services):
    """Start a re-check of an article and fetch its page; return what processes it."""

    def run(key):
        services.snapshots.recheck(key)
        (item,) = services.articles.take()
        message, *_ = attempt(FetchArticle(article_id=item.id, token=item.token), services).then
        return message

    return run


def test_a_page_that_could_not_be_read_is_asked_for_in_full_again(services, publish, paper, looked, recheck):
    key = publish()
    paper.write(page(EDITED))
    message = looked(key)
    conclude(message, RejectedError(Reason.BUG, "it"), services)

    assert recheck(key)[0].outcome == "updated"


def test_a_page_that_was_lost_before_it_was_read_is_asked_for_in_full_again(services, publish, paper, looked):
    key = publish()
    paper.write(page(EDITED))
    message = looked(key)
    services.pages.remove([services.articles.job(key, message.token).page_ref])
    attempt(message, services)
    client, prefix, host = connect(services.redis_url), services.settings.key_prefix, host_of(paper.url)
    client.zadd(f"{prefix}:queue:{host}", {key: 0})
    client.zadd(f"{prefix}:hosts", {host: 0})

    assert drain(services)[-1].outcome == "updated"


def test_a_feed_that_retitles_at_every_poll_has_its_article_looked_at_ever_more_seldom(services, paper):
    url = paper.write(page())
    services.articles.admit([FeedEntry(url, title="1 reader")], archive_of="the-feed")
    drain(services)
    key = article_id(url)
    connect(services.redis_url).hincrby(f"{services.settings.key_prefix}:edition:{key}", "found", -8 * 3_600_000)
    steps = []
    for readers in range(2, 6):
        services.articles.admit([FeedEntry(url, title=f"{readers} readers")], archive_of="the-feed")
        steps += drain(services)

    assert [step.outcome for step in steps] == ["unchanged"]
    assert timedelta(minutes=119) < due(services, key) < timedelta(minutes=121)


def test_a_larger_budget_counts_at_once(services, publish):
    key = publish()
    connect(services.redis_url).set(f"{services.settings.key_prefix}:rechecks:slot", int(4e12))
    services.snapshots.recheck(key)
    services.articles.take()

    slot = float(connect(services.redis_url).get(f"{services.settings.key_prefix}:rechecks:slot")) / 1000
    assert slot - datetime.now(UTC).timestamp() < 3600 / services.settings.rechecks_an_hour + 1


def test_an_article_that_leads_to_the_front_page_now_is_another_one(publish, recheck, paper):
    key = publish()
    paper.write(page(EDITED, head='<link rel=canonical href="/">'), "/")
    paper.pages["/roof"] = Reply(b"", status=302, location=paper.url + "/")
    step, sent = recheck(key)

    assert (step.outcome, sent) == ("unchanged", [])


def test_a_re_check_that_could_be_read_ends_a_row_of_failures(services, publish, recheck, paper):
    key = publish()
    services.articles.count_failure()
    paper.write(page(EDITED))
    recheck(key)

    assert keys(services, "breaker") == []


def test_a_redis_that_is_full_has_half_a_re_check_never(services, publish, paper, looked):
    key = publish()
    paper.write(page(EDITED))
    message, sent = looked(key), events(services)
    client = connect(services.redis_url)
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(TransientError):
            attempt(message, services)
    finally:
        client.config_set("maxmemory", 0)
    assert events(services) == sent

    services.articles.expire_leases()
    (again,) = services.articles.sweep().again
    assert attempt(ProcessArticle(article_id=again.id, token=again.token), services).outcome == "updated"
    assert verbs(events(services)[len(sent) :]) == ["article.updated", "statement.amended"]
