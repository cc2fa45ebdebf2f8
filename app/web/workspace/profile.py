"""One's own profile: language, and the day and hour of the weekly digest."""

from typing import Annotated

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.i18n.dates import weekday_name
from app.models.people import Person
from app.queries.scope.viewers import SignedIn
from app.queries.setup import people as known
from app.services.setup import people
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/profile")


class ProfileFields(Fields):
    locale: str
    has_digest: bool = False
    digest_weekday: Annotated[int, Field(ge=0, le=6)]
    digest_hour: Annotated[int, Field(ge=people.HOURS[0], le=people.HOURS[-1])]
    version: int | None = None


@router.get("")
def profile(request: Request, lang: Lang, session: Reading, person: CurrentPerson) -> Response:
    return _page(request, lang, person, known.own(session, person.viewer), Form())


@router.post("")
def choose(
    request: Request, lang: Lang, own: Annotated[Person, signed_in.item(known.own)],
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(ProfileFields, typed)
    form.attempt(session, people.choose, session, actor, own, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{own.locale}/workspace/profile", said="saved"))
    return _page(request, lang, person, own, form)


def _page(request: Request, lang: str, person: SignedIn, own: Person, form: Form[ProfileFields]) -> Response:
    return frame(
        request, person, "workspace/profile.html", lang,
        status=form.status, own=own, form=form,
        weekdays=[(number, weekday_name(number, lang)) for number in range(7)],
        clock_hours=[(hour, f"{hour}:00") for hour in people.HOURS],
    )  # fmt: skip
