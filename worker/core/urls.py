"""URLs: one spelling for each (RFC 3986 §6), one identity for each article, and what is refused.

Two forms are kept apart. The *canonical* form is what is fetched and shown: normalised, without
tracking parameters, credentials and fragment, but still naming the same resource. The *identity*
form also folds what publishers vary for one article (http/https, "www.", AMP); it is only hashed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

import idna

from worker.core.errors import Reason, RejectedError

MAX_URL_CHARS = 2048  # what the sitemap protocol allows, and every proxy passes on
DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that tell the publisher where a reader came from and never what to show, as the vendors document
# them: Google, Matomo, HubSpot, Vero, Omeda, Piano Analytics, then click and campaign ids of single vendors, and ids
# of sessions.
_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "hsa_",
    "__hs",
    "vero_",
    "oly_",
    "piwik_",
    "matomo_",
    "trk_",
    "at_custom",
    "at_link_",
    "at_ptr_",
)
_TRACKING_NAMES = """
    fbclid fb_ref fb_source gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid ysclid _openstat
    igshid igsh li_fat_id epik _ga _gl _hsenc _hsmi _ke mc_cid mc_eid mkt_tok sc_campaign sc_channel
    at_medium at_campaign at_format pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid
    cmp cmpid ftcamp maca icid ito ocid ncid xtor wt_mc wt.mc_id wt_zmc spm ref_src ref_url smid smtyp srnd sr_share
    gad_source gad_campaignid srsltid fb_action_ids fb_action_types mibextid sfnsn s_kwcid s_cid ef_id adobe_mc
    _branch_match_id _branch_referrer _kx wickedid irclickid cjevent awc ranmid raneaid ransiteid rb_clickid
    elqtrackid elqtrack elqaid elqat elqcampaignid iterable_campaign tt_medium tt_content ttp wprov
    jsessionid phpsessid sessionid aspsessionid
    ftag ns_mchannel ns_source ns_campaign ns_linkname ns_fee guccounter guce_referrer guce_referrer_sig
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_AMP_PARAMETERS = frozenset({"amp", "outputtype=amp", "amp_js_v", "amp_gsa", "usqp"})

_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/;?]*", re.IGNORECASE)
_VARIANTS = frozenset(
    {
        "print",
        "print=1",
        "print=true",
        "print=yes",
        "printable=1",
        "view=print",
        "mode=print",
        "format=print",
        "m=1",
        "mobile=1",
        "mobile=true",
        "view=mobile",
    }
)
_ENCODABLE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
#: Where links lead through an aggregator, and the parameters that state where to, as each writes them.
_AGGREGATORS = (
    (re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}/url"), ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com/redirect"), ("q",)),
    (re.compile(r"lm?\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"out\.reddit\.com/.*"), ("url",)),
    (re.compile(r"(?:www\.)?duckduckgo\.com/l/"), ("uddg",)),
    (re.compile(r"(?:away\.)?vk\.com/away\.php"), ("to",)),
    (re.compile(r"t\.umblr\.com/redirect"), ("z",)),
    (re.compile(r"(?:www\.)?linkedin\.com/(?:redir/redirect|safety/go)"), ("url",)),
)
_GOOGLE_NEWS = re.compile(r"/(?:rss/)?(?:articles|read)/([\w-]{20,2000})")
_INSIDE_ID = re.compile(rb"https?://[\x21-\x7e]+")
_AMP_CACHE = re.compile(r"^/(?:amp|[acv])/(s/)?(?=[^/]+\.[^/]+)")
_VARIANT_HOST = re.compile(r"^(?:www\d?|amp|m|mobile|mobil|touch|wap)\.(?=[^.]+\.)|(?<=\.)m\.(?=[^.]+\.)")
_PRINT_PATH = re.compile(
    r"^/print(?:er)?(?=/.)|/print/?$|(?<=.)[._-]print(?=\.html?$)|/index\.(?:html?|php|aspx?|jsp)$"
)
_SLASHES = re.compile(r"//+")
_AMP_PATH = re.compile(r"^/amp(?=/.)|/amp/?$|\.amp(?=\.html?$|$)|/$")


@lru_cache(maxsize=1024)  # an entry's URL is asked for as what to fetch, as an id, and often as a guid
def canonical_url(url: str) -> str:
    """Return the one spelling of an absolute http(s) URL; applying it again changes nothing.

    Scheme and host are lower-case (IDNA 2008, UTS 46), the default port, userinfo, fragment, dot segments and
    tracking parameters are gone, percent-encoding is minimal and upper-case. The order of parameters is
    kept, because it can matter. A link into an AMP cache, or through an aggregator that states where it leads, becomes
    the publisher's own URL.

    Raises:
        ValueError: `url` cannot be fetched; the message says why.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(f"only http and https can be fetched, not {parts.scheme or 'a relative URL'}")
    path = _without_dot_segments(_percent_normal(_SESSION.sub("", parts.path))) or "/"
    query = _without(_is_tracking, _percent_normal(parts.query))
    canonical = f"{parts.scheme}://{_netloc(parts)}{path}{query}"
    if len(canonical) > MAX_URL_CHARS:
        raise ValueError(f"longer than {MAX_URL_CHARS} characters")
    inner = _cached_by_amp(canonical) or _stated_by_aggregator(canonical)
    return canonical_url(inner) if inner else canonical


def check_url(url: str) -> str:
    """Return the canonical form of a URL that came from outside.

    Raises:
        RejectedError: BAD_URL, with a sentence that says what is wrong with it.
    """
    try:
        return canonical_url(url)
    except ValueError as error:
        raise RejectedError(Reason.BAD_URL, printable_url(url), str(error)) from error


def article_id(url: str) -> str:
    """Return 32 hex digits that are the same for every variant of one article's URL.

    Raises:
        ValueError: As `canonical_url`.
    """
    return hashlib.sha256(_identity(canonical_url(url)).encode()).hexdigest()[:32]


def host_of(url: str) -> str:
    """Return the host of a canonical URL, with its port unless default: the unit of politeness.

    A text that is no URL has no host: "". Servers send such texts as Location, and errors name them.
    """
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """Return the host name without "www.": two URLs with the same one are of one site."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def printable_url(url: str) -> str:
    """Return `url` fit for a log line: at most 200 printable characters, without credentials."""
    text = re.sub(r"//[^/?#]*@", "//", url[:400])
    return "".join(c if c.isprintable() else "?" for c in text)[:200]


def _netloc(parts: SplitResult) -> str:
    host, port = parts.hostname, parts.port
    if not host:
        raise ValueError("the URL names no host")
    if "\\" in parts.netloc:
        _refuse_host(parts.netloc)
    default = port in (None, DEFAULT_PORTS[parts.scheme])
    return _host(host) if default else f"{_host(host)}:{port}"


def _host(host: str) -> str:
    """Return the host in ASCII; an address only in its standard notation, so that none hides in a number."""
    if ":" in host and "%" not in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    ascii_host = _to_ascii(host).rstrip(".")
    if _NUMBER.fullmatch(ascii_host.rpartition(".")[2]):
        return str(ipaddress.IPv4Address(ascii_host))
    if len(ascii_host) > 253 or not _HOST.fullmatch(ascii_host):
        _refuse_host(host)
    return ascii_host


def _to_ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"the host name {host!r} is not valid: {error}") from error


def _refuse_host(host: str) -> NoReturn:
    raise ValueError(f"the host name {host!r} is not valid")


def _percent_normal(text: str) -> str:
    """Encode what must be encoded, decode what need not be (RFC 3986 §6.2.2)."""
    return _ENCODABLE.sub(_percent_normal_one, text)


def _percent_normal_one(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 1:
        return quote(found, safe="")
    decoded = chr(int(found[1:], 16))
    return decoded if decoded in _UNRESERVED else found.upper()


def _without_dot_segments(path: str) -> str:
    """Resolve "." and ".." (RFC 3986 §5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _is_variant(parameter: str) -> bool:
    parameter = parameter.lower()
    return parameter in _VARIANTS or parameter in _AMP_PARAMETERS or parameter.partition("=")[0] in _AMP_PARAMETERS


def _without(is_unwanted: Callable[[str], bool], query: str) -> str:
    """Return "?" and the parameters that remain, or nothing."""
    kept = [parameter for parameter in query.split("&") if parameter and not is_unwanted(parameter)]
    return "?" + "&".join(kept) if kept else ""


def _cached_by_amp(url: str) -> str | None:
    """Return the publisher's URL that a link into Google's AMP cache or viewer carries in its path."""
    parts = urlsplit(url)
    viewer = parts.netloc == "www.google.com" and parts.path.startswith("/amp/")
    if not (viewer or parts.netloc.endswith("cdn.ampproject.org")):
        return None
    match = _AMP_CACHE.match(parts.path)
    if not match:
        return None
    query = "?" + parts.query if parts.query else ""
    return f"{'https' if match[1] else 'http'}://{parts.path[match.end() :]}{query}"


def _stated_by_aggregator(url: str) -> str | None:
    """Return the http(s) URL that a link of Google Alerts, Bing News and their like carries as a parameter."""
    parts = urlsplit(url)
    if parts.netloc == "news.google.com":
        return _stated_by_google_news(parts.path)
    names = next((names for place, names in _AGGREGATORS if place.fullmatch(parts.netloc + parts.path)), ())
    given = parse_qs(parts.query, max_num_fields=100) if names else {}
    stated = next((given[name][0] for name in names if name in given), "")
    return stated if _is_fetchable(stated) else None


def _stated_by_google_news(path: str) -> str | None:
    """Return the URL within the id of an article, which Google wrote there until 2024; later ids state nothing."""
    found = _GOOGLE_NEWS.match(path)
    if not found:
        return None
    try:
        inside = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    stated = _INSIDE_ID.search(inside)
    url = stated[0].decode() if stated else ""
    return url if _is_fetchable(url) else None


def _is_fetchable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in DEFAULT_PORTS and bool(_netloc(parts))
    except ValueError:
        return False


def _identity(url: str) -> str:
    """Fold what variants of one article differ in: scheme, "www.", the AMP, mobile or print form, slashes, an index."""
    parts = urlsplit(url)
    host = _VARIANT_HOST.sub("", parts.netloc)
    path = _PRINT_PATH.sub("", _SLASHES.sub("/", parts.path))
    path = _AMP_PATH.sub("", _AMP_PATH.sub("", path))
    return f"//{host}{path}{_without(_is_variant, parts.query)}"
