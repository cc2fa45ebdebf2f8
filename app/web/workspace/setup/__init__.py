"""Setting up by hand: programmes, organisations, posts with their holders, people with their roles."""

from fastapi import APIRouter

from app.web.workspace.setup import first_hour, holders, organisations, people, posts, programmes, roles

router = APIRouter()
for room in (first_hour, programmes, organisations, posts, holders, people, roles):
    router.routes.extend(room.router.routes)
