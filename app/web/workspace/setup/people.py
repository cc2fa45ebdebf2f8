"""People in the set-up: list, new, edit, disable and enable. Their roles: roles."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.permissions import Role, has_role
from app.models.people import Person
from app.queries.scope.viewers import SignedIn
from app.queries.setup import ownership, rooms
from app.queries.setup import people as known
from app.services.setup import people
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Person, signed_in.item(known.get, "person_id")]
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


Sent = Form[PersonFields] | Form[EditedPerson] | Form[Access]


@router.get("/people")
def listed(
    request: Request, lang: Lang, session: Reading, person: CurrentPerson,
    after: Annotated[str, Query()] = "", q: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    place = pages.after(after, q=q) if q else pages.after(after)
    rows, more = pages.cut(known.listed(session, person.viewer, place, q.strip()), "name")
    return frame(
        request, person, "workspace/setup/people.html", lang, rows=rows, more=more, is_start=not after, q=q,
        duties=known.duties(session, [row.id for row in rows], ownership.told(person.viewer)),
    )  # fmt: skip


@router.get("/new-person")
def new(request: Request, lang: Lang, session: Reading, person: CurrentPerson) -> Response:
    rooms.require(person.viewer)
    return _page(request, lang, session, person, None, Form())


@router.post("/people")
def create(
    request: Request, lang: Lang, _may: pages.SettingUp,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(PersonFields, typed)
    made = form.attempt(session, people.create, session, actor, **form.fields)
    if made is None:
        return _page(request, lang, session, person, None, form)
    return form.done(session, led_to(f"/{lang}/workspace/setup/people/{made.id}", said="added"))


@router.get("/people/{person_id}")
def show(request: Request, lang: Lang, person_id: pages.Id, session: Reading, person: CurrentPerson) -> Response:
    return _page(request, lang, session, person, known.get(session, person.viewer, person_id), Form())


@router.post("/people/{person_id}")
def edit(
    request: Request, lang: Lang, person_id: pages.Id, someone: Own, _may: pages.Administering,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(EditedPerson, typed)
    form.attempt(session, people.edit, session, actor, someone, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/people/{person_id}", said="saved"))
    return _page(request, lang, session, person, someone, form)


@router.post("/people/{person_id}/access")
def switch(
    request: Request, lang: Lang, person_id: pages.Id, someone: Own, _may: pages.Administering,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Access, typed)
    wanted = form.data is not None and form.data.is_active
    form.attempt(session, people.enable if wanted else people.disable, session, actor, someone)
    if form.ok:
        said = "enabled" if wanted else "disabled"
        return form.done(session, led_to(f"/{lang}/workspace/setup/people/{person_id}", said=said))
    return _page(request, lang, session, person, someone, form)


def _page(
    request: Request, lang: str, session: Session, person: SignedIn, someone: Person | None, form: Sent
) -> Response:
    someone_id = someone.id if someone else 0
    return frame(
        request, person, "workspace/setup/person.html", lang,
        status=form.status, someone=someone, form=form, other=Form().once,
        duties=known.duties(session, [someone_id], ownership.told(person.viewer))[someone_id],
        email=known.address(session, person.viewer, someone) if someone else "",
        may_edit=has_role(person.viewer, Role.ADMINISTRATOR),
    )  # fmt: skip
