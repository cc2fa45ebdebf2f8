"""The follow-up desk: what needs me today, each thing done where it stands, some of it by ticking."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app import clock, routes
from app.config import settings
from app.deps import Lang, Reading, Typed, Writing
from app.domain import list_heads
from app.domain.errors import NotAllowed, NotFound, Senseless
from app.domain.messages import N_, Message
from app.domain.permissions import Role, Viewer, has_role
from app.models.actions import Action
from app.queries.followup import actions, claims, desk, worklist
from app.queries.followup.desk_sections import Section
from app.queries.scope import ranges
from app.queries.scope.viewers import SignedIn
from app.routes import Later, later
from app.services.followup import bulk
from app.services.kernel.audit import Actor
from app.signed_in import CurrentPerson, Person, Whoever
from app.web.forms import Fields, Form
from app.web.page import led_to, local_today
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/desk")
References = Annotated[list[str], Query(max_length=desk.TICKED)]


class Act(StrEnum):
    VERIFY = "verifications"
    PUBLISH = "publications"


class Ticked(Fields):
    ref: tuple[str, ...] = ()


@router.get("")
def show(
    request: Request, lang: Lang, person: CurrentPerson, session: Reading, only: str = "", after: str = ""
) -> Response:
    _require(person.viewer)
    if only and only not in list(Section):
        raise Senseless(Message(N_("There is no such filter. The others are kept.")), {})
    section = Section(only) if only else None
    found = desk.of(session, person.viewer, clock.now(), local_today(), section, after if section else "")
    return frame(
        request, person, "workspace/followup/desk.html", lang, only=section, after=after, few=desk.FEW, fresh=Form[Any],
        desk=found, places=found.places, most=ranges.MOST, longest=claims.LONGEST, heads=list_heads,
        verifies=has_role(person.viewer, Role.VERIFIER), directs=has_role(person.viewer, Role.SECRETARIAT),
    )  # fmt: skip


@router.get("/{act}")
def confirm(
    request: Request,
    lang: Lang,
    act: Act,
    person: CurrentPerson,
    session: Reading,
    ref: References = [],  # noqa: B006
) -> Response:
    """What was ticked, once more, before it is done."""
    _require(person.viewer)
    return _confirm(request, lang, act, person, session, tuple(ref), Form[Ticked]())


class _Items(Later[list[Action]]):
    """What was ticked, in one order for everybody who ticks at once."""

    def __init__(self, act: str, person: Person, refs: list[str]) -> None:
        self._act, self._person, self._refs = act, person, sorted(set(refs))

    def look(self, session: Session) -> list[Action]:
        viewer = self._person.look(session).viewer
        _require(viewer)
        items = actions.several(session, viewer, self._refs)
        if not has_role(viewer, Role.VERIFIER if self._act == Act.VERIFY else Role.SECRETARIAT):
            raise NotAllowed
        return items

    def take(self, session: Session) -> list[Action]:
        return actions.several(session, self._person.look(session).viewer, self._refs, lock=True)


def _ticked(act: Act, person: Whoever, typed: Typed) -> _Items:
    refs = [str(ref) for ref in typed.getlist("ref")]
    return _Items(act, person, refs if len(refs) <= desk.TICKED else [])


@router.post("/{act}")
def carry_out(
    request: Request, lang: Lang, act: Act, items: Annotated[list[Action], later(_ticked)],
    person: CurrentPerson, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Ticked, typed)
    service = bulk.verify if act == Act.VERIFY else bulk.publish
    form.attempt(session, service, session, Actor(person.viewer), items)
    if not form.ok:
        return _confirm(request, lang, act, person, session, form.data.ref if form.data else (), form)
    said = "recorded" if act == Act.VERIFY else "published"
    return form.done(session, led_to(f"/{lang}/workspace/desk", said=said))


def _confirm(
    request: Request,
    lang: str,
    act: Act,
    person: SignedIn,
    session: Session,
    refs: tuple[str, ...],
    form: Form[Ticked],
) -> Response:
    items = [actions.get(session, person.viewer, ref) for ref in dict.fromkeys(refs)]
    lines = [worklist.line(item) for item in items]
    return frame(
        request, person, "workspace/followup/confirm.html", lang, status=form.status, act=act, form=form,
        items=[(line, *line.marks(local_today(), settings().zone)) for line in lines], longest=claims.LONGEST,
        claims=claims.of(session, [item.id for item in items]) if act == Act.VERIFY else {},
    )  # fmt: skip


def _require(viewer: Viewer) -> None:
    """The desk exists only for those who work at it."""
    if not has_role(viewer, Role.SECRETARIAT, Role.VERIFIER):
        raise NotFound
