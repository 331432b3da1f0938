import pytest

from config.settings import ROOT
from worker.contract import Match
from worker.delivery.config import SinksFileError, read_sinks

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ENVIRON = {
    "DESK": SECRET,
    "TWO": f"{SECRET} {SECRET}",
    "RABBIT": "amqp://me:hidden@rabbit.example//",
    "SHORT": "whsec_aa",
}
WEBHOOK = 'name = "desk"\nurl = "https://desk.example/hook"\nsecret_env = "DESK"\n'


def read(*tables):
    return read_sinks("".join(f"[[sink]]\n{table}\n" for table in tables), ENVIRON, {"amqp", "amqps"})


def problems(*tables):
    with pytest.raises(SinksFileError) as refused:
        read(*tables)
    return refused.value.problems


def test_a_webhook_and_a_broker_are_told_apart_by_their_urls():
    desk, rabbit = read(WEBHOOK, 'name = "rabbit"\nurl_env = "RABBIT"\nstreams = ["feeds"]\nexchange = "news"')

    assert (desk.is_webhook, desk.group, desk.streams, len(desk.keys)) == (
        True, "sink:desk", ("articles", "statements"), 1,
    )  # fmt: skip
    assert (rabbit.is_webhook, rabbit.url, rabbit.streams, rabbit.exchange) == (
        False, ENVIRON["RABBIT"], ("feeds",), "news",
    )  # fmt: skip


def test_two_secrets_with_a_blank_between_both_sign():
    (desk,) = read(WEBHOOK.replace("DESK", "TWO"))

    assert len(desk.keys) == 2


def test_a_filter_is_that_of_the_consumer():
    (desk,) = read(WEBHOOK + 'only = { language = "en", type = "created" }')

    assert desk.only == Match(language="en", type="created")


def test_the_shipped_list_has_none_and_its_examples_can_be_used():
    text = (ROOT / "config/sinks.toml").read_text()
    examples = "\n".join(line.removeprefix("# ") for line in text[text.index("# [[sink]]") :].splitlines())

    assert read_sinks(text, {}, set()) == ()
    names = {"DESK_SECRET": SECRET, "RABBITMQ_URL": ENVIRON["RABBIT"]}
    assert [sink.name for sink in read_sinks(examples, names, {"amqp"})] == ["desk", "rabbit"]


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
        read_sinks("[[sink]", {}, set())
    with pytest.raises(SinksFileError, match=r"begin with \[\[sink\]\]"):
        read_sinks("sink = 7", {}, set())
