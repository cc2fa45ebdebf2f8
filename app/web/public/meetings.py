"""Meetings: the list with a bar each, and one meeting with its report's marks beside its recommendations."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.deps import Lang, Reading
from app.domain import passages, regions
from app.domain.errors import NotFound
from app.queries import addresses, cursors, meetings, overview, recommendations, tallies
from app.web import bars
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = APIRouter()
_PER_PAGE = 25


@router.api_route("/{lang}/meetings/", methods=READ)
def every(request: Request, lang: Lang, session: Reading, before: str = "") -> Response:
    today = local_today()
    progress, late = tallies.by_meeting(session, today), overview.late_by_meeting(session, today)
    shown = meetings.newest(session, _PER_PAGE + 1, before=cursors.day(before))
    return public_page(
        request,
        "meetings/public_list.html",
        lang,
        whole=tallies.total(progress.values()),
        meetings=bars.of_meetings(shown[:_PER_PAGE], progress, late, lang),
        next=cursors.following(shown, _PER_PAGE, lambda last: (last.held_on, last.id)),
        is_first=not before,
        region=regions.find,
    )


@router.api_route("/{lang}/meetings/{slug}", methods=READ)
def meeting(request: Request, lang: Lang, slug: str, session: Reading) -> Response:
    try:
        head = meetings.head(session, slug)
    except NotFound:
        return moved(request, f"/{lang}/meetings/{addresses.current(session, 'meeting', slug)}")
    today = local_today()
    listed = recommendations.listed(session, head.id, today)
    progress = tallies.by_meeting(session, today, head.id).get(head.id, tallies.NOTHING)
    late = overview.late_by_meeting(session, today, head.id)
    excerpts = meetings.excerpts(session, head.id) if head.is_report_public else []
    return public_page(
        request,
        "meetings/public.html",
        lang,
        meeting=head,
        progress=progress,
        bar=bars.of_progress(progress, lang, late.get(head.id, 0)),
        listed=listed,
        numbers={row.id: number for number, (row, _) in enumerate(listed, 1)},
        passages=passages.join(excerpts, head.report_length or 0),
        region=regions.find,
    )
