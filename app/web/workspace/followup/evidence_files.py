"""The file of a piece of evidence, for those who may see the piece."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from app import routes
from app.queries.followup import evidence_files
from app.web.attachments import attachment
from app.web.workspace.frame import Asked

router = routes.router("/{lang}/workspace/actions/{ref}")
Id = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("/evidence/{evidence_id}/file")
def download(asked: Asked, ref: str, evidence_id: Id) -> Response:
    return attachment(
        asked.request, evidence_files.of_viewer(asked.session, asked.viewer, ref, evidence_id), "private, no-store"
    )
