"""One cleaner as a process of its own: a page file a line on standard input, what it took and found on standard output.

Runs in the peers' virtual environment too, so it imports nothing but the cleaner that it is asked for.
"""

import gzip
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

Cleaner = Callable[[bytes, str], str]


def onrecord() -> Cleaner:
    from worker.clean import clean
    from worker.core.errors import RejectedError
    from worker.core.records import Article, Page

    def run(body: bytes, url: str) -> str:
        try:
            found = clean(Page(url, url, body))
        except RejectedError:
            return ""
        return found.text if isinstance(found, Article) else ""

    return run


def trafilatura(**options: bool) -> Callable[[], Cleaner]:
    def load() -> Cleaner:
        from trafilatura import bare_extraction

        def run(body: bytes, url: str) -> str:
            found = bare_extraction(body, url=url, include_comments=False, **options)
            return (found.text or "") if found else ""

        return run

    return load


def readability() -> Cleaner:
    from lxml.html import fromstring
    from readability import Document

    return lambda body, url: fromstring(Document(body, url=url).summary()).text_content()


def newspaper() -> Cleaner:
    from newspaper import Article

    def run(body: bytes, url: str) -> str:
        article = Article(url, fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return str(article.text)

    return run


def resiliparse() -> Cleaner:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return lambda body, _: extract_plain_text(bytes_to_str(body, detect_encoding(body)), main_content=True)


CLEANERS: dict[str, Callable[[], Cleaner]] = {
    "onrecord": onrecord,
    "trafilatura with metadata": trafilatura(with_metadata=True),
    "trafilatura": trafilatura(),
    "trafilatura precision": trafilatura(favor_precision=True),
    "trafilatura recall": trafilatura(favor_recall=True),
    "trafilatura fast": trafilatura(fast=True),
    "readability-lxml": readability,
    "newspaper4k": newspaper,
    "resiliparse": resiliparse,
}


def main() -> None:
    run = CLEANERS[sys.argv[1]]()
    for line in sys.stdin:
        page = json.loads(line)
        body = gzip.decompress(Path(page["file"]).read_bytes())
        begun = time.process_time()
        try:
            text = run(body, page["url"])
        except Exception:  # noqa: BLE001 - a peer may raise anything; a page that it fails on has no text
            text = ""
        taken = time.process_time() - begun
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"text": text, "seconds": taken, "peak_mib": peak_kib / 1024}), flush=True)


if __name__ == "__main__":
    main()
