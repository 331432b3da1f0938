"""A made-up page whose features are stored beside the weights: code that sees it otherwise no longer fits them."""

from __future__ import annotations

from worker.clean.body.candidates import near_prose
from worker.clean.body.features import features
from worker.clean.body.position import Matrix
from worker.clean.body.vocabulary import Hints
from worker.clean.html.tokeniser import read_tree

_TEASERS = "".join(
    f"<div class='card teaser'><h3><a href=/{n}>Ferry {n} sails again</a></h3><p>Read more, 1{n % 10}:30</p></div>"
    for n in range(24)
)
_MARKED = "".join(
    f"<{tag} class='{words}'>Kelp: {words}</{tag}><p><span class='{words}'>Fish, says {tag}</span></p>"
    for tag, words in (
        *(("dl", "byline"), ("pre", "content"), ("footer", "live-blog"), ("details", "share"), ("form", "comment")),
        *(("section", "caption photo"), ("div", "advert"), ("h3", "kicker"), ("h4", "headline"), ("p", "lead")),
        *(("td", "bio"), ("dd", "pull-quote"), ("header", "audio-player"), ("figure", "date"), ("div", "hidden print")),
    )
)
_PAGE = f"""<body class="page with-sidebar"><header>
<ul class=menu><li><a href=/>Home</a><li><a href=/s>Sea</a></ul></header>
<div id=consent class=cookie-banner>We use cookies, says our privacy policy. <a href=/p>Why?</a></div>
<aside class=related>{_TEASERS}</aside>
<main><article class="story article-body"><h1>Kelp returns to the coast</h1>
<p class=byline>By <a rel=author href=/ann>Ann Marsh</a>, Bay Town</p><time datetime=2026-11-03>3 Nov 2026, 9:05</time>
<p class=standfirst>After nine summers, the kelp is back: “Nobody has cut it,” says the harbour master.</p>
<figure><img src=k.jpg><figcaption>Kelp at low tide (photo: Bo Lind/AFP)</figcaption></figure>
<p>The kelp along this coast has grown for nine summers, and nobody has cut <b>any of it so far</b>;
it shelters fish.</p>
<h2 itemprop=articleBody>What comes next</h2>{_MARKED}
<ul><li>More boats, more nets.</li><li>A law on harvests, in 2027.</li></ul>
<blockquote>“It will hold,” she said. “For now.”</blockquote>
<p>A second <a href=/survey>survey of the reefs</a> is to begin in spring, the ministry bits fishers on Monday.<br><br>
海藻は九年にわたってこの沿岸で育ち、これまで誰も刈り取っていない。</p>
<div style="display:none"><p>Subscribe to our newsletter for more stories of this kind, every morning,
for free.</p></div>
<table><tr><td>2025</td><td>4 boats | 12 nets</td></tr></table></article>
<section class=comments><h4>Comments</h4><p>Comments are closed for this story,
as they are after two days of debate.</p></section>
</main><div class="related teasers">{_TEASERS}</div>
<div><p>The kelp along this coast has grown for nine summers, and nobody has cut it; so says
the sidebar of this page.</p>
</div><p class=imprint>© 2026 The Bay Post. All rights reserved.</p>"""
_HINTS = Hints(
    "Kelp returns to the coast | The Bay Post",
    "After nine summers, the kelp is back",
    "Thekelpalongthiscoasthasgrownforninesummers,andnobodyhascutanyofitsofar;itsheltersfish.",
)


def probe() -> Matrix:
    """Return the features of the page's blocks."""
    tree = read_tree(_PAGE.encode())
    return features(tree, near_prose(tree), _HINTS)
