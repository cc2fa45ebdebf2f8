"""The demo's mailbox: what would have been mailed, read and followed here; it exists in the demo alone."""

from pathlib import Path

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.config import settings
from app.deps import Lang
from app.domain.errors import NotFound
from app.mail import mailbox
from app.signed_in import CurrentPerson
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/mailbox")


@router.get("")
def listed(request: Request, lang: Lang, person: CurrentPerson) -> Response:
    return frame(request, person, "workspace/mailing/mailbox.html", lang, letters=mailbox.newest(_directory()))


@router.get("/{name}")
def letter(request: Request, lang: Lang, name: str, person: CurrentPerson) -> Response:
    found = mailbox.read(_directory(), name)
    if found is None:
        raise NotFound
    return frame(
        request,
        person,
        "workspace/mailing/mailbox_letter.html",
        lang,
        letter=found,
        pieces=found.pieces(settings().base),
    )


@router.get("/{name}/file")
def file(lang: Lang, name: str, person: CurrentPerson) -> Response:
    """The whole message as it left, HTML part included, for a mail program to open."""
    content = mailbox.raw(_directory(), name)
    if content is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="message/rfc822", headers=headers)


def _directory() -> Path:
    if not settings().demo or settings().smtp_url:
        raise NotFound
    return settings().data_dir / "mail"
