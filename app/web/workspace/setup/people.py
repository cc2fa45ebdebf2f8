"""People in the set-up: list, new, edit, disable and enable. Their roles: roles."""

from typing import Annotated

from fastapi import Query
from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain.permissions import Role, has_role
from app.domain.sentences import duties
from app.models.people import Person
from app.queries.mailing import bounces as failures
from app.queries.setup import ownership, rooms
from app.queries.setup import people as people_queries
from app.services.mailing import bounces
from app.services.setup import people
from app.web.forms import Fields, Form, NoFields
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Person, signed_in.item(people_queries.get, "person_id")]
Reachable = Annotated[Person, signed_in.item(people_queries.reachable, "person_id")]
Text = Annotated[str, StringConstraints(max_length=254)]


class PersonFields(Fields):
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    email: Text = ""
    locale: str


class EditedPerson(PersonFields):
    is_name_public: bool = False
    version: int | None = None


class Access(Fields):
    is_active: bool


Sent = Form[PersonFields] | Form[EditedPerson] | Form[Access] | Form[NoFields]


@router.get("/people")
def listed(
    asked: Asked, after: Annotated[str, Query()] = "", q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    place = pages.after(after, q=q) if q else pages.after(after)
    rows, more = pages.cut(people_queries.listed(asked.session, asked.viewer, place, q.strip()), "name")
    return frame(
        asked,
        "workspace/setup/people.html",
        rows=rows,
        more=more,
        is_start=not after,
        q=q,
        duties=people_queries.duties(asked.session, [row.id for row in rows], ownership.told(asked.viewer)),
        no_duty=duties.none_of(asked.viewer),
        failing=failures.failing(asked.session, [row.email for row in rows]),
    )


@router.get("/new-person")
def new(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    return _page(asked, None, Form())


@router.post("/people")
def create(press: Press, _may: pages.SettingUp) -> Response:
    def verb(sent: PersonFields) -> str:
        made = people.create(*press.by, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/people/{made.id}", said="added")

    return press.attempt(PersonFields, verb, lambda form: _page(press, None, form))


@router.get("/people/{person_id}")
def show(asked: Asked, person_id: pages.Id) -> Response:
    return _page(asked, people_queries.get(asked.session, asked.viewer, person_id), Form())


@router.post("/people/{person_id}")
def edit(press: Press, person_id: pages.Id, someone: Own, _may: pages.Administering) -> Response:
    def verb(sent: EditedPerson) -> str:
        people.edit(*press.by, someone, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/people/{person_id}", said="saved")

    return press.attempt(EditedPerson, verb, lambda form: _page(press, someone, form))


@router.post("/people/{person_id}/access")
def switch(press: Press, person_id: pages.Id, someone: Own, _may: pages.Administering) -> Response:
    def verb(sent: Access) -> str:
        (people.enable if sent.is_active else people.disable)(*press.by, someone)
        said = "enabled" if sent.is_active else "disabled"
        return led_to(f"/{press.lang}/workspace/setup/people/{person_id}", said=said)

    return press.attempt(Access, verb, lambda form: _page(press, someone, form))


@router.post("/people/{person_id}/working-address")
def clear(press: Press, person_id: pages.Id, someone: Reachable, _may: pages.SettingUp) -> Response:
    """The address takes mail again: what stood against it is forgotten."""

    def verb(_sent: NoFields) -> str:
        bounces.clear(*press.by, someone)
        return led_to(f"/{press.lang}/workspace/setup/people/{person_id}", said="address_cleared")

    return press.attempt(NoFields, verb, lambda form: _page(press, someone, form))


def _page(asked: PageRequest, someone: Person | None, form: Sent) -> Response:
    someone_id = someone.id if someone else 0
    email = people_queries.address(asked.session, asked.viewer, someone) if someone else ""
    return frame(
        asked,
        "workspace/setup/person.html",
        status=form.status,
        someone=someone,
        form=form,
        other=Form().once,
        duties=people_queries.duties(asked.session, [someone_id], ownership.told(asked.viewer))[someone_id],
        no_duty=duties.none_of(asked.viewer),
        email=email,
        failing_since=failures.failing(asked.session, [email]).get(email),
        server_said=failures.last_words(asked.session, email) if email else "",
        may_edit=has_role(asked.viewer, Role.ADMINISTRATOR),
    )
