"""One's own week as a page that prints: what the weekly mail would tell now."""

from starlette.responses import Response

from app import clock, routes
from app.config import settings
from app.domain import mail_sentences
from app.mail import digests
from app.queries.mailing import digest_pages
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/digest")


@router.get("")
def show(asked: Asked) -> Response:
    """Everybody has it; who holds nothing and reads nothing is told so."""
    found = digest_pages.of(asked.session, asked.viewer, asked.lang, clock.now())
    return frame(
        asked,
        "workspace/mailing/week.html",
        found=found,
        said=digests.said(found.letter) if found else None,
        heading=mail_sentences.heading,
        base=settings().base,
    )
