"""Programmes in the set-up: list, new, edit, publish and withdraw."""

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.domain import periods
from app.domain.messages import Message
from app.domain.periods import Rhythm
from app.domain.permissions import Role, may
from app.models.meetings import Programme, ReleasePolicy
from app.queries.mailing import word_candidates
from app.queries.setup import rooms
from app.services.setup import programmes
from app.web.forms import Fields, Form, NoFields, ReasonFields, options
from app.web.page import led_to, local_today
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Programme, signed_in.item(rooms.programme, "slug")]


class ProgrammeFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    release_policy: ReleasePolicy = ReleasePolicy.BY_HAND
    release_days: Annotated[int, Field(ge=1, le=30)] = 3
    managers_decide: bool = False
    word_every: Rhythm | None = None


class NewProgramme(ProgrammeFields):
    slug: str = ""


class EditedProgramme(ProgrammeFields):
    version: int | None = None


Sent = Form[NewProgramme] | Form[EditedProgramme] | Form[ReasonFields] | Form[NoFields]


@router.get("/programmes")
def listed(asked: Asked, after: Annotated[str, Query()] = "") -> Response:
    rows, more = pages.cut(rooms.programmes(asked.session, asked.viewer, pages.after(after)), "slug")
    return frame(asked, "workspace/setup/programmes.html", rows=rows, more=more, is_start=not after)


@router.get("/new-programme")
def new(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    return _page(asked, None, Form())


@router.post("/programmes")
def create(press: Press, _may: pages.SettingUp) -> Response:
    def verb(sent: NewProgramme) -> str:
        made = programmes.create(*press.by, **sent.model_dump())
        return pages.led_on(press, f"programmes/{made.slug}", "added")

    return press.attempt(NewProgramme, verb, lambda form: _page(press, None, form))


@router.get("/programmes/{slug}")
def show(asked: Asked, slug: str) -> Response:
    return _page(asked, rooms.programme(asked.session, asked.viewer, slug), Form())


@router.post("/programmes/{slug}")
def edit(press: Press, slug: str, programme: Own) -> Response:
    def verb(sent: EditedProgramme) -> str:
        programmes.edit(*press.by, programme, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/programmes/{slug}", said="saved")

    return press.attempt(EditedProgramme, verb, lambda form: _page(press, programme, form))


@router.post("/programmes/{slug}/publication")
def publish(press: Press, slug: str, programme: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        programmes.publish(*press.by, programme)
        return led_to(f"/{press.lang}/workspace/setup/programmes/{slug}", said="published")

    return press.attempt(NoFields, verb, lambda form: _page(press, programme, form))


@router.post("/programmes/{slug}/withdrawal")
def withdraw(press: Press, slug: str, programme: Own) -> Response:
    def verb(sent: ReasonFields) -> str:
        programmes.withdraw(*press.by, programme, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/programmes/{slug}", said="withdrawn")

    return press.attempt(ReasonFields, verb, lambda form: _page(press, programme, form))


def _page(asked: PageRequest, programme: Programme | None, form: Sent) -> Response:
    return frame(
        asked,
        "workspace/setup/programme.html",
        status=form.status,
        programme=programme,
        form=form,
        other=Form().once,
        policies=options(ReleasePolicy, asked.lang),
        rhythms=options(Rhythm, asked.lang),
        word=_word(asked, programme) if programme else [],
        may_meet=programme is not None and may(asked.viewer, programme.id, Role.SECRETARIAT),
    )


def _word(asked: PageRequest, programme: Programme) -> list[Message]:
    """Since when word is asked for, and who gave none."""
    if programme.word_every is None or programme.word_since is None:
        return []
    today = local_today()
    silent = periods.silent_actions(word_candidates.silent(asked.session, programme.id, today))
    begun = periods.beginning(programme.word_every, programme.word_since, today)
    return [begun, silent] if silent else [begun]
