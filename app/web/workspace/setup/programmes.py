"""Programmes in the set-up: list, new, edit, publish and withdraw."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.permissions import Role, may
from app.models.meetings import Programme, ReleasePolicy
from app.queries.scope.viewers import SignedIn
from app.queries.setup import rooms
from app.services.setup import programmes
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form, options
from app.web.page import led_to
from app.web.workspace.frame import frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Programme, signed_in.item(rooms.programme, "slug")]


class ProgrammeFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    release_policy: ReleasePolicy = ReleasePolicy.BY_HAND
    release_days: Annotated[int, Field(ge=1, le=30)] = 3


class NewProgramme(ProgrammeFields):
    slug: str = ""


class EditedProgramme(ProgrammeFields):
    version: int | None = None


class Withdrawal(Fields):
    reason: str = ""


class Nothing(Fields):
    """A button alone."""


Sent = Form[NewProgramme] | Form[EditedProgramme] | Form[Withdrawal] | Form[Nothing]


@router.get("/programmes")
def listed(
    request: Request, lang: Lang, session: Reading, person: CurrentPerson, after: Annotated[str, Query()] = ""
) -> Response:
    rows, more = pages.cut(rooms.programmes(session, person.viewer, pages.after(after)), "slug")
    return frame(request, person, "workspace/setup/programmes.html", lang, rows=rows, more=more, is_start=not after)


@router.get("/new-programme")
def new(request: Request, lang: Lang, person: CurrentPerson) -> Response:
    rooms.require(person.viewer)
    return _page(request, lang, person, None, Form())


@router.post("/programmes")
def create(
    request: Request, lang: Lang, _may: pages.SettingUp,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(NewProgramme, typed)
    made = form.attempt(session, programmes.create, session, actor, **form.fields)
    if made is None:
        return _page(request, lang, person, None, form)
    return form.done(session, pages.led_on(session, person.viewer, lang, f"programmes/{made.slug}", "added"))


@router.get("/programmes/{slug}")
def show(request: Request, lang: Lang, slug: str, session: Reading, person: CurrentPerson) -> Response:
    return _page(request, lang, person, rooms.programme(session, person.viewer, slug), Form())


@router.post("/programmes/{slug}")
def edit(
    request: Request, lang: Lang, slug: str, programme: Own,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(EditedProgramme, typed)
    form.attempt(session, programmes.edit, session, actor, programme, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/programmes/{slug}", said="saved"))
    return _page(request, lang, person, programme, form)


@router.post("/programmes/{slug}/publication")
def publish(
    request: Request, lang: Lang, slug: str, programme: Own,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Nothing, typed)
    form.attempt(session, programmes.publish, session, actor, programme)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/programmes/{slug}", said="published"))
    return _page(request, lang, person, programme, form)


@router.post("/programmes/{slug}/withdrawal")
def withdraw(
    request: Request, lang: Lang, slug: str, programme: Own,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Withdrawal, typed)
    form.attempt(session, programmes.withdraw, session, actor, programme, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/programmes/{slug}", said="withdrawn"))
    return _page(request, lang, person, programme, form)


def _page(request: Request, lang: str, person: SignedIn, programme: Programme | None, form: Sent) -> Response:
    return frame(
        request, person, "workspace/setup/programme.html", lang,
        status=form.status, programme=programme, form=form, other=Form().once, policies=options(ReleasePolicy, lang),
        may_meet=programme is not None and may(person.viewer, programme.id, Role.SECRETARIAT),
    )  # fmt: skip
