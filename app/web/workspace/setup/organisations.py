"""Organisations in the set-up: list, new, edit, with their posts."""

from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain import shared
from app.domain.permissions import Role, has_role
from app.models.people import Organisation
from app.queries.setup import ownership, posts, rooms
from app.services.setup import onboarding, organisations
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Organisation, signed_in.item(rooms.changeable_organisation, "slug")]


class OrganisationFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    region: str | None = None
    is_partner: bool = False


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
def listed(asked: Asked, after: Annotated[str, Query()] = "") -> Response:
    rows, more = pages.cut(rooms.organisations(asked.session, asked.viewer, pages.after(after)), "slug")
    return frame(
        asked,
        "workspace/setup/organisations.html",
        rows=rows,
        more=more,
        is_start=not after,
        regions=dict(pages.regions(asked.lang)),
        may_take_in=has_role(asked.viewer, Role.ADMINISTRATOR),
    )


@router.get("/new-organisation")
def new(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    return _page(asked, None, Form())


@router.post("/organisations")
def create(press: Press, _may: pages.SettingUp) -> Response:
    def verb(sent: NewOrganisation) -> str:
        made = onboarding.establish(*press.by, **sent.model_dump())
        return pages.led_on(press, f"organisations/{made.slug}", "added")

    return press.attempt(NewOrganisation, verb, lambda form: _page(press, None, form))


@router.get("/organisations/{slug}")
def show(asked: Asked, slug: str) -> Response:
    return _page(asked, rooms.organisation(asked.session, asked.viewer, slug), Form())


@router.post("/organisations/{slug}")
def edit(press: Press, slug: str, organisation: Own) -> Response:
    def verb(sent: EditedOrganisation) -> str:
        organisations.edit(*press.by, organisation, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/organisations/{slug}", said="saved")

    return press.attempt(EditedOrganisation, verb, lambda form: _page(press, organisation, form))


def _page(asked: PageRequest, organisation: Organisation | None, form: Sent) -> Response:
    own = posts.listed(asked.session, asked.viewer, organisation_id=organisation.id) if organisation else []
    return frame(
        asked,
        "workspace/setup/organisation.html",
        status=form.status,
        organisation=organisation,
        posts=own,
        form=form,
        regions=pages.regions(asked.lang),
        may_seat=shared.may_seat(asked.viewer, shared.Ownership(shared.home(asked.viewer))),
        may_change=not organisation
        or shared.may_change(asked.viewer, ownership.on_organisation(asked.session, organisation)),
    )
