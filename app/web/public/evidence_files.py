"""The file of a released piece of evidence; once it is withdrawn it was never there."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import references
from app.queries.public import story
from app.queries.scope import stored_files
from app.web.attachments import attachment
from app.web.cacheable import READ

router = routes.router()
Id = Annotated[int, Path(ge=1, lt=2**31)]
_ASKED_AGAIN = "public, no-cache"  # kept by whoever likes, given out after asking: withdrawn is gone at once


@router.api_route("/{lang}/actions/{ref}/evidence/{evidence_id}", methods=READ)
def download(request: Request, lang: Lang, ref: str, evidence_id: Id, session: Reading) -> Response:
    action = story.action(session, references.canonical(ref))
    file = stored_files.of_piece(session, action.row.id, evidence_id, is_public=True)
    return attachment(request, file, _ASKED_AGAIN)
