"""Posts in the set-up: list, new, edit. Who holds them: holders."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain import shared
from app.models.people import Organisation, Post
from app.queries.scope.viewers import SignedIn
from app.queries.setup import ownership, rooms
from app.queries.setup import posts as known
from app.services.setup import posts
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Post, signed_in.item(known.changeable, "slug")]


class PostFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    mailbox: str = ""
    is_manager: bool = False


class NewPost(PostFields):
    organisation: Annotated[str, StringConstraints(min_length=1)]  # its slug
    slug: str = ""


class EditedPost(PostFields):
    version: int | None = None


@router.get("/posts")
def listed(
    request: Request, lang: Lang, session: Reading, person: CurrentPerson, after: Annotated[str, Query()] = ""
) -> Response:
    rows, more = pages.cut(known.listed(session, person.viewer, pages.after(after)), "slug")
    return frame(request, person, "workspace/setup/posts.html", lang, rows=rows, more=more, is_start=not after)


@router.get("/new-post")
def new(
    request: Request, lang: Lang, session: Reading, person: CurrentPerson, organisation: Annotated[str, Query()] = ""
) -> Response:
    rooms.require(person.viewer)
    if organisation:
        rooms.organisation(session, person.viewer, organisation)
    return _new(request, lang, session, person, Form(), organisation)


@router.post("/posts")
def create(
    request: Request, lang: Lang, _may: pages.SettingUp,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(NewPost, typed)
    if form.data is not None:
        body = rooms.organisation(session, person.viewer, form.data.organisation)
        made = form.attempt(
            session, posts.create, session, actor, body, **form.data.model_dump(exclude={"organisation"})
        )
        if made is not None:
            return form.done(session, _to_its_holder(session, person, lang, made))
    return _new(request, lang, session, person, form, form.values.get("organisation", ""))


@router.get("/posts/{slug}")
def show(request: Request, lang: Lang, slug: str, session: Reading, person: CurrentPerson) -> Response:
    return _page(request, lang, session, person, known.get(session, person.viewer, slug), Form())


@router.post("/posts/{slug}")
def edit(
    request: Request, lang: Lang, slug: str, post: Own,
    session: Writing, person: CurrentPerson, actor: CurrentActor, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(EditedPost, typed)
    form.attempt(session, posts.edit, session, actor, post, **form.fields)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/setup/posts/{slug}", said="saved"))
    return _page(request, lang, session, person, post, form)


def _to_its_holder(session: Session, person: SignedIn, lang: str, made: Post) -> str:
    """A post without a holder answers no mail: naming one comes next, for whoever may."""
    page = f"/{lang}/workspace/setup/posts/{made.slug}"
    may_seat = shared.may_seat(person.viewer, ownership.on_seat(session, made))
    return led_to(f"{page}/holder", "next_holder") if may_seat else led_to(page, "added")


def _new(
    request: Request, lang: str, session: Session, person: SignedIn, form: Form[NewPost], organisation: str
) -> Response:
    return frame(
        request, person, "workspace/setup/new_post.html", lang,
        status=form.status, organisation=organisation, organisations=rooms.organisation_choices(session), form=form,
    )  # fmt: skip


def _page(
    request: Request, lang: str, session: Session, person: SignedIn, post: Post, form: Form[EditedPost]
) -> Response:
    claim, viewer = ownership.on_post(session, post), person.viewer
    return frame(
        request, person, "workspace/setup/post.html", lang,
        status=form.status, post=post, organisation=session.get_one(Organisation, post.organisation_id),
        holders=known.holders(session, post.id, with_notes=shared.reads_papers(viewer, claim)), form=form,
        may_change=shared.may_change(viewer, claim), may_seat=shared.may_seat(viewer, claim),
    )  # fmt: skip
