"""Posts in the set-up: list, new, edit. Who holds them: holders."""

from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain import shared
from app.models.people import Organisation, Post
from app.queries.followup import handovers
from app.queries.setup import ownership, planned_seats, rooms
from app.queries.setup import posts as post_queries
from app.services.setup import posts
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Post, signed_in.item(post_queries.changeable, "slug")]


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
def listed(asked: Asked, after: Annotated[str, Query()] = "") -> Response:
    rows, more = pages.cut(post_queries.listed(asked.session, asked.viewer, pages.after(after)), "slug")
    return frame(asked, "workspace/setup/posts.html", rows=rows, more=more, is_start=not after)


@router.get("/new-post")
def new(asked: Asked, organisation: Annotated[str, Query()] = "") -> Response:
    rooms.require(asked.viewer)
    if organisation:
        rooms.organisation(asked.session, asked.viewer, organisation)
    return _new(asked, Form(), organisation)


@router.post("/posts")
def create(press: Press, _may: pages.SettingUp) -> Response:
    def verb(sent: NewPost) -> str:
        body = rooms.organisation(press.session, press.viewer, sent.organisation)
        made = posts.create(*press.by, body, **sent.model_dump(exclude={"organisation"}))
        return _to_its_holder(press, made)

    return press.attempt(NewPost, verb, lambda form: _new(press, form, form.values.get("organisation", "")))


@router.get("/posts/{slug}")
def show(asked: Asked, slug: str) -> Response:
    return _page(asked, post_queries.get(asked.session, asked.viewer, slug), Form())


@router.post("/posts/{slug}")
def edit(press: Press, slug: str, post: Own) -> Response:
    def verb(sent: EditedPost) -> str:
        posts.edit(*press.by, post, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/setup/posts/{slug}", said="saved")

    return press.attempt(EditedPost, verb, lambda form: _page(press, post, form))


def _to_its_holder(press: PageRequest, made: Post) -> str:
    """A post without a holder answers no mail: naming one comes next, for whoever may."""
    page = f"/{press.lang}/workspace/setup/posts/{made.slug}"
    may_seat = shared.may_seat(press.viewer, ownership.on_seat(press.session, made))
    return led_to(f"{page}/holder", "next_holder") if may_seat else led_to(page, "added")


def _new(asked: PageRequest, form: Form[NewPost], organisation: str) -> Response:
    return frame(
        asked,
        "workspace/setup/new_post.html",
        status=form.status,
        organisation=organisation,
        organisations=rooms.organisation_choices(asked.session),
        form=form,
    )


def _page(asked: PageRequest, post: Post, form: Form[EditedPost]) -> Response:
    claim, viewer = ownership.on_post(asked.session, post), asked.viewer
    return frame(
        asked,
        "workspace/setup/post.html",
        status=form.status,
        post=post,
        organisation=asked.session.get_one(Organisation, post.organisation_id),
        holders=post_queries.holders(asked.session, post.id, with_notes=shared.reads_papers(viewer, claim)),
        planned=planned_seats.of_post(asked.session, post.id),
        handovers=handovers.listed(asked.session, viewer, post_id=post.id)[: handovers.PER_PAGE],
        other=Form().once,
        form=form,
        may_change=shared.may_change(viewer, claim),
        may_seat=shared.may_seat(viewer, claim),
    )
