"""What every workspace page and press is given, and the frame round each page: the rooms that one's roles open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, TypeVar

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, db
from app.config import settings
from app.deps import Lang, Typed
from app.domain import guides
from app.domain.messages import N_, Message
from app.domain.permissions import Role, Viewer, has_role, managed
from app.queries.mailing import health
from app.queries.scope.viewers import SignedIn
from app.routes import Later, later
from app.services.kernel.audit import Actor
from app.signed_in import SessionHolder, Whoever
from app.web.forms import Fields, Form
from app.web.page import page

A = TypeVar("A", bound="PageRequest")
M = TypeVar("M", bound=Fields)
_FRESH = 15  # seconds


@dataclass(frozen=True)
class PageRequest:
    """Somebody who is signed in asks for a page."""

    request: Request
    lang: str
    person: SignedIn
    session: Session

    @property
    def viewer(self) -> Viewer:
        return self.person.viewer


@dataclass(frozen=True)
class FormRequest(PageRequest):
    """Somebody who is signed in sent a form; the session has its turn to write."""

    typed: FormData

    @property
    def actor(self) -> Actor:
        return Actor(self.viewer)

    @property
    def by(self) -> tuple[Session, Actor]:
        """What every verb wants first."""
        return self.session, self.actor

    def attempt(self, model: type[M], verb: Callable[[M], str], again: Callable[[Form[M]], Response]) -> Response:
        """The verb, once, then where it says that it leads; refused, the page again with what was typed."""
        return Form.read(model, self.typed).carry_out(self.session, verb, again)


class Requested(Later[A]):
    """Made within the route's trip, with the session that the trip has then: judged by reading, taken in its turn."""

    def __init__(self, make: Callable[[SignedIn, Session], A], person: SessionHolder) -> None:
        self._make, self._person = make, person

    def look(self, session: Session) -> A:
        return self._make(self._person.look(session), session)


def _asked(request: Request, lang: Lang, person: Whoever) -> Requested[PageRequest]:
    return Requested(lambda who, session: PageRequest(request, lang, who, session), person)


def _pressed(request: Request, lang: Lang, person: Whoever, typed: Typed) -> Requested[FormRequest]:
    return Requested(lambda who, session: FormRequest(request, lang, who, session, typed), person)


Asked = Annotated[PageRequest, later(_asked)]
Press = Annotated[FormRequest, later(_pressed)]


@dataclass(frozen=True)
class MenuEntry:
    href: str
    text: str
    is_here: bool
    count: int = 0


# (room, word, who finds it in the menu)
_ROOMS: tuple[tuple[str, str, Callable[[Viewer], bool]], ...] = (
    ("mine", N_("My actions"), lambda viewer: bool(viewer.post_ids)),
    ("organisation", N_("My organisation"), lambda viewer: bool(managed(viewer))),
    ("overview", N_("Overview"), lambda viewer: has_role(viewer, Role.OBSERVER)),
    ("desk", N_("Follow-up desk"), lambda viewer: has_role(viewer, Role.SECRETARIAT, Role.VERIFIER)),
    ("actions", N_("Actions"), lambda viewer: sees_programmes(viewer) or bool(managed(viewer))),
    ("meetings", N_("Meetings"), lambda viewer: has_role(viewer, Role.SECRETARIAT)),
    ("outgoing", N_("What goes out"), lambda viewer: has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR)),
    ("setup", N_("Set-up"), lambda viewer: has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR)),
    ("mailbox", N_("Mailbox"), lambda _viewer: settings().demo and not settings().smtp_url),
    ("profile", N_("Profile"), lambda _viewer: True),
)


def frame(asked: PageRequest, template: str, *, status: int = 200, **context: object) -> Response:
    """A workspace page; never kept by anybody on the way."""
    response = page(
        asked.request,
        template,
        asked.lang,
        status=status,
        viewer=asked.person,
        nav=_nav(asked),
        banners=_banners(asked.viewer),
        **context,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def sees_programmes(viewer: Viewer) -> bool:
    return has_role(viewer, Role.SECRETARIAT, Role.VERIFIER, Role.OBSERVER)


def _banners(viewer: Viewer) -> tuple[Message, ...]:
    """Why nobody is reminded, to whoever can mend it or answers for it."""
    if not has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR):
        return ()
    moment = int(clock.now().timestamp()) // _FRESH
    return _pulse(settings().database, moment)


@lru_cache(maxsize=4)
def _pulse(_database: str, _moment: int) -> tuple[Message, ...]:
    """Asked for once in a few seconds, not for every page."""
    with db.current().read() as session:
        return health.followup(session, clock.now()).banner


def _nav(asked: PageRequest) -> list[MenuEntry]:
    base = f"/{asked.lang}/workspace/"
    here = asked.request.scope["path"].removeprefix(base).split("/", 1)[0]
    rooms = [MenuEntry(f"{base}{room}", word, here == room) for room, word, opens in _ROOMS if opens(asked.viewer)]
    return [*rooms, MenuEntry(f"{base}guide{guides.at(here, asked.viewer)}", N_("Guide"), here == "guide")]
