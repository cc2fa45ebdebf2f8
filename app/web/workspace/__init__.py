"""Workspace pages: somebody is signed in, and no answer is kept by anybody. One line per noun."""

from app.routes import joined
from app.web.workspace import home, profile, setup, sign_in
from app.web.workspace.followup import actions, closures, desk, mine, updates, verifications, voices
from app.web.workspace.intake import reports, reviews, splits
from app.web.workspace.mailing import mailbox, outgoing
from app.web.workspace.meetings import meetings, proposers, recommendation_closures, recommendations

# Routes are tried one after the other: what is opened most often stands first.
router = joined(
    mine.router,
    actions.router,
    updates.router,
    desk.router,
    home.router,
    meetings.router,
    recommendations.router,
    recommendation_closures.router,
    verifications.router,
    closures.router,
    voices.router,
    proposers.router,
    sign_in.router,
    profile.router,
    reports.router,
    reviews.router,
    splits.router,
    outgoing.router,
    mailbox.router,
    setup.router,
)
