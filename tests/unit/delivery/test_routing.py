import pytest

from worker.contract import Event
from worker.delivery.routing import routing_key


@pytest.mark.parametrize(
    ("kind", "data", "key"),
    [
        ("statement.created", {"article": {"language": "pt-BR"}}, "statement.created.pt-BR"),
        ("article.updated", {"language": "en"}, "article.updated.en"),
        ("article.created", {"language": None}, "article.created.und"),
        ("feed.gap", {}, "feed.gap.und"),
    ],
)
def test_the_routing_key_is_the_type_and_the_language(kind, data, key):
    event = Event("e1", "urn:test", f"io.onrecord.{kind}.v1", "s1", "2026-11-23T09:00:00Z", data)

    assert routing_key(event) == key
