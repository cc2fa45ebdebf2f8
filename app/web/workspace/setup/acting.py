"""Who acts for the holder of a post from one day to another, and what is planned for it taken back."""

import datetime as dt
from typing import Annotated

from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import Refused
from app.domain.messages import N_
from app.models.people import Organisation, Person, PlannedSeat, Post
from app.queries.scope import seats as seated
from app.queries.setup import people, planned_seats, posts
from app.services.setup import seats, substitutes
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/posts/{slug}")
Own = Annotated[Post, signed_in.item(posts.seatable, "slug")]
Planned = Annotated[PlannedSeat, signed_in.item(planned_seats.seatable, "slug", "plan_id")]
Words = Annotated[str, StringConstraints(max_length=4000)]


class ActingFields(Fields):
    person_id: int
    from_on: dt.date
    until_on: dt.date
    note: Words = ""


@router.get("/acting")
def acting(asked: Asked, slug: str) -> Response:
    return _page(asked, posts.get(asked.session, asked.viewer, slug), Form())


@router.post("/acting")
def name(press: Press, slug: str, post: Own) -> Response:
    def verb(sent: ActingFields) -> str:
        person = press.session.get(Person, sent.person_id)
        if person is None:
            raise Refused(N_("Choose a person of the list"), "person_id")
        substitutes.name(*press.by, post, person, **sent.model_dump(exclude={"person_id"}))
        return led_to(f"/{press.lang}/workspace/setup/posts/{slug}", said="acting_named")

    return press.attempt(ActingFields, verb, lambda form: _page(press, post, form))


@router.post("/planned/{plan_id}/removal")
def take_back(press: Press, slug: str, plan_id: pages.Id, plan: Planned) -> Response:
    def verb(_sent: Fields) -> str:
        seats.take_back(*press.by, plan)
        return led_to(f"/{press.lang}/workspace/setup/posts/{slug}", said="taken_back")

    return press.attempt(Fields, verb, lambda _form: _again(press, slug))


def _again(press: PageRequest, slug: str) -> Response:
    """Where it is over already, the page that shows it so."""
    return _page(press, posts.get(press.session, press.viewer, slug), Form())


def _page(asked: PageRequest, post: Post, form: Form[ActingFields]) -> Response:
    present = seated.seated(asked.session, post.id)
    return frame(
        asked,
        "workspace/setup/acting.html",
        status=form.status,
        post=post,
        organisation=asked.session.get_one(Organisation, post.organisation_id),
        planned=planned_seats.of_post(asked.session, post.id),
        people=[row for row in people.choices(asked.session, asked.viewer) if row.id not in present],
        form=form,
    )
