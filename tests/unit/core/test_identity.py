import pytest

from worker.core.records import Article, Page
from worker.core.urls import article_id
from worker.pipeline.claims import identity

URL = "https://paper.example/news/roof"


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("https://paper.example/news/roof-2", "https://paper.example/news/roof-2"),
        ("https://www.paper.example/news/roof", "https://paper.example/news/roof"),
        ("https://other.example/news/roof", URL),
        ("https://paper.example/", URL),
        ("https://paper.example", URL),
        ("https://paper.example/index.html", URL),
        (None, URL),
    ],
)
def test_a_page_speaks_for_its_own_site_and_never_as_the_front_page(canonical, believed):
    article = Article(URL, "Text.", canonical_url=canonical)

    assert identity(article, Page(URL, URL, b"")) == article_id(believed)
