"""One's own calendar: its address made, made anew, and taken back; told once, on the page that the press leads to."""

from typing import Annotated

from starlette.responses import Response

from app import routes, signed_in
from app.models.people import Person
from app.queries.setup import people as people_queries
from app.services.setup import feeds
from app.web import shown_once
from app.web.forms import NoFields
from app.web.page import led_to, see_other
from app.web.workspace.frame import Press

router = routes.router("/{lang}/workspace/profile/calendar")
Own = Annotated[Person, signed_in.item(people_queries.own)]


@router.post("")
def make(press: Press, own: Own) -> Response:
    told: list[str] = []

    def verb(_sent: NoFields) -> str:
        told.append(feeds.make(*press.by, own))
        return _profile(press.lang, "calendar_made")

    response = press.attempt(NoFields, verb, lambda _form: see_other(_profile(press.lang)))
    for key in told:
        shown_once.put(response, key)
    return response


@router.post("/revocation")
def revoke(press: Press, own: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        feeds.revoke(*press.by, own)
        return _profile(press.lang, "calendar_revoked")

    return press.attempt(NoFields, verb, lambda _form: see_other(_profile(press.lang)))


def _profile(lang: str, said: str = "") -> str:
    return led_to(f"/{lang}/workspace/profile#calendar", said=said)
