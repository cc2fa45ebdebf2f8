"""Workspace pages: somebody is signed in, and no answer is kept by anybody. One line per noun."""

from app.routes import joined
from app.web.workspace import guides, handovers, home, profile, search, setup, sign_in, substitutes
from app.web.workspace.followup import (
    actions,
    also_serves,
    bulk_edits,
    closures,
    desk,
    evidence_files,
    extensions,
    mine,
    observed_progress,
    on_behalf,
    organisation,
    parts,
    questions,
    updates,
    verifications,
    voices,
)
from app.web.workspace.intake import reports, reviews, splits
from app.web.workspace.mailing import mailbox, outgoing
from app.web.workspace.meetings import (
    meetings,
    outcomes,
    proposers,
    recommendation_closures,
    recommendation_links,
    recommendation_themes,
    recommendations,
)

# Routes are tried one after the other: what is opened most often stands first.
router = joined(
    mine.router,
    bulk_edits.router,
    actions.router,
    updates.router,
    on_behalf.router,
    desk.router,
    organisation.router,
    observed_progress.router,
    home.router,
    search.router,
    meetings.router,
    recommendations.router,
    recommendation_closures.router,
    recommendation_themes.router,
    recommendation_links.router,
    outcomes.router,
    also_serves.router,
    verifications.router,
    closures.router,
    parts.router,
    voices.router,
    proposers.router,
    evidence_files.router,
    extensions.router,
    questions.router,
    sign_in.router,
    profile.router,
    substitutes.router,
    handovers.router,
    guides.router,
    reports.router,
    reviews.router,
    splits.router,
    outgoing.router,
    mailbox.router,
    setup.router,
)
