import pytest

from worker.core.messages import MESSAGES, FetchArticle, ProcessArticle, from_fields, to_fields


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_survives_the_broker(kind):
    message = kind(article_id="a", token=1) if kind is ProcessArticle else kind()

    assert from_fields(kind, to_fields(message)) == message


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"url": 5}, "articles.fetch: url must be str, not 5"),
        ({"url": None}, "url must be str, not None"),
        ({"url": ["https://paper.example/"]}, "url must be str"),
        ({"token": True}, "token must be int, not True"),
        ({"token": "1"}, "token must be int"),
        ({"uri": "https://paper.example/"}, "uri"),
    ],
)
def test_a_message_with_a_wrong_field_is_refused_by_name(fields, says):
    with pytest.raises(TypeError, match=says):
        from_fields(FetchArticle, fields)
