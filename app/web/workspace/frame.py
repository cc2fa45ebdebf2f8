"""The frame of every workspace page: who is signed in, and the rooms that their roles open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from fastapi import Request
from starlette.responses import Response

from app import clock, db
from app.config import settings
from app.domain.messages import N_, Message
from app.domain.permissions import Role, Viewer, has_role, managed
from app.queries.mailing import health
from app.queries.scope.viewers import SignedIn
from app.web.page import page

_FRESH = 15  # seconds


@dataclass(frozen=True)
class Entry:
    href: str
    text: str
    is_here: bool
    count: int = 0


# (room, word, who finds it in the menu)
_ROOMS: tuple[tuple[str, str, Callable[[Viewer], bool]], ...] = (
    ("mine", N_("My actions"), lambda viewer: bool(viewer.post_ids)),
    ("desk", N_("Follow-up desk"), lambda viewer: has_role(viewer, Role.SECRETARIAT, Role.VERIFIER)),
    ("actions", N_("Actions"), lambda viewer: sees_programmes(viewer) or bool(managed(viewer))),
    ("meetings", N_("Meetings"), lambda viewer: has_role(viewer, Role.SECRETARIAT)),
    ("outgoing", N_("What goes out"), lambda viewer: has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR)),
    ("setup", N_("Set-up"), lambda viewer: has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR)),
    ("mailbox", N_("Mailbox"), lambda _viewer: settings().demo and not settings().smtp_url),
    ("profile", N_("Profile"), lambda _viewer: True),
)


def frame(
    request: Request, person: SignedIn, template: str, lang: str, *, status: int = 200, **context: object
) -> Response:
    """A workspace page; never kept by anybody on the way."""
    response = page(
        request,
        template,
        lang,
        status=status,
        viewer=person,
        nav=_nav(request, person.viewer, lang),
        banners=_banners(person.viewer),
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
        return health.followup(session, clock.now()).reasons


def _nav(request: Request, viewer: Viewer, lang: str) -> list[Entry]:
    base = f"/{lang}/workspace/"
    here = request.url.path.removeprefix(base).split("/", 1)[0]
    return [Entry(f"{base}{room}", word, here == room) for room, word, opens in _ROOMS if opens(viewer)]
