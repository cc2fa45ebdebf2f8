"""One search over everything that the viewer may see; the field in the header bar leads here."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.responses import Response

from app import routes
from app.domain.progress import Status
from app.domain.searching import SearchKind
from app.domain.workflow import State
from app.queries.followup import search_filters, searches
from app.queries.followup.search_filters import SearchFilters
from app.queries.setup import themes
from app.web.forms import options
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/search")


async def _narrowed(
    q: str = "",
    kind: str = "",
    programme: str = "",
    state: str = "",
    organisation: str = "",
    theme: str = "",
    year: str = "",
) -> SearchFilters:
    # A space at the end says that the last word is whole.
    return SearchFilters(q.lstrip(), kind, programme, state, organisation, theme, year.strip())


@router.get("")
def show(asked: Asked, narrowed: Annotated[SearchFilters, Depends(_narrowed)], after: str = "") -> Response:
    filters = narrowed.checked()
    found = search_filters.narrowed(asked.session, asked.viewer, filters)
    is_asked = bool(filters.q.strip())
    results = searches.page(asked.session, asked.viewer, filters, found, after) if is_asked else None
    return frame(
        asked,
        "workspace/search.html",
        filters=filters,
        named=found.named,
        results=results,
        after=after,
        longest=search_filters.LONGEST,
        kinds=[(kind, word) for kind, word in options(SearchKind, asked.lang) if kind in search_filters.KINDS],
        states=options(State, asked.lang),
        statuses=[one for one in options(Status, asked.lang) if one[0] not in list(State)],
        themes=themes.offered(asked.session).rows,
        programmes=search_filters.programmes(asked.session, asked.viewer),
        picked={name: f"?{urlencode(filters.without(name))}" for name in filters.narrowing},
        next=f"?{urlencode(filters.chosen | {'after': results.next})}" if results and results.next else "",
    )
