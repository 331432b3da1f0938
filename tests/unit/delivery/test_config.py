import re

import pytest

from config.settings import ROOT
from worker.contract import Match
from worker.delivery.config import SinksFileError, read_sinks
from worker.delivery.transports import registered
from worker.delivery.transports.amqp import Exchange
from worker.delivery.transports.webhook import Webhook
from worker.services import Services

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ENVIRON = {
    "DESK": SECRET,
    "TWO": f"{SECRET} {SECRET}",
    "RABBIT": "amqp://me:hidden@rabbit.example//",
    "SHORT": "whsec_aa",
}
WEBHOOK = 'name = "desk"\nurl = "https://desk.example/hook"\nsecret_env = "DESK"\n'


def read(*tables):
    return read_sinks("".join(f"[[sink]]\n{table}\n" for table in tables), ENVIRON, registered())


def problems(*tables):
    with pytest.raises(SinksFileError) as refused:
        read(*tables)
    return refused.value.problems


def test_a_webhook_and_a_broker_are_told_apart_by_their_urls(settings):
    services = Services(settings, "redis://unused")
    desk, rabbit = read(WEBHOOK, 'name = "rabbit"\nurl_env = "RABBIT"\nstreams = ["feeds"]\nexchange = "news"')

    assert (type(desk.connect(services)), desk.group, desk.streams) == (
        Webhook,
        "sink:desk",
        ("articles", "statements"),
    )
    assert (type(rabbit.connect(services)), rabbit.url, rabbit.streams) == (Exchange, ENVIRON["RABBIT"], ("feeds",))
    assert "hidden" not in repr(rabbit)


def test_a_table_may_have_keys_of_another_transport_which_mean_nothing_there():
    (desk,) = read(WEBHOOK + 'exchange = "news"')

    assert desk.name == "desk"


def test_no_scheme_belongs_to_two_transports():
    transports = registered()

    assert set(transports.values()) >= {Webhook, Exchange}
    assert len(transports) == sum(len(each.schemes) for each in set(transports.values()))


@pytest.mark.parametrize(
    "module", ["delivery/config", "delivery/transport", "delivery/dispatcher", "cli/deliver", "cli/sinks", "cli/doctor"]
)
def test_only_transports_know_a_scheme_by_name(module):
    text = (ROOT / "worker" / f"{module}.py").read_text().lower()

    assert not [name for name in ("amqp", "rabbit", "kombu", "webhook", '"http') if name in text]


def test_a_filter_is_that_of_the_consumer():
    (desk,) = read(WEBHOOK + 'only = { language = "en", type = "created" }')

    assert desk.only == Match(language="en", type="created")


def test_the_shipped_list_has_none_and_its_examples_can_be_used():
    text = (ROOT / "config/sinks.toml").read_text()
    examples = "\n".join(line.removeprefix("# ") for line in text[text.index("# [[sink]]") :].splitlines())

    assert read_sinks(text, {}, registered()) == ()
    names = {"DESK_SECRET": SECRET, "RABBITMQ_URL": ENVIRON["RABBIT"]}
    found = [sink.name for sink in read_sinks(examples, names, registered())]
    assert found == re.findall(r'^name = "(.+)"', examples, re.MULTILINE)
    assert found[:2] == ["desk", "rabbit"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (WEBHOOK + "colour = 1", "does not know colour"),
        (WEBHOOK.replace('"desk"', '"The Desk"'), "name: expected"),
        (WEBHOOK.replace('"desk"', "7"), "name: expected a text"),
        (WEBHOOK.replace("url", "uri"), "needs either url or url_env"),
        (WEBHOOK + 'url_env = "RABBIT"', "needs either url or url_env"),
        ('name = "a"\nurl_env = "NOBODY"', "url_env: NOBODY is not set"),
        (WEBHOOK.replace("https", "gopher"), "begins with 'gopher'"),
        (WEBHOOK.replace("https", "gopher"), "http or https"),
        (WEBHOOK.replace("https", "gopher"), "amqp, amqps, or another that kombu has"),
        (WEBHOOK.replace("https://desk", "https://hidden[desk"), "cannot be read as a URL"),
        (WEBHOOK.replace("https://desk", "https://me:hidden@desk"), "without user, password and #"),
        ('name = "a"\nurl = "amqp://me:hidden@rabbit.example"', "put it into a variable"),
        (WEBHOOK.replace("secret_env", "#"), "needs secret_env"),
        (WEBHOOK.replace("DESK", "NOBODY"), "NOBODY is not set"),
        (WEBHOOK.replace("DESK", "SHORT"), "SHORT: a secret is whsec_"),
        (WEBHOOK + 'streams = ["gossip"]', "streams: expected some of articles"),
        (WEBHOOK + "streams = []", "streams: expected some of articles"),
        (WEBHOOK + 'only = { mood = "grim" }', "only: expected texts for some of kind, language"),
        (WEBHOOK + "only = { language = 1 }", "only: expected texts"),
    ],
)
def test_what_cannot_be_used_is_said_and_no_secret_with_it(table, says):
    said = "\n".join(problems(table))

    assert says in said
    assert "hidden" not in said


def test_all_problems_of_all_sinks_are_said_at_once():
    said = problems("colour = 1", WEBHOOK + "streams = 1", WEBHOOK)

    assert [line.partition(":")[0] for line in said] == ["sink 1"] * 3 + ["sink 'desk'", "sink 'desk' is there twice"]


def test_what_is_no_toml_is_said():
    with pytest.raises(SinksFileError, match="is not TOML"):
        read_sinks("[[sink]", {}, {})
    with pytest.raises(SinksFileError, match=r"begin with \[\[sink\]\]"):
        read_sinks("sink = 7", {}, {})
