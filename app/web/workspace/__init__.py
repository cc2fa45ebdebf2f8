"""Workspace pages: somebody is signed in, and no answer is kept by anybody. One line per noun."""

from fastapi import APIRouter

from app.web.workspace import home, profile, setup, sign_in
from app.web.workspace.followup import actions, closures, desk, mine, updates, verifications
from app.web.workspace.intake import reports, reviews, splits
from app.web.workspace.mailing import mailbox, outgoing
from app.web.workspace.meetings import meetings, recommendation_closures, recommendations

router = APIRouter(include_in_schema=False)
for noun in (  # routes are tried one after the other: what is opened most often stands first
    mine,
    actions,
    updates,
    desk,
    home,
    meetings,
    recommendations,
    recommendation_closures,
    verifications,
    closures,
    sign_in,
    profile,
    reports,
    reviews,
    splits,
    outgoing,
    mailbox,
    setup,
):
    router.routes.extend(noun.router.routes)
