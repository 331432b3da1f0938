"""The pages that people read; each costs a bounded number of commands, and asks Redis in a thread."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.contract.statement import StatementKind
from worker.core.urls import host_of
from worker.feeds.schedule import Bounds
from worker.services import Services
from worker.views.activity import activity
from worker.views.article import published
from worker.views.dead_letters import dead
from worker.views.history import ID, history
from worker.views.status import facts
from worker.web.charts import charts
from worker.web.highlights import blocks
from worker.web.render import Templates, moment
from worker.web.search import Search
from worker.web.speakers import SAMPLE, Speakers
from worker.web.statement import outlet, statement_view

_PAGE = 30
_LETTERS = 100
_HOSTS = 100
_FEEDS = 500
_ATTEMPTS = 20_000
_CURSOR = re.compile(r"\d{1,15}-\d{1,10}")
_WINDOWS = {"10m": timedelta(minutes=10), "1h": timedelta(hours=1), "24h": timedelta(hours=24)}


class HtmlPages:
    """What can be looked at without a token."""

    def __init__(self, services: Services, templates: Templates) -> None:
        self._services = services
        self._page = templates.page
        self._speakers = Speakers(services)

    def routes(self) -> list[Route]:
        """Return the routes of the pages."""
        return [
            Route("/", self.statements),
            Route("/speakers", self.speakers),
            Route("/speaker", self.speaker),
            Route("/article/{id}", self.article),
            Route("/feeds", self.feeds),
            Route("/hosts", self.hosts),
            Route("/dead", self.dead),
            Route("/status", self.status),
            Route("/why/{id}", self.why),
        ]

    def statements(self, request: Request) -> Response:
        """Show the newest statements, or those that are searched for."""
        search = Search.of(request.query_params)
        return self._page(
            request,
            "statements.html",
            kinds=get_args(StatementKind),
            most_quoted=self._speakers.most_quoted()[:12],
            **self._found(request, search),
        )

    def speaker(self, request: Request) -> Response:
        """Show what one speaker said."""
        search = Search.of(request.query_params)
        if not search.name:
            raise HTTPException(404, "no speaker was named")
        known = next((one for one in self._speakers.most_quoted() if one.name == search.name), None)
        return self._page(request, "speaker.html", known=known, sample=SAMPLE, **self._found(request, search))

    def speakers(self, request: Request) -> Response:
        """Show who is quoted most."""
        return self._page(request, "speakers.html", speakers=self._speakers.most_quoted()[:100], sample=SAMPLE)

    def article(self, request: Request) -> Response:
        """Show an article with its statements marked."""
        near = request.query_params.get("at", "")
        article = request.path_params["id"]
        found = published(self._services, article, int(near) if re.fullmatch(r"\d{1,15}", near) else None)
        if found is None:
            raise HTTPException(404, "no article of this id is among those that are kept; its history may say more")
        data = found.article.data
        return self._page(
            request,
            "article.html",
            article=data,
            outlet=outlet(data),
            published=moment((data.get("published") or {}).get("value")),
            blocks=blocks(data, found.statements),
            statements=found.statements,
            speakers=Counter(one["speaker"]["name"] for one in found.statements if one["speaker"]["name"]),
            withdrawn=found.withdrawn,
        )

    def feeds(self, request: Request) -> Response:
        """Show the feeds, and how each is doing."""
        settings, rows = self._services.settings, self._services.registry.rows()
        usual = Bounds(settings.poll_min, settings.poll_max)
        worst = sorted(rows, key=lambda row: (row.status == "ok", -row.failures))[:_FEEDS]
        listed = [(row, Bounds.of(row.every) if row.every else usual) for row in worst]
        healthy = sum(row.status == "ok" for row in rows)
        return self._page(request, "feeds.html", rows=listed, total=len(rows), healthy=healthy)

    def hosts(self, request: Request) -> Response:
        """Show the hosts that something waits for, and those of the feeds, and how each is asked."""
        waiting = self._services.hosts.waiting(_HOSTS)
        names = dict.fromkeys([*waiting, *(host_of(row.url) for row in self._services.registry.rows())])
        hosts = [(name, self._services.hosts.state(name)) for name in islice(names, _HOSTS)]
        return self._page(request, "hosts.html", hosts=hosts, most=_HOSTS)

    def dead(self, request: Request) -> Response:
        """Show the dead letters."""
        reason, stage = (request.query_params.get(name, "") for name in ("reason", "stage"))
        letters = [
            (moment(time), letter)
            for time, letter in islice(dead(self._services, reason=reason, stage=stage), _LETTERS)
        ]
        reasons = Counter(letter.reason for _, letter in letters)
        return self._page(
            request, "dead.html", letters=letters, reasons=reasons, reason=reason, stage=stage, most=_LETTERS
        )

    def status(self, request: Request) -> Response:
        """Show what `onrecord status` shows, who consumes, and how much was done lately."""
        window = request.query_params.get("window", "1h")
        span, now = _WINDOWS.get(window, _WINDOWS["1h"]), self._services.clock.now()
        lately = activity(self._services.journal.since(now - span, _ATTEMPTS), now, span)
        groups = self._services.streams.groups()
        return self._page(
            request,
            "status.html",
            known=facts(self._services),
            groups=groups,
            charts=charts(lately),
            window=window if window in _WINDOWS else "1h",
            windows=list(_WINDOWS),
        )

    def why(self, request: Request) -> Response:
        """Show the history of a feed or an article."""
        key = request.path_params["id"]
        found = history(self._services, key, key) if ID.fullmatch(key) else None
        if found is None:
            raise HTTPException(404, "no feed and no article of this id is known here")
        return self._page(request, "why.html", id=key, facts=found[0], attempts=found[1])

    def _found(self, request: Request, search: Search) -> dict[str, Any]:
        """Return what a search finds, one page of it."""
        before = request.query_params.get("before", "")
        is_page = bool(_CURSOR.fullmatch(before))
        page = self._services.events.page("statements", search, before=before if is_page else None, limit=_PAGE)
        return {
            "search": search,
            "cards": list(map(statement_view, page.entries)),
            "next": page.next,
            "is_first": not is_page,
        }
