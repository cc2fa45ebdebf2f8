"""The observer's page: one screen, one region or all, that prints on one sheet."""

from starlette.responses import Response

from app import routes
from app.config import settings
from app.domain import list_heads, regions
from app.domain.errors import InvalidQuery, NotFound
from app.domain.messages import N_, Message
from app.domain.progress import Group
from app.queries.followup import observed_progress
from app.queries.public.tallies import Progress
from app.queries.scope import ranges
from app.web import counts
from app.web.page import local_today
from app.web.workspace.frame import Asked, frame, sees_programmes

router = routes.router("/{lang}/workspace/overview")


@router.get("")
def show(asked: Asked, region: str = "") -> Response:
    """It exists for those who read a programme, or a part of one."""
    if not sees_programmes(asked.viewer):
        raise NotFound
    if region and regions.find(region) is None:
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), {})
    today, zone = local_today(), settings().zone
    found = observed_progress.of(asked.session, asked.viewer, today, region)
    return frame(
        asked,
        "workspace/followup/overview.html",
        found=found,
        whole=counts.of(Progress(found.whole), asked.lang),
        regions=[(code, counts.of(Progress(of_region), asked.lang)) for code, of_region in found.regions.items()],
        region=region,
        named=regions.find,
        heads=list_heads,
        most=ranges.MOST,
        groups=Group,
        late=[(line, *line.marks(today, zone)) for line in found.late],
        stuck=[(one, *one.line.marks(today, zone)) for one in found.stuck],
    )
