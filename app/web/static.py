"""Style sheet, script and pictures, from memory, under names that change with their content; packed on request."""

import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import assets
from app.domain.errors import NotFound
from app.web.cacheable import READ
from app.web.cached_page import accepts_gzip, is_named, packed

router = APIRouter()
_WORDS = frozenset({".css", ".js", ".svg", ".txt", ".json"})  # fonts and photographs are packed already


@router.api_route("/static/{name:path}", methods=READ, include_in_schema=False)
def asset(request: Request, name: str) -> Response:
    found = assets.find(name)
    if found is None:
        raise NotFound
    is_packed = found.suffix in _WORDS and accepts_gzip(request.headers)
    etag = f'"{name}-gzip"' if is_packed else f'"{name}"'
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding", "ETag": etag}
    if is_named(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    coded = {"Content-Encoding": "gzip"} if is_packed else {}
    body = _bytes(found, is_packed=is_packed)
    return Response(body, headers=headers | coded, media_type=mimetypes.guess_type(found.name)[0])


@lru_cache(maxsize=64)
def _bytes(path: Path, *, is_packed: bool) -> bytes:
    """The address changes with the bytes, so they are read once."""
    return packed(path.read_bytes()) if is_packed else path.read_bytes()
