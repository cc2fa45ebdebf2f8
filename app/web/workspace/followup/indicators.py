"""Indicators in the workspace: made by the secretariat, their values entered by the post that keeps them."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.domain import figures, permissions
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.periods import Rhythm
from app.domain.permissions import Role, Viewer, has_role, may
from app.models.indicators import Indicator, IndicatorValue
from app.queries.followup import indicators as found
from app.queries.meetings import recommendations
from app.queries.setup import choices, rooms
from app.services.followup import indicators
from app.services.followup.indicators import Measured
from app.services.kernel.audit import Actor
from app.web import trends
from app.web.forms import Fields, Form, NoFields, ReasonFields, is_looking, numbers, options
from app.web.page import led_to, local_today
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/indicators")
Id = Annotated[int, Path(ge=1, lt=2**31)]


def _managed(session: Session, viewer: Viewer, indicator_id: int, *, lock: bool = False) -> Indicator:
    own = found.get(session, viewer, indicator_id, lock=lock)
    permissions.require_secretariat(viewer, own.programme_id)
    return own


def _kept(session: Session, viewer: Viewer, indicator_id: int, *, lock: bool = False) -> Indicator:
    own = found.get(session, viewer, indicator_id, lock=lock)
    indicators.require_keeper(Actor(viewer), own)
    return own


Making = Annotated[None, signed_in.right(rooms.require)]
Managed = Annotated[Indicator, signed_in.item(_managed, "indicator_id")]
Kept = Annotated[Indicator, signed_in.item(_kept, "indicator_id")]
OwnValue = Annotated[IndicatorValue, signed_in.item(found.value, "indicator_id", "value_id")]
Short = Annotated[str, Field(max_length=60)]
Line = Annotated[str, Field(max_length=1000)]


class IndicatorFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    unit: dict[str, str] = Field(default_factory=dict)
    baseline: Short = ""
    baseline_on: dt.date | None = None
    target: Short = ""
    target_on: dt.date
    post_words: Line = ""
    post_id: int | None = None
    word_every: Rhythm | None = None
    version: int | None = None

    def aim(self) -> dict[str, Any]:
        words = self.model_dump(include={"titles", "unit", "baseline_on", "target_on", "post_id", "word_every"})
        baseline = figures.parse(self.baseline, "baseline") if self.baseline else None
        return {**words, "baseline": baseline, "target": figures.parse(self.target, "target")}


class NewIndicator(IndicatorFields):
    programme: str
    recommendation: Short = ""


class ValueFields(Fields):
    of_on: dt.date
    value: Short
    source: Line = ""
    link: Line = ""
    reason: Line = ""

    def measured(self) -> Measured:
        return Measured(self.of_on, figures.parse(self.value, "value"), self.source, self.link)


@router.get("")
def listed(asked: Asked) -> Response:
    shown = trends.of(found.mine(asked.session, asked.viewer), local_today())
    makes = has_role(asked.viewer, Role.SECRETARIAT)
    return frame(asked, "workspace/followup/indicators.html", shown=shown, makes=makes)


@router.get("/new")
def new(asked: Asked, programme: Annotated[str, Query(max_length=80)] = "") -> Response:
    rooms.require(asked.viewer)
    return _form(asked, Form(), programme)


@router.post("")
def create(press: Press, _may: Making) -> Response:
    def verb(sent: NewIndicator) -> str:
        programme = rooms.programme(press.session, press.viewer, sent.programme)
        about = None
        if sent.recommendation:
            about = recommendations.get(press.session, press.viewer, sent.recommendation.upper())
            if about.programme_id != programme.id:
                raise Refused(N_("This recommendation is of another programme"), "recommendation")
        made = indicators.create(*press.by, programme.id, about.id if about else None, **sent.aim())
        return _led(press, made.id, "added")

    form = Form.read(NewIndicator, press.typed)
    if is_looking(press.typed):
        form.unread()
    return form.carry_out(press.session, verb, lambda form: _form(press, form, form.values.get("programme", "")))


@router.get("/{indicator_id}")
def show(asked: Asked, indicator_id: Id) -> Response:
    return _page(asked, found.get(asked.session, asked.viewer, indicator_id))


@router.post("/{indicator_id}")
def edit(press: Press, indicator_id: Id, own: Managed) -> Response:
    def verb(sent: IndicatorFields) -> str:
        indicators.edit(*press.by, own, version=sent.version, **sent.aim())
        return _led(press, indicator_id, "saved")

    form = Form.read(IndicatorFields, press.typed, at="aim-")
    if is_looking(press.typed):
        form.unread()
    return form.carry_out(press.session, verb, lambda form: _page(press, own, form, "aim"))


@router.post("/{indicator_id}/values")
def measure(press: Press, indicator_id: Id, own: Kept) -> Response:
    def verb(sent: ValueFields) -> str:
        indicators.measure(*press.by, own, sent.measured())
        return _led(press, indicator_id, "recorded")

    form = Form.read(ValueFields, press.typed, at="value-")
    return form.carry_out(press.session, verb, lambda form: _page(press, own, form, "value"))


@router.post("/{indicator_id}/values/{value_id}/correction")
def correct(press: Press, indicator_id: Id, value_id: Id, own: Kept, old: OwnValue) -> Response:
    def verb(sent: ValueFields) -> str:
        indicators.correct(*press.by, own, old, sent.measured(), reason=sent.reason)
        return _led(press, indicator_id, "saved")

    form = Form.read(ValueFields, press.typed, at=f"v{value_id}-")
    return form.carry_out(press.session, verb, lambda form: _page(press, own, form, f"v{value_id}"))


@router.post("/{indicator_id}/publication")
def publish(press: Press, indicator_id: Id, own: Managed) -> Response:
    def verb(_sent: NoFields) -> str:
        indicators.publish(*press.by, own)
        return _led(press, indicator_id, "published")

    return press.attempt(NoFields, verb, lambda form: _page(press, own, form))


@router.post("/{indicator_id}/withdrawal")
def withdraw(press: Press, indicator_id: Id, own: Managed) -> Response:
    def verb(sent: ReasonFields) -> str:
        indicators.withdraw(*press.by, own, reason=sent.reason)
        return _led(press, indicator_id, "withdrawn")

    form = Form.read(ReasonFields, press.typed, at="withdrawal-")
    return form.carry_out(press.session, verb, lambda form: _page(press, own, form, "withdrawal"))


def _led(asked: PageRequest, indicator_id: int, said: str) -> str:
    return led_to(f"/{asked.lang}/workspace/indicators/{indicator_id}", said)


def _form(asked: PageRequest, form: Form[Any], programme: str) -> Response:
    lines = rooms.programmes(asked.session, asked.viewer, None)
    return frame(
        asked,
        "workspace/followup/indicator_new.html",
        status=form.status,
        form=form,
        programme=programme,
        typed=figures.typed,
        programmes=[line for line in lines if may(asked.viewer, line.id, Role.SECRETARIAT)],
        **_choices(asked, form, None),
    )


def _page(asked: PageRequest, own: Indicator, form: Form[Any] | None = None, place: str = "") -> Response:
    [shown] = trends.of([found.one(asked.session, own.id)], local_today())
    aim = form if form and place == "aim" else Form[Any](at="aim-")
    is_secretariat = may(asked.viewer, own.programme_id, Role.SECRETARIAT)
    return frame(
        asked,
        "workspace/followup/indicator.html",
        status=form.status if form else 200,
        own=own,
        shown=shown,
        refused=form,
        place=place,
        fresh=Form[Any],
        is_secretariat=is_secretariat,
        may_measure=indicators.may_measure(Actor(asked.viewer), own),
        typed=figures.typed,
        aim=aim,
        **(_choices(asked, aim, own) if is_secretariat else {}),
    )


def _choices(asked: PageRequest, form: Form[Any], own: Indicator | None) -> dict[str, object]:
    chosen = form.values.get("post_id", str(own.post_id or "") if own else "")
    posts = choices.found(asked.session, form.values.get("post_words", ""), numbers(chosen))
    return {"posts": posts, "few": choices.FEW, "rhythms": options(Rhythm, asked.lang)}
