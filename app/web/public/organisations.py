"""An organisation: what it leads, what it owes by when, what it has done."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import regions
from app.domain.errors import NotFound
from app.queries import addresses, cursors, organisations, tallies
from app.web import bars
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()


@router.api_route("/{lang}/organisations/{slug}", methods=READ)
def organisation(request: Request, lang: Lang, slug: str, session: Reading, after: str = "") -> Response:
    try:
        row = organisations.public(session, slug)
    except NotFound:
        return moved(request, f"/{lang}/organisations/{addresses.current(session, 'organisation', slug)}")
    today = local_today()
    states, overdue = tallies.of_organisation(session, row.id, today)
    owed = organisations.owed(session, row.id, cursors.day(after))
    return public_page(
        request,
        "organisations/public.html",
        lang,
        organisation=row,
        states=states,
        overdue=overdue,
        bar=bars.of_states(states, lang, organisations.late_under_way(session, row.id, today)),
        silence=organisations.longest_silence(session, row.id, today),
        owed=owed[: organisations.PER_PAGE],
        next=cursors.following(owed, organisations.PER_PAGE, lambda last: (last.due_on, last.id)),
        is_first=not after,
        done=organisations.done(session, row.id),
        region=regions.find,
    )
