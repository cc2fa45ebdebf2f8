"""Public pages: nobody is signed in here, and every answer may be kept by caches. One line per noun."""

from fastapi import APIRouter

from app.web.public import about, actions, meetings, organisations, overview, programmes, recommendations, record

router = APIRouter(include_in_schema=False)
for noun in (overview, programmes, meetings, recommendations, actions, organisations, about, record):
    router.routes.extend(noun.router.routes)
