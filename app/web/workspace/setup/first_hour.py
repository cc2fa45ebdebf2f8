"""The way into the set-up: what a new house needs in its first hour, and what of it is there."""

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.queries.setup import rooms
from app.signed_in import CurrentPerson
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/setup")


@router.get("")
def first_hour(request: Request, lang: Lang, session: Reading, person: CurrentPerson) -> Response:
    rooms.require(person.viewer)
    return frame(request, person, "workspace/setup/first_hour.html", lang, done=rooms.first_hour(session))
