"""The weekly mail switched off from its own foot, or by a mail program in one click (RFC 8058); and on again.

That POST is the one of ours that answers with a page: a mail program follows no redirect. What it sends with it says
nothing more than its being a POST to this key, so it is not read. A GET only shows: scanners open every link.
"""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Writing
from app.domain.permissions import Viewer
from app.models.people import Person
from app.models.updates import Via
from app.queries.mailing import off_keys
from app.routes import Later, later
from app.services.kernel.audit import Actor
from app.services.setup import people
from app.web.page import page, see_other

router = routes.router("/{lang}/off/{off_token}")
READ = ["GET", "HEAD"]


class _Reader(Later[Person]):
    """Whose weekly mail the key switches."""

    def __init__(self, token: str) -> None:
        self._token = token

    def look(self, session: Session) -> Person:
        return off_keys.opened(session, self._token)

    def take(self, session: Session) -> Person:
        return off_keys.opened(session, self._token, lock=True)


def _reader(off_token: str) -> _Reader:
    return _Reader(off_token)


Reader = Annotated[Person, later(_reader)]


@router.api_route("", methods=READ)
def show(request: Request, lang: Lang, off_token: str, session: Reading) -> Response:
    return _page(request, lang, off_token, off_keys.opened(session, off_token))


@router.post("")
def switch_off(request: Request, lang: Lang, off_token: str, reader: Reader, session: Writing) -> Response:
    people.switch_digest(session, _actor(reader), reader, is_on=False)
    return _page(request, lang, off_token, reader, is_done=True)


@router.post("/return")
def switch_on(lang: Lang, off_token: str, reader: Reader, session: Writing) -> Response:
    people.switch_digest(session, _actor(reader), reader, is_on=True)
    return see_other(f"/{lang}/off/{off_token}")


def _actor(reader: Person) -> Actor:
    """Themselves, as far as this key reaches."""
    return Actor(Viewer(reader.id, lang=reader.locale), Via.MAIL_LINK)


def _page(request: Request, lang: str, token: str, reader: Person, *, is_done: bool = False) -> Response:
    """It names nobody: mails are forwarded."""
    return page(request, "links/off.html", lang, token=token, is_on=reader.has_digest, is_done=is_done)
