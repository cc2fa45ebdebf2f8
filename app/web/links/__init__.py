"""Pages whose key is in the path: no session, no script, nothing kept."""

from fastapi import APIRouter

from app.web.links import milestone, update

router = APIRouter(include_in_schema=False)
for noun in (update, milestone):
    router.routes.extend(noun.router.routes)
