"""The way in and out: ask for a mail, answer it by its link or its code, sign out; in the demo, step into a role."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.config import settings
from app.deps import Lang, Reading, Typed, Writing
from app.domain import addresses
from app.domain.messages import N_, Message
from app.queries.setup import cast
from app.queries.setup import invitations as offers
from app.services.setup import access, invitations
from app.services.setup.access import OpenedSession
from app.web import admission
from app.web.forms import Fields, Form
from app.web.page import led_to, page, see_other

router = routes.router("/{lang}")
_HOME = "/{lang}/workspace/"
_WRONG = N_("This code is wrong or no longer valid. Check it, or ask for a new mail.")
Short = Annotated[str, StringConstraints(max_length=500)]


class AddressFields(Fields):
    email: Annotated[str, StringConstraints(min_length=1, max_length=addresses.LONGEST_EMAIL)]
    next: Short = ""


class CodeFields(Fields):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CastFields(Fields):
    person_id: int
    next: Short = ""


@router.get("/sign-in")
def ask(request: Request, lang: Lang, session: Reading, going: Annotated[str, Query(alias="next")] = "") -> Response:
    return _asking(request, lang, session, Form(), addresses.workspace_path(going, ""))


@router.post("/sign-in")
def send(request: Request, lang: Lang, _may: admission.Asking, session: Writing, typed: Typed) -> Response:
    form = Form.read(AddressFields, typed)
    going = addresses.workspace_path(form.values.get("next", ""), "")
    email = form.data.email if form.data else ""
    handle = form.attempt(session, access.request_sign_in, session, email, going, admission.client(request))
    if handle is None:
        return _asking(request, lang, session, form, going)
    return form.done(session, f"/{lang}/sign-in/code/{handle}")


@router.get("/sign-in/code/{handle}")
def type_code(request: Request, lang: Lang, handle: str) -> Response:
    return _page(request, lang, "sign_in/code.html", Form(), handle=handle[:64])


@router.post("/sign-in/code/{handle}")
def open_by_code(
    request: Request, lang: Lang, handle: str, _may: admission.Guessing, session: Writing, typed: Typed
) -> Response:
    form = Form.read(CodeFields, typed)
    code = form.data.code if form.data else ""
    opened = (
        access.open_by_code(session, handle, code, admission.client(request), admission.held(request))
        if form.ok
        else None
    )
    if opened is not None:
        return _let_in(lang, opened)
    form.errors.setdefault("code", Message(_WRONG))
    return _page(request, lang, "sign_in/code.html", form, handle=handle[:64])


@router.get("/sign-in/link/{token}")
def confirm(request: Request, lang: Lang, token: str) -> Response:
    """Only shows the button: scanners of mail open links, people press."""
    return _page(request, lang, "sign_in/link.html", Form(), token=token[:64])


@router.post("/sign-in/link/{token}")
def open_by_link(request: Request, lang: Lang, token: admission.LivingLink, session: Writing) -> Response:
    opened = access.open_by_link(session, token, admission.held(request))
    if opened is not None:
        return _let_in(lang, opened)
    form: Form[CodeFields] = Form()
    form.problems.append(Message(admission.SPENT))
    return _page(request, lang, "sign_in/link.html", form, token="")


@router.get("/sign-in/invitation/{invitation_token}")
def invited(request: Request, lang: Lang, invitation_token: str, session: Reading) -> Response:
    """Only shows what is offered and the button."""
    return _invitation(request, lang, session, invitation_token[:64])


@router.post("/sign-in/invitation/{invitation_token}")
def accept(request: Request, lang: Lang, invitation_token: admission.LivingInvitation, session: Writing) -> Response:
    opened = invitations.accept(session, invitation_token, admission.held(request))
    return _let_in(lang, opened) if opened else _invitation(request, lang, session, "")


@router.post("/sign-in/cast")
def step_in(request: Request, lang: Lang, _may: admission.InTheDemo, session: Writing, typed: Typed) -> Response:
    """One of the cast, by a button; there is no such door outside the demo."""
    form = Form.read(CastFields, typed)
    opened = access.open_as(session, form.data.person_id if form.data else 0, admission.held(request))
    return _let_in(lang, OpenedSession(opened.token, addresses.workspace_path(form.values.get("next", ""), "")))


@router.post("/sign-out")
def sign_out(request: Request, lang: Lang, token: admission.Leaving, session: Writing) -> Response:
    access.sign_out(session, token)
    response = see_other(led_to(f"/{lang}/sign-in", said="signed_out"))
    response.delete_cookie(settings().cookie_name, path="/", secure=settings().is_https, httponly=True, samesite="lax")
    return response


def _asking(request: Request, lang: str, session: Reading, form: Form[AddressFields], going: str) -> Response:
    players = cast.players(session) if settings().demo else []
    return _page(request, lang, "sign_in/ask.html", form, going=going, players=players)


def _invitation(request: Request, lang: str, session: Session, token: str) -> Response:
    offered = offers.opened(session, token)
    form = Form[CodeFields]()
    response = _page(request, lang, "sign_in/invitation.html", form, token=token, offered=offered)
    response.status_code = 200 if offered else 410
    return response


def _page(
    request: Request, lang: str, template: str, form: Form[AddressFields] | Form[CodeFields], **context: object
) -> Response:
    response = page(request, template, lang, status=form.status, form=form, minutes=access.MINUTES, **context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _let_in(lang: str, opened: OpenedSession) -> Response:
    """Under a new key; the browser sends it back to this host alone, and shows it to no script."""
    response = see_other(opened.next_path or _HOME.format(lang=lang))
    response.set_cookie(
        settings().cookie_name,
        opened.token,
        max_age=int(access.LONGEST.total_seconds()),
        path="/",
        secure=settings().is_https,
        httponly=True,
        samesite="lax",
    )
    return response
