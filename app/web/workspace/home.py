"""The workspace's own address: it leads everybody to the room their duties begin in."""

from starlette.responses import Response

from app import routes
from app.domain.permissions import Role, Viewer, has_role, managed
from app.queries.setup import rooms
from app.web.page import see_other
from app.web.workspace.frame import Asked

router = routes.router("/{lang}/workspace")


@router.get("/")
def home(asked: Asked) -> Response:
    sets_up = has_role(asked.viewer, Role.ADMINISTRATOR)
    is_first_hour = sets_up and (not rooms.first_hour(asked.session).is_over)
    return see_other(f"/{asked.lang}/workspace/{('setup' if is_first_hour else _room(asked.viewer))}")


def _room(viewer: Viewer) -> str:
    """Who runs a programme starts at the desk, who answers for a body or a post with that, who reads with the whole."""
    rooms = (
        ("desk", has_role(viewer, Role.SECRETARIAT, Role.VERIFIER)),
        ("organisation", bool(managed(viewer))),
        ("mine", bool(viewer.post_ids)),
        ("overview", has_role(viewer, Role.OBSERVER)),
        ("setup", has_role(viewer, Role.ADMINISTRATOR)),
    )
    return next((room for room, opens in rooms if opens), "profile")
