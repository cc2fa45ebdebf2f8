"""The change of a post's holder: to somebody known, to somebody new, or to nobody."""

import datetime as dt
from typing import Annotated

from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain.texts import LANGS
from app.models.people import Organisation, PlannedSeat, Post
from app.queries.setup import people, posts
from app.services.setup import onboarding
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/posts/{slug}/holder")
Own = Annotated[Post, signed_in.item(posts.seatable, "slug")]
Words = Annotated[str, StringConstraints(max_length=4000)]


class HolderFields(Fields):
    person_id: int | None = None
    name: str = ""
    email: str = ""
    locale: str = ""
    since_on: dt.date
    is_vacant: bool = False
    note: Words = ""
    version: int | None = None


@router.get("")
def change(asked: Asked, slug: str) -> Response:
    return _page(asked, posts.get(asked.session, asked.viewer, slug), Form())


@router.post("")
def hand_over(press: Press, slug: str, post: Own) -> Response:
    def verb(sent: HolderFields) -> str:
        done = onboarding.fill(*press.by, post, **sent.model_dump())
        if isinstance(done, PlannedSeat):
            return led_to(f"/{press.lang}/workspace/setup/posts/{slug}", said="change_planned")
        return pages.led_on(press, f"posts/{slug}", "handed_over")

    return press.attempt(HolderFields, verb, lambda form: _page(press, post, form))


def _page(asked: PageRequest, post: Post, form: Form[HolderFields]) -> Response:
    return frame(
        asked,
        "workspace/setup/holder.html",
        status=form.status,
        post=post,
        organisation=asked.session.get_one(Organisation, post.organisation_id),
        holders=posts.holders(asked.session, post.id, with_notes=False),
        people=people.choices(asked.session, asked.viewer),
        langs=LANGS,
        form=form,
    )
