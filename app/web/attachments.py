"""A stored file as an answer: always to be saved, never shown by the browser itself, whatever it is."""

from fastapi import Request
from starlette.responses import FileResponse, Response

from app.domain.documents import MEDIA_TYPES, FileKind
from app.domain.errors import NotFound
from app.files import store
from app.queries.scope.stored_files import StoredFile


def attachment(request: Request, file: StoredFile, cache_control: str) -> Response:
    """Its tag is its checksum: a withdrawn file is asked for again and is gone, a kept one costs no bytes."""
    headers = {"ETag": f'"{file.sha256}"', "Cache-Control": cache_control}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = store.path(file.key)
    if not path.is_file():  # `check --deep` says so
        raise NotFound
    media_type = MEDIA_TYPES[FileKind(file.kind)]
    return FileResponse(path, media_type=media_type, filename=file.name, headers=headers)
