"""Setting up by hand: programmes, organisations, posts with their holders, people with their roles."""

from app.routes import joined
from app.web.workspace.setup import (
    acting,
    first_hour,
    holders,
    invitations,
    organisations,
    people,
    posts,
    programmes,
    roles,
    rosters,
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
    rosters.router,
    themes.router,
    wordings.router,
)
