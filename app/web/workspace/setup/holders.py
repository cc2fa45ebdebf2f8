"""The change of a post's holder: to somebody known, to somebody new, or to nobody."""

import datetime as dt
from typing import Annotated

from fastapi import Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.texts import LANGS
from app.models.people import Organisation, Post
from app.queries.scope.viewers import SignedIn
from app.queries.setup import people, posts
from app.services.setup import onboarding
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.workspace.frame import frame
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
def change(request: Request, lang: Lang, slug: str, session: Reading, person: CurrentPerson) -> Response:
    return _page(request, lang, session, person, posts.get(session, person.viewer, slug), Form())


@router.post("")
def hand_over(
    request: Request, lang: Lang, slug: str, post: Own,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(HolderFields, typed)
    form.attempt(session, onboarding.fill, session, actor, post, **form.fields)
    if form.ok:
        return form.done(session, pages.led_on(session, person.viewer, lang, f"posts/{slug}", "handed_over"))
    return _page(request, lang, session, person, post, form)


def _page(
    request: Request, lang: str, session: Session, person: SignedIn, post: Post, form: Form[HolderFields]
) -> Response:
    return frame(
        request, person, "workspace/setup/holder.html", lang,
        status=form.status, post=post, organisation=session.get_one(Organisation, post.organisation_id),
        holders=posts.holders(session, post.id, with_notes=False), people=people.choices(session, person.viewer),
        langs=LANGS, form=form,
    )  # fmt: skip
