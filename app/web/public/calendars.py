"""Public calendars: the meetings of a programme, or one of them, with the deadlines of their public actions."""

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import places
from app.domain.errors import NotFound
from app.domain.texts import pick
from app.formats import ics
from app.queries.meetings import meetings
from app.queries.public import addresses, calendar_days, programmes
from app.web import calendars
from app.web.cacheable import READ, moved, public_file
from app.web.page import local_today

router = routes.router("/calendars/{lang}")


@router.api_route("/programmes/{slug}.ics", methods=READ)
def programme(request: Request, lang: Lang, slug: str, session: Reading) -> Response:
    try:
        row = programmes.public(session, slug)
    except NotFound:
        return _moved(request, session, lang, "programme", slug)
    days = calendar_days.of_programme(session, row.id, local_today())
    # An action says of its meeting alone that it moved.
    shows = [places.of("meeting", meeting_id) for meeting_id in calendar_days.meeting_ids(session, row.id)]
    written = calendars.written(pick(row.titles, lang)[0], days, lang)
    return public_file(request, written, ics.MEDIA_TYPE, [places.of("programme", row.id), *shows])


@router.api_route("/meetings/{slug}.ics", methods=READ)
def meeting(request: Request, lang: Lang, slug: str, session: Reading) -> Response:
    try:
        row = meetings.head(session, slug)
    except NotFound:
        return _moved(request, session, lang, "meeting", slug)
    days = calendar_days.of_meeting(session, row.id, local_today())
    written = calendars.written(pick(row.titles, lang)[0], days, lang)
    return public_file(request, written, ics.MEDIA_TYPE, [places.of("meeting", row.id)])


def _moved(request: Request, session: Session, lang: str, kind: str, slug: str) -> Response:
    return moved(request, f"/calendars/{lang}/{kind}s/{addresses.current(session, kind, slug)}.ics")
