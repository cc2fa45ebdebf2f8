"""One programme: how far its meetings' recommendations are."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import regions
from app.domain.errors import NotFound
from app.queries import addresses, cursors, meetings, overview, programmes, tallies
from app.web import bars
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
    today, ids = local_today(), programmes.meeting_ids(session, row.id)
    progress = {key: part for key, part in tallies.by_meeting(session, today).items() if key in ids}
    late = {key: count for key, count in overview.late_by_meeting(session, today).items() if key in ids}
    shown = meetings.newest(session, _PER_PAGE + 1, before=cursors.day(before), programme_id=row.id)
    whole = tallies.total(progress.values())
    return public_page(
        request,
        "programmes/public.html",
        lang,
        programme=row,
        whole=whole,
        whole_bar=bars.of_progress(whole, lang, sum(late.values())),
        meetings=bars.of_meetings(shown[:_PER_PAGE], progress, late, lang),
        next=cursors.following(shown, _PER_PAGE, lambda last: (last.held_on, last.id)),
        is_first=not before,
        region=regions.find,
    )
