"""The way into the set-up: what a new house needs in its first hour, and what of it is there."""

from starlette.responses import Response

from app import routes
from app.domain.permissions import Role, has_role
from app.queries.setup import rooms
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/setup")


@router.get("")
def first_hour(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    may = has_role(asked.viewer, Role.ADMINISTRATOR)
    return frame(asked, "workspace/setup/first_hour.html", done=rooms.first_hour(asked.session), may_administer=may)
