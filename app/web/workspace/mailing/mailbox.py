"""The demo's mailbox: what would have been mailed, read and followed here; it exists in the demo alone."""

from pathlib import Path

from starlette.responses import Response

from app import routes
from app.config import settings
from app.domain.errors import NotFound
from app.mail import mailbox
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/mailbox")


@router.get("")
def listed(asked: Asked) -> Response:
    return frame(asked, "workspace/mailing/mailbox.html", letters=mailbox.newest(_directory()))


@router.get("/{name}")
def letter(asked: Asked, name: str) -> Response:
    found = mailbox.read(_directory(), name)
    if found is None:
        raise NotFound
    return frame(asked, "workspace/mailing/mailbox_letter.html", letter=found, pieces=found.pieces(settings().base))


@router.get("/{name}/file")
def file(asked: Asked, name: str) -> Response:
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
