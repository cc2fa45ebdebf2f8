"""A person's own calendar behind its key: what they owe, for a calendar program that asks again and again.

`no-store`, as everything behind a key: no cache on the way keeps it. A program that keeps what it was given tells us
its tag, and is answered 304 for a few statements, without the calendar being written.
"""

from fastapi import Request
from starlette.responses import Response

from app import clock, routes
from app.deps import Reading
from app.domain.messages import N_
from app.formats import ics
from app.i18n.catalogues import gettext
from app.queries.followup import owed_days
from app.queries.mailing import directory
from app.queries.setup import feeds
from app.web import calendars

router = routes.router("/calendars/me")
_NAME = N_("Tatbiq: my deadlines")


@router.api_route("/{feed_token}.ics", methods=["GET", "HEAD"])
def mine(request: Request, feed_token: str, session: Reading) -> Response:
    reader = feeds.opened(session, feed_token)
    today = clock.today(directory.zone_of(reader.timezone))
    days, name = owed_days.of(session, reader.person_id, today), gettext(reader.lang, _NAME)
    headers = {"ETag": calendars.tag(name, days, reader.lang)}
    if calendars.is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'attachment; filename="tatbiq.ics"'
    return Response(calendars.written(name, days, reader.lang, is_own=True), headers=headers, media_type=ics.MEDIA_TYPE)
