"""Organisations in the set-up: list, new, edit, with their posts."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain import shared
from app.models.people import Organisation
from app.queries.scope.viewers import SignedIn
from app.queries.setup import ownership, posts, rooms
from app.services.setup import onboarding, organisations
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Organisation, signed_in.item(rooms.changeable_organisation, "slug")]


class OrganisationFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    region: str | None = None


class NewOrganisation(OrganisationFields):
    slug: str = ""
    post: dict[str, str] = Field(default_factory=dict)  # its first one
    name: Annotated[str, StringConstraints(max_length=200)] = ""  # of who holds it
    email: Annotated[str, StringConstraints(max_length=254)] = ""
    locale: str = ""


class EditedOrganisation(OrganisationFields):
    version: int | None = None


Sent = Form[NewOrganisation] | Form[EditedOrganisation]


@router.get("/organisations")
def listed(
    request: Request, lang: Lang, session: Reading, person: CurrentPerson, after: Annotated[str, Query()] = ""
) -> Response:
    rows, more = pages.cut(rooms.organisations(session, person.viewer, pages.after(after)), "slug")
    return frame(
        request, person, "workspace/setup/organisations.html", lang,
        rows=rows, more=more, is_start=not after, regions=dict(pages.regions(lang)),
    )  # fmt: skip


@router.get("/new-organisation")
def new(request: Request, lang: Lang, session: Reading, person: CurrentPerson) -> Response:
    rooms.require(person.viewer)
    return _page(request, lang, session, person, None, Form())


@router.post("/organisations")
def create(
    request: Request, lang: Lang, _may: pages.SettingUp,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(NewOrganisation, typed)
    made = form.attempt(session, onboarding.establish, session, actor, **form.fields)
    if made is None:
        return _page(request, lang, session, person, None, form)
    return form.done(session, pages.led_on(session, person.viewer, lang, f"organisations/{made.slug}", "added"))


@router.get("/organisations/{slug}")
def show(request: Request, lang: Lang, slug: str, session: Reading, person: CurrentPerson) -> Response:
    return _page(request, lang, session, person, rooms.organisation(session, person.viewer, slug), Form())


@router.post("/organisations/{slug}")
def edit(
    request: Request, lang: Lang, slug: str, organisation: Own,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(EditedOrganisation, typed)
    form.attempt(session, organisations.edit, session, actor, organisation, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/organisations/{slug}", said="saved"))
    return _page(request, lang, session, person, organisation, form)


def _page(
    request: Request, lang: str, session: Session, person: SignedIn, organisation: Organisation | None, form: Sent
) -> Response:
    own = posts.listed(session, person.viewer, organisation_id=organisation.id) if organisation else []
    return frame(
        request, person, "workspace/setup/organisation.html", lang,
        status=form.status, organisation=organisation, posts=own, form=form, regions=pages.regions(lang),
        may_seat=shared.may_seat(person.viewer, shared.Claim(shared.home(person.viewer))),
        may_change=not organisation or shared.may_change(
            person.viewer, ownership.on_organisation(session, organisation)
        ),
    )  # fmt: skip
