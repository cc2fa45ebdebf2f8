"""Setting up by hand: programmes, organisations, posts with their holders, people with their roles."""

from app.routes import joined
from app.web.workspace.setup import (
    acting,
    days_off,
    first_hour,
    health,
    holders,
    invitations,
    ladders,
    organisations,
    people,
    posts,
    programmes,
    roles,
    rosters,
    team_channels,
    themes,
    wordings,
)

router = joined(
    first_hour.router,
    programmes.router,
    organisations.router,
    posts.router,
    holders.router,
    acting.router,
    people.router,
    roles.router,
    invitations.router,
    ladders.router,
    rosters.router,
    themes.router,
    days_off.router,
    health.router,
    team_channels.router,
    wordings.router,
)
