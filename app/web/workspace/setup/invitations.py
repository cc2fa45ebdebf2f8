"""Invitations by mail: sent, sent again, withdrawn; accepting is at the way in."""

from typing import Annotated

from fastapi import Query
from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.permissions import Role, has_role
from app.models.access import Invitation
from app.models.people import Post
from app.queries.setup import choices, invitations, rooms
from app.queries.setup.choices import PostChoice
from app.services.setup import invitations as services
from app.services.setup import roles
from app.web.forms import Fields, Form, NoFields, options
from app.web.page import led_to
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame
from app.web.workspace.setup import pages
from app.wording import title_text

router = routes.router("/{lang}/workspace/setup/invitations")
Own = Annotated[Invitation, signed_in.item(invitations.get, "invitation_id")]
Place = Annotated[int, Query(ge=0, lt=2**31)]


class InvitationFields(Fields):
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    email: Annotated[str, StringConstraints(max_length=254)] = ""
    locale: str
    role: Role | None = None
    programme_id: int | None = None
    post_id: int | None = None


@router.get("")
def listed(asked: Asked, before: Place = 0) -> Response:
    return _page(asked, Form(), before)


@router.post("")
def invite(press: Press, _may: pages.SettingUp) -> Response:
    def verb(sent: InvitationFields) -> str:
        post = press.session.get(Post, sent.post_id) if sent.post_id else None
        if sent.post_id and post is None:
            raise Refused(N_("Choose a post of the list"), "post_id")
        services.invite(*press.by, **sent.model_dump(exclude={"post_id"}), post=post)
        return _led(press, "invited")

    return press.attempt(InvitationFields, verb, lambda form: _page(press, form))


@router.post("/{invitation_id}/sendings")
def again(press: Press, invitation_id: pages.Id, invited: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        services.again(*press.by, invited)
        return _led(press, "invited")

    return press.attempt(NoFields, verb, lambda form: _page(press, form))


@router.post("/{invitation_id}/withdrawal")
def withdraw(press: Press, invitation_id: pages.Id, invited: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        services.withdraw(*press.by, invited)
        return _led(press, "taken_back")

    return press.attempt(NoFields, verb, lambda form: _page(press, form))


def _led(press: FormRequest, said: str) -> str:
    return led_to(f"/{press.lang}/workspace/setup/invitations", said=said)


def _page(asked: PageRequest, form: Form[InvitationFields] | Form[NoFields], before: int = 0) -> Response:
    rows = invitations.listed(asked.session, asked.viewer, before)
    shown = rows[: invitations.PER_PAGE]
    programmes = rooms.programme_choices(asked.session, asked.viewer)
    return frame(
        asked,
        "workspace/setup/invitations.html",
        status=form.status,
        rows=shown,
        more=shown[-1].id if len(rows) > len(shown) else 0,
        is_start=not before,
        form=form,
        once=Form().once,
        may_grant=has_role(asked.viewer, Role.ADMINISTRATOR),
        roles=options(roles.GRANTABLE, asked.lang),
        programmes=[(row.id, title_text(row.titles, asked.lang)) for row in programmes],
        posts=[(row.id, _called(row, asked.lang)) for row in choices.posts(asked.session)],
    )


def _called(row: PostChoice, lang: str) -> str:
    return f"{title_text(row.organisation, lang)} · {title_text(row.titles, lang)}"
