"""My actions: what is urgent first, each line answered in place; nothing to learn."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.deps import Lang, Reading, Typed, Writing
from app.domain.workflow import BlockReason
from app.queries import actions, mine
from app.queries.owed import Part
from app.queries.viewers import SignedIn
from app.services import answers, updates
from app.services.answers import Answer, Document, Obstacle
from app.services.audit import Actor
from app.services.transitions import Words
from app.signed_in import CurrentPerson
from app.web.forms import Fields, Form, options
from app.web.page import led_to, local_today
from app.web.workspace.frame import frame

router = APIRouter(prefix="/{lang}/workspace/mine")
M = TypeVar("M", bound=Fields)
Text = Annotated[str, Field(max_length=8000)]
Line = Annotated[str, Field(max_length=1000)]


class Received(Fields):
    pass


class Refusal(Fields):
    reason: Text = ""


class Said(Fields):
    s: Answer | None = None
    note: Text = ""
    public_summary: Text = ""
    percent: int | None = Field(None, ge=0, le=100)
    block_reason: BlockReason | None = None
    who_can_unblock: Line = ""
    evidence_title: Line = ""
    evidence_location: Line = ""


@router.get("")
def show(request: Request, lang: Lang, person: CurrentPerson, session: Reading, recorded: str = "") -> Response:
    return _page(request, lang, person, session, recorded=recorded)


@router.post("/{ref}/updates")
def answer(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Writing, typed: Typed) -> Response:
    action, form = actions.get(session, person.viewer, ref, lock=True), Form.read(Said, typed, at=f"{ref}-")

    def give(said: Said) -> object:
        return answers.give(
            session, Actor(person.viewer), action, said.s,
            words=Words(said.note, said.public_summary, said.percent, lang),
            obstacle=Obstacle(said.block_reason, said.who_can_unblock),
            document=Document(said.evidence_title, said.evidence_location),
        )  # fmt: skip

    return _carry_out(request, lang, person, session, ref, form, give)


@router.post("/{ref}/acknowledgement")
def acknowledge(
    request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Writing, typed: Typed
) -> Response:
    action, form = actions.get(session, person.viewer, ref, lock=True), Form.read(Received, typed, at=f"{ref}-")
    return _carry_out(
        request, lang, person, session, ref, form,
        lambda _: updates.acknowledge(session, Actor(person.viewer), action),
    )  # fmt: skip


@router.post("/{ref}/refusal")
def decline(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Writing, typed: Typed) -> Response:
    action, form = actions.get(session, person.viewer, ref, lock=True), Form.read(Refusal, typed, at=f"{ref}-")
    return _carry_out(
        request, lang, person, session, ref, form,
        lambda said: updates.decline(session, Actor(person.viewer), action, reason=said.reason),
    )  # fmt: skip


def _carry_out(
    request: Request,
    lang: str,
    person: SignedIn,
    session: Session,
    ref: str,
    form: Form[M],
    service: Callable[[M], object],
) -> Response:
    if form.data is not None:
        form.attempt(session, service, form.data)
    if form.data is None or not form.ok:
        return _page(request, lang, person, session, refused=form, at=ref)
    return form.done(session, led_to(f"/{lang}/workspace/mine#a-{ref}", recorded=ref, **_cursors(request)))


def _cursors(request: Request) -> dict[str, str]:
    """From where the sections are shown: each goes on by itself, and they keep each other."""
    return {part.value: cursor for part in Part if (cursor := request.query_params.get(part))}


def _page(
    request: Request,
    lang: str,
    person: SignedIn,
    session: Session,
    *,
    recorded: str = "",
    refused: Form[Any] | None = None,
    at: str = "",
) -> Response:
    cursors = _cursors(request)
    return frame(
        request, person, "mine/mine.html", lang, status=refused.status if refused else 200, cursors=cursors,
        owed=mine.of(session, person.viewer, local_today(), cursors), recorded=recorded, refused=refused, at=at,
        form_at=lambda ref: refused if refused and ref == at else Form[Any](at=f"{ref}-"),
        reasons=options(BlockReason, lang),
    )  # fmt: skip
