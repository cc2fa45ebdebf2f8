"""The days off of this year and the next: what is estimated, fixed and decided; the verbs of administrators."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from app import routes
from app.domain import holidays
from app.domain.errors import InvalidQuery
from app.domain.holidays import DayStanding, Holiday
from app.domain.messages import N_, Message
from app.queries.setup import days_off as days_off_queries
from app.queries.setup import rooms
from app.services.kernel.audit import Actor
from app.services.setup import days_off, roles
from app.web.forms import Fields, Form
from app.web.page import led_to, local_today
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/days-off")


class DayFields(Fields):
    on: dt.date
    version: Annotated[int, Field(ge=0)] | None = None


class StruckDay(DayFields):
    is_meant: bool = False


class MovedDay(StruckDay):
    to: dt.date


class AddedDay(Fields):
    on: dt.date
    name: Annotated[str, StringConstraints(max_length=days_off.LONGEST)]
    is_meant: bool = False


@router.get("")
def show(asked: Asked, year: int | None = None, on: Annotated[str, Query(max_length=20)] = "") -> Response:
    rooms.require(asked.viewer)
    roles.require_administrator(Actor(asked.viewer))
    return _page(asked, _date(year, on), {})


@router.post("")
def add(press: Press, _here: pages.SettingUp, _may: pages.Administering) -> Response:
    def verb(sent: AddedDay) -> str:
        days_off.add(*press.by, **sent.model_dump())
        return _led(press, sent.on, "added")

    return _attempt(press, AddedDay, "add-", verb)


@router.post("/confirmations")
def confirm(press: Press, _here: pages.SettingUp, _may: pages.Administering) -> Response:
    def verb(sent: DayFields) -> str:
        days_off.confirm(*press.by, **sent.model_dump())
        return _led(press, sent.on, "saved")

    return _attempt(press, DayFields, "confirm-", verb)


@router.post("/moves")
def move(press: Press, _here: pages.SettingUp, _may: pages.Administering) -> Response:
    def verb(sent: MovedDay) -> str:
        days_off.move(*press.by, **sent.model_dump())
        return _led(press, sent.to, "saved")

    return _attempt(press, MovedDay, "move-", verb)


@router.post("/strikes")
def strike(press: Press, _here: pages.SettingUp, _may: pages.Administering) -> Response:
    def verb(sent: StruckDay) -> str:
        days_off.strike(*press.by, **sent.model_dump())
        return _led(press, sent.on, "saved")

    return _attempt(press, StruckDay, "strike-", verb)


@router.post("/withdrawals")
def take_back(press: Press, _here: pages.SettingUp, _may: pages.Administering) -> Response:
    def verb(sent: DayFields) -> str:
        days_off.take_back(*press.by, **sent.model_dump())
        return _led(press, sent.on, "taken_back")

    return _attempt(press, DayFields, "back-", verb)


def _led(press: FormRequest, on: dt.date, said: str) -> str:
    return led_to(f"/{press.lang}/workspace/setup/days-off", said=said, on=on.isoformat())


def _attempt(press: FormRequest, model: type[Any], at: str, verb: Any) -> Response:
    form = Form.read(model, press.typed, at=at)
    return form.carry_out(press.session, verb, lambda form: _page(press, _typed(form), {at: form}))


def _date(year: int | None, on: str) -> tuple[int, dt.date | None]:
    """Of which year the list is, and of which of its days the verbs stand beside it."""
    years = days_off_queries.years(local_today())
    try:
        day = dt.date.fromisoformat(on) if on else None
    except ValueError:
        raise InvalidQuery(Message(N_("Enter a date, for example 2027-03-31")), {}) from None
    chosen = year if year is not None else day.year if day else years[0]
    if chosen not in years or (day and day.year != chosen):
        raise InvalidQuery(Message(N_("Choose this year or the next one")), {})
    return chosen, day


def _typed(form: Form[Any]) -> tuple[int, dt.date | None]:
    """Whatever was typed, the page comes again."""
    try:
        return _date(None, form.values.get("on", ""))
    except InvalidQuery:
        return days_off_queries.years(local_today())[0], None


def _page(asked: PageRequest, place: tuple[int, dt.date | None], sent: dict[str, Form[Any]]) -> Response:
    year, on = place
    listed = days_off_queries.of_year(asked.session, year)
    forms = {at: sent.get(at) or Form(at=at) for at in ("add-", "confirm-", "move-", "strike-", "back-")}
    return frame(
        asked,
        "workspace/setup/days_off.html",
        status=max(form.status for form in forms.values()),
        year=year,
        years=days_off_queries.years(local_today()),
        rows=[(one, holidays.standing(one)) for one in listed],
        known=holidays.KNOWN,
        chosen=_chosen(listed, on),
        forms_of={at.removesuffix("-"): form for at, form in forms.items()},
        is_estimate=DayStanding.ESTIMATE,
    )


def _chosen(listed: list[Holiday], on: dt.date | None) -> Holiday | None:
    """The one asked for, else the next estimate that waits to be confirmed."""
    if on:
        return next((one for one in listed if one.on == on), None)
    waiting = (one for one in listed if one.standing is DayStanding.ESTIMATE and one.on >= local_today())
    return next(waiting, None)
