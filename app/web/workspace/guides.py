"""The one-page guide of each role, opened from every page of the workspace."""

from starlette.responses import Response

from app import routes
from app.domain import guides
from app.domain.errors import NotFound
from app.web.page import see_other
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/guide")


@router.get("")
def own(asked: Asked) -> Response:
    return see_other(f"/{asked.lang}/workspace/guide/{guides.of_viewer(asked.viewer)}")


@router.get("/{role}")
def guide(asked: Asked, role: str) -> Response:
    titles = {str(role): title for role, title in guides.TITLES.items()}
    if role not in titles:
        raise NotFound
    return frame(asked, f"workspace/guides/{role}.html", role=role, titles=titles)
