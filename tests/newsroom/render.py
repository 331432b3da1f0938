"""Pages from stories: eight ways in which real sites mark up an article.

`templates/NAME.html` is the page around the body, with `$placeholders`; the `Dress` of the same
name says how blocks are marked up inside. Links are absolute and start with BASE, which the site
replaces by the host that was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from tests.newsroom.story import Block, Story

BASE = "http://newsroom.invalid"
SITE_NAME = "The Ellery Courier"

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Dress:
    """How a template marks up blocks; `{}` is the text, `{n}` its number in the article."""

    path: str
    paragraph: str = "<p>{}</p>"
    heading: str = "<h2>{}</h2>"
    quotation: str = "<blockquote><p>{}</p></blockquote>"
    items: str = "<ul>\n{}\n</ul>"
    list_item: str = "<li>{}</li>"
    caption: str = '<figure><img src="/img/{n}.jpg" alt=""><figcaption>{}</figcaption></figure>'
    post: str = '<blockquote class="social-embed"><p>{}</p></blockquote>'
    interlude: str = ""  # comes after every fourth paragraph: teasers, promotions, advertisements
    charset: str = "utf-8"


_READ_MORE = """<aside class="related-inline"><h3>Read more</h3><ul>
<li><a href="/section/region">How the region voted, ward by ward</a></li>
<li><a href="/video/harbour-parade">Watch: the harbour parade in two minutes</a></li></ul></aside>"""
_NEWSLETTER = """<div class="newsletter-signup"><p><strong>Tide Tables, our evening letter.</strong>
Five stories and one good recipe in your inbox at six. <a href="/letters">Sign up here</a>; you can leave at
any time.</p></div>"""
_AMP_AD = '<amp-ad width="300" height="250" type="house"><div placeholder>Advertisement</div></amp-ad>'
_SLOT = '<div class="Slot-x81"><span class="Lbl">ADVERTISEMENT</span><br><em>Story continues below</em></div>'

DRESSES = {
    "semantic": Dress(path="/{date}/{slug}"),
    "opengraph": Dress(path="/news/{slug}.html", interlude=_NEWSLETTER),
    "divs": Dress(
        path="/a/{slug}-{number}",
        paragraph='<div class="Txt-k2 css-1fq"><span>{}</span></div>',
        heading='<div class="Sub-k7"><b>{}</b></div>',
        quotation='<div class="Quo-p0"><span>{}</span></div>',
        items='<div class="Lst-a1">{}</div>',
        list_item='<div class="Txt-k2 It-3"><span>{}</span></div>',
        caption='<div class="Img-9"><img src="/img/{n}.jpg"><div class="Cap-9">{}</div></div>',
        post='<div class="Emb-s5" data-kind="post"><div>{}</div></div>',
        interlude=_SLOT,
    ),
    "breaks": Dress(
        path="/cgi/story.php?id={slug}",
        paragraph="{}<br><br>",
        heading="<b>{}</b><br><br>",
        quotation="<i>{}</i><br><br>",
        items="{}<br>",
        list_item="&bull; {}<br>",
        caption='<center><img src="/img/{n}.gif"><br><font size="1">{}</font></center><br>',
        post="<tt>{}</tt><br><br>",
        charset="windows-1252",
    ),
    "nested": Dress(
        path="/{section}/{slug}/",
        paragraph='<section class="paragraph"><div class="inner"><p>{}</p></div></section>',
        heading='<section class="crosshead"><h2 id="s{n}">{}</h2></section>',
        interlude=_READ_MORE + _NEWSLETTER,
    ),
    "microdata": Dress(
        path="/articles/{number}/{slug}",
        interlude='</div><div class="body-ad" aria-hidden="true">Advertisement</div><div class="story-body">',
    ),
    "amp": Dress(
        path="/mobile/{slug}",
        caption="<figure><amp-img src='/img/{n}.jpg' width='16' height='9' layout='responsive'></amp-img>"
        "<figcaption>{}</figcaption></figure>",
        interlude=_AMP_AD,
    ),
    "live": Dress(
        path="/live/{slug}",
        heading='</div></li><li class="update" id="u{n}"><div class="update-head"><time>{clock}</time>'
        '<h3>{}</h3><a class="share" href="#u{n}">Share this update</a></div><div class="update-body">',
    ),
}


def path_of(story: Story) -> str:
    """Return where the story is published, with its query if its address has one."""
    return DRESSES[story.template].path.format(
        slug=story.slug,
        date=f"{story.published:%Y/%m/%d}",
        section=story.section.lower(),
        number=f"{story.published:%d%H%M}",
    )


def render(story: Story, related: Sequence[Story] = ()) -> str:
    """Return the story's page, as text that still has BASE in its links."""
    template = Template((_TEMPLATES / f"{story.template}.html").read_text(encoding="utf-8"))
    return template.substitute(
        _fields(story),
        body="\n".join(_body(story)),
        related="\n".join(f'<li><a href="{BASE}{path_of(one)}">{escape(one.headline)}</a></li>' for one in related),
    )


def _fields(story: Story) -> dict[str, str]:
    changed = story.modified or story.published
    return {
        "base": BASE,
        "site": SITE_NAME,
        "url": BASE + path_of(story),
        "lang": story.language,
        "headline": escape(story.headline),
        "standfirst": escape(story.standfirst),
        "section": story.section,
        "keywords": escape(", ".join(story.keywords)),
        "byline": escape(" and ".join(story.authors)),
        "published": story.published.isoformat(),
        "modified": changed.isoformat(),
        "published_shown": f"{story.published:%d %B %Y, %H:%M}",
        "json_ld": _json_ld(story),
    }


def _json_ld(story: Story) -> str:
    """Describe the story as schema.org/NewsArticle."""
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": BASE + path_of(story),
        "headline": story.headline,
        "description": story.standfirst,
        "datePublished": story.published.isoformat(),
        "dateModified": (story.modified or story.published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": SITE_NAME},
        "articleSection": story.section,
        "inLanguage": story.language,
        "isAccessibleForFree": True,
    }
    return json.dumps(record, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _body(story: Story) -> Iterator[str]:
    dress = DRESSES[story.template]
    paragraphs = 0
    for listed, group in groupby(enumerate(story.blocks), key=lambda pair: pair[1].kind == "list_item"):
        marked_up = [_marked_up(story, dress, number, block) for number, block in group]
        if listed:
            yield dress.items.format("\n".join(marked_up))
            continue
        for html in marked_up:
            yield html
            paragraphs += 1
            if dress.interlude and paragraphs % 4 == 0:
                yield dress.interlude


def _marked_up(story: Story, dress: Dress, number: int, block: Block) -> str:
    # A live blog counts its updates back from the newest; the clock only has to look like one.
    clock = f"{story.published.hour:02}:{59 - number:02}"
    markup: str = getattr(dress, block.kind)
    return markup.format(escape(block.text, quote=False), n=number, clock=clock)
