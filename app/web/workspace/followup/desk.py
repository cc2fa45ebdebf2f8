"""The follow-up desk: what needs me today, each thing done where it stands, some of it by ticking."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from app import clock, routes
from app.config import settings
from app.deps import Typed
from app.domain import list_heads
from app.domain.desk import DeskSection
from app.domain.errors import InvalidQuery, NotAllowed, NotFound
from app.domain.messages import N_, Message
from app.domain.permissions import Role, Viewer, has_role
from app.models.actions import Action
from app.queries.followup import actions, declarations, desk, worklist
from app.queries.scope import ranges
from app.routes import Later, later
from app.services.followup import bulk
from app.signed_in import SessionHolder, Whoever
from app.web.forms import Fields, Form
from app.web.page import led_to, local_today
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/desk")
References = Annotated[list[str], Query(max_length=desk.TICKED)]


class BulkAct(StrEnum):
    VERIFY = "verifications"
    PUBLISH = "publications"


class Ticked(Fields):
    ref: tuple[str, ...] = ()


@router.get("")
def show(asked: Asked, only: str = "", after: str = "") -> Response:
    _require(asked.viewer)
    if only and only not in list(DeskSection):
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), {})
    section = DeskSection(only) if only else None
    found = desk.of(asked.session, asked.viewer, clock.now(), local_today(), section, after if section else "")
    return frame(
        asked,
        "workspace/followup/desk.html",
        only=section,
        after=after,
        fresh=Form[Any],
        desk=found,
        places=found.places,
        most=ranges.MOST,
        longest=declarations.LONGEST,
        heads=list_heads,
        verifies=has_role(asked.viewer, Role.VERIFIER),
        directs=has_role(asked.viewer, Role.SECRETARIAT),
    )


@router.get("/{act}")
def confirm(asked: Asked, act: BulkAct, ref: References = []) -> Response:  # noqa: B006
    """What was ticked, once more, before it is done."""
    _require(asked.viewer)
    return _confirm(asked, act, tuple(ref), Form[Ticked]())


class _Items(Later[list[Action]]):
    """What was ticked, in one order for everybody who ticks at once."""

    def __init__(self, act: str, person: SessionHolder, refs: list[str]) -> None:
        self._act, self._person, self._refs = act, person, sorted(set(refs))

    def look(self, session: Session) -> list[Action]:
        viewer = self._person.look(session).viewer
        _require(viewer)
        items = actions.several(session, viewer, self._refs)
        if not has_role(viewer, Role.VERIFIER if self._act == BulkAct.VERIFY else Role.SECRETARIAT):
            raise NotAllowed
        return items

    def take(self, session: Session) -> list[Action]:
        return actions.several(session, self._person.look(session).viewer, self._refs, lock=True)


def _ticked(act: BulkAct, person: Whoever, typed: Typed) -> _Items:
    refs = [str(ref) for ref in typed.getlist("ref")]
    return _Items(act, person, refs if len(refs) <= desk.TICKED else [])


@router.post("/{act}")
def carry_out(press: Press, act: BulkAct, items: Annotated[list[Action], later(_ticked)]) -> Response:
    def verb(_sent: Ticked) -> str:
        (bulk.verify if act == BulkAct.VERIFY else bulk.publish)(*press.by, items)
        return led_to(f"/{press.lang}/workspace/desk", said="recorded" if act == BulkAct.VERIFY else "published")

    return press.attempt(Ticked, verb, lambda form: _confirm(press, act, form.data.ref if form.data else (), form))


def _confirm(asked: PageRequest, act: BulkAct, refs: tuple[str, ...], form: Form[Ticked]) -> Response:
    items = [actions.get(asked.session, asked.viewer, ref) for ref in dict.fromkeys(refs)]
    lines = [worklist.line(item) for item in items]
    return frame(
        asked,
        "workspace/followup/confirm.html",
        status=form.status,
        items=[(line, *line.marks(local_today(), settings().zone)) for line in lines],
        declarations=declarations.of(asked.session, [item.id for item in items]) if act == BulkAct.VERIFY else {},
        longest=declarations.LONGEST,
        act=act,
        form=form,
    )


def _require(viewer: Viewer) -> None:
    """The desk exists only for those who work at it."""
    if not has_role(viewer, Role.SECRETARIAT, Role.VERIFIER):
        raise NotFound
