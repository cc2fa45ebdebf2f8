"""The roles of one person: given and taken back."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.permissions import Role
from app.models.people import Person, RoleGrant
from app.queries.scope.viewers import SignedIn
from app.queries.setup import people, rooms
from app.services.setup import roles
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form, options
from app.web.page import led_to
from app.web.workspace.frame import frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/people/{person_id}/roles")


Someone = Annotated[Person, signed_in.item(people.get, "person_id")]
Granted = Annotated[RoleGrant, signed_in.item(people.grant, "person_id", "grant_id")]


class RoleFields(Fields):
    role: Role
    programme_id: int | None = None
    organisation_id: int | None = None
    region: str | None = None


class Nothing(Fields):
    """A button alone."""


@router.get("")
def listed(
    request: Request, lang: Lang, person_id: pages.Id, session: Reading, person: CurrentPerson, actor: CurrentActor
) -> Response:
    someone = people.get(session, person.viewer, person_id)
    roles.require_administrator(actor)
    return _page(request, lang, session, person, someone, Form())


@router.post("")
def grant(
    request: Request, lang: Lang, person_id: pages.Id, someone: Someone, _may: pages.Administering,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(RoleFields, typed)
    form.attempt(session, roles.grant, session, actor, someone, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/people/{person_id}", said="granted"))
    return _page(request, lang, session, person, someone, form)


@router.post("/{grant_id}/revocation")
def revoke(
    request: Request, lang: Lang, person_id: pages.Id, grant_id: pages.Id, granted: Granted, _may: pages.Administering,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Nothing, typed)
    form.attempt(session, roles.revoke, session, actor, granted)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/people/{person_id}", said="revoked"))
    return _page(request, lang, session, person, people.get(session, person.viewer, person_id), form)


def _page(
    request: Request, lang: str, session: Session, person: SignedIn, someone: Person,
    form: Form[RoleFields] | Form[Nothing],
) -> Response:  # fmt: skip
    return frame(
        request, person, "workspace/setup/roles.html", lang,
        status=form.status, someone=someone, duties=people.duties(session, [someone.id])[someone.id],
        form=form, other=Form().once, roles=options(roles.GRANTABLE, lang), regions=pages.regions(lang),
        programmes=rooms.programme_choices(session, person.viewer),
        organisations=rooms.organisation_choices(session),
    )  # fmt: skip
