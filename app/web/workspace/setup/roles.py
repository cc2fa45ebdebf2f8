"""The roles of one person: given and taken back."""

from typing import Annotated

from starlette.responses import Response

from app import routes, signed_in
from app.domain.permissions import Role
from app.models.people import Person, RoleGrant
from app.queries.setup import people, rooms
from app.services.kernel.audit import Actor
from app.services.setup import roles
from app.web.forms import Fields, Form, NoFields, options
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/people/{person_id}/roles")


Someone = Annotated[Person, signed_in.item(people.get, "person_id")]
Granted = Annotated[RoleGrant, signed_in.item(people.grant, "person_id", "grant_id")]


class RoleFields(Fields):
    role: Role
    programme_id: int | None = None
    organisation_id: int | None = None
    region: str | None = None


@router.get("")
def listed(asked: Asked, person_id: pages.Id) -> Response:
    someone = people.get(asked.session, asked.viewer, person_id)
    roles.require_administrator(Actor(asked.viewer))
    return _page(asked, someone, Form())


@router.post("")
def grant(press: Press, person_id: pages.Id, someone: Someone, _may: pages.Administering) -> Response:
    def verb(sent: RoleFields) -> str:
        roles.grant(*press.by, someone, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/people/{person_id}", said="granted")

    return press.attempt(RoleFields, verb, lambda form: _page(press, someone, form))


@router.post("/{grant_id}/revocation")
def revoke(press: Press, person_id: pages.Id, granted: Granted, _may: pages.Administering) -> Response:
    def verb(_sent: NoFields) -> str:
        roles.revoke(*press.by, granted)
        return led_to(f"/{press.lang}/workspace/setup/people/{person_id}", said="revoked")

    def again(form: Form[NoFields]) -> Response:
        return _page(press, people.get(press.session, press.viewer, person_id), form)

    return press.attempt(NoFields, verb, again)


def _page(asked: PageRequest, someone: Person, form: Form[RoleFields] | Form[NoFields]) -> Response:
    return frame(
        asked,
        "workspace/setup/roles.html",
        status=form.status,
        someone=someone,
        duties=people.duties(asked.session, [someone.id])[someone.id],
        form=form,
        other=Form().once,
        roles=options(roles.GRANTABLE, asked.lang),
        regions=pages.regions(asked.lang),
        programmes=rooms.programme_choices(asked.session, asked.viewer),
        organisations=rooms.organisation_choices(asked.session),
    )
