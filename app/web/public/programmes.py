"""One programme: how far its meetings' recommendations are."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import periods, places, regions
from app.domain.errors import NotFound
from app.queries.followup import indicators
from app.queries.meetings import meetings
from app.queries.public import addresses, programmes, tallies
from app.queries.scope import cursors
from app.web import counts, trends
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()
_PER_PAGE = 15


@router.api_route("/{lang}/programmes/{slug}", methods=READ)
def programme(request: Request, lang: Lang, slug: str, session: Reading, before: str = "") -> Response:
    try:
        row = programmes.public(session, slug)
    except NotFound:
        return moved(request, f"/{lang}/programmes/{addresses.current(session, 'programme', slug)}")
    today = local_today()
    shown = meetings.newest(session, _PER_PAGE + 1, before=cursors.day(before), programme_id=row.id)
    progress = tallies.of_meetings(session, [item.id for item in shown[:_PER_PAGE]], today)
    whole = tallies.of_programme(session, row.id, today)
    return public_page(
        request,
        "public/programme.html",
        lang,
        [places.of("programme", row.id)],
        programme=row,
        indicators=trends.of(indicators.public_of_programme(session, row.id), today),
        asked=periods.of_programme(row.word_every) if row.word_every else None,
        whole=counts.of(whole, lang),
        meetings=counts.of_meetings(shown[:_PER_PAGE], progress, lang),
        next=cursors.following(shown, _PER_PAGE, lambda last: (last.held_on, last.id)),
        is_first=not before,
        region=regions.find,
    )
