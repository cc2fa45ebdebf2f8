"""Meetings: the list with a bar each, and one meeting with its report's marks beside its recommendations."""

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import passages, places, regions
from app.domain.errors import NotFound
from app.queries.meetings import meetings, recommendations
from app.queries.public import addresses, tallies
from app.queries.scope import cursors
from app.web import counts
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()
_PER_PAGE, _MARKED = 15, 12


@router.api_route("/{lang}/meetings/", methods=READ)
def every(request: Request, lang: Lang, session: Reading, before: str = "") -> Response:
    today = local_today()
    shown = meetings.newest(session, _PER_PAGE + 1, before=cursors.day(before))
    progress = tallies.of_meetings(session, [row.id for row in shown[:_PER_PAGE]], today)
    return public_page(
        request,
        "public/meetings.html",
        lang,
        [places.COUNTS],
        whole=counts.of(tallies.whole(session, today), lang),
        meetings=counts.of_meetings(shown[:_PER_PAGE], progress, lang),
        next=cursors.following(shown, _PER_PAGE, lambda last: (last.held_on, last.id)),
        is_first=not before,
        region=regions.find,
    )


@router.api_route("/{lang}/meetings/{slug}", methods=READ)
def meeting(request: Request, lang: Lang, slug: str, session: Reading, after: str = "") -> Response:
    try:
        head = meetings.head(session, slug)
    except NotFound:
        return moved(request, f"/{lang}/meetings/{addresses.current(session, 'meeting', slug)}")
    today = local_today()
    rows = recommendations.of_meeting(session, head.id, cursors.number(after))
    progress = tallies.of_meetings(session, [head.id], today).get(head.id, tallies.NOTHING)
    return public_page(
        request,
        "public/meeting.html",
        lang,
        [places.of("meeting", head.id)],
        meeting=head,
        counts=counts.of(progress, lang),
        listed=recommendations.listed(session, rows[: recommendations.PER_PAGE], today),
        next=cursors.following(rows, recommendations.PER_PAGE, lambda last: (last.position, last.id)),
        is_first=not after,
        passages=_passages(session, head) if progress.total <= _MARKED else [],
        region=regions.find,
    )


def _passages(session: Session, head: meetings.MeetingHead) -> list[passages.Passage]:
    """The report round its marks, where it is public as a whole and they are not too many for one page."""
    excerpts = meetings.excerpts(session, head.id) if head.is_report_public else []
    return passages.join(excerpts, head.report_length or 0)
