"""Style sheet and script, from memory, under names that change with their content."""

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from app import assets
from app.domain.errors import NotFound

router = APIRouter()


@router.get("/static/{name}", include_in_schema=False)
def asset(name: str) -> Response:
    found = assets.find(name)
    if found is None:
        raise NotFound
    return FileResponse(found, headers={"Cache-Control": "public, max-age=31536000, immutable"})
