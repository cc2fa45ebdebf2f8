"""One's own substitutes: who acts for the holder of a post from one day to another, by the holder's own choice."""

import datetime as dt
from typing import Annotated

import sqlalchemy as sa
from fastapi import Path
from pydantic import StringConstraints
from sqlmodel import Session, col
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import Refused
from app.domain.messages import N_
from app.models.people import Person, PlannedSeat
from app.queries.setup import planned_seats
from app.services.setup import seats, substitutes
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/profile/substitutes")
Planned = Annotated[PlannedSeat, signed_in.item(planned_seats.of_own, "plan_id")]
Words = Annotated[str, StringConstraints(max_length=4000)]
Id = Annotated[int, Path(ge=1, lt=2**31)]


class SubstituteFields(Fields):
    post: str
    person_id: int | None = None
    email: str = ""
    from_on: dt.date
    until_on: dt.date
    note: Words = ""


@router.get("")
def show(asked: Asked) -> Response:
    return _page(asked, Form())


@router.post("")
def choose(press: Press) -> Response:
    def verb(sent: SubstituteFields) -> str:
        post = planned_seats.own_post(press.session, press.viewer, sent.post, lock=True)
        days = sent.model_dump(include={"from_on", "until_on", "note"})
        substitutes.choose(*press.by, post, _somebody(press.session, sent), **days)
        return led_to(f"/{press.lang}/workspace/profile/substitutes", said="acting_named")

    return press.attempt(SubstituteFields, verb, lambda form: _page(press, form))


@router.post("/{plan_id}/removal")
def take_back(press: Press, plan_id: Id, plan: Planned) -> Response:
    def verb(_sent: Fields) -> str:
        seats.take_back(*press.by, plan)
        return led_to(f"/{press.lang}/workspace/profile/substitutes", said="taken_back")

    return press.attempt(Fields, verb, lambda _form: _page(press, Form()))


def _somebody(session: Session, sent: SubstituteFields) -> Person:
    """A colleague of the list, or anybody here whose address the holder knows."""
    if bool(sent.person_id) == bool(sent.email.strip()):
        raise Refused(N_("Choose a colleague or give an address, one of the two"), "person_id")
    if sent.person_id:
        found = session.get(Person, sent.person_id)
    else:
        address = sent.email.strip().lower()
        found = session.scalars(sa.select(Person).where(col(Person.email) == address)).first()
    if found is None:
        raise Refused(N_("Nobody here has this address"), "email" if sent.email else "person_id")
    return found


def _page(asked: PageRequest, form: Form[SubstituteFields]) -> Response:
    return frame(
        asked,
        "workspace/substitutes.html",
        status=form.status,
        posts=planned_seats.own_posts(asked.session, asked.viewer),
        planned=planned_seats.on_own_posts(asked.session, asked.viewer),
        colleagues=planned_seats.colleagues(asked.session, asked.viewer),
        form=form,
    )
