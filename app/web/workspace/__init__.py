"""Workspace pages: somebody is signed in, and no answer is kept by anybody. One line per noun."""

from fastapi import APIRouter

from app.web.workspace import (
    actions,
    desk,
    endings,
    home,
    intake,
    mailbox,
    meetings,
    mine,
    outgoing,
    profile,
    recommendations,
    reports,
    setup,
    sign_in,
    splits,
    updates,
    verifications,
)

router = APIRouter(include_in_schema=False)
for noun in (
    sign_in,
    home,
    profile,
    setup,
    meetings,
    reports,
    intake,
    splits,
    recommendations,
    mine,
    desk,
    outgoing,
    mailbox,
    actions,
    updates,
    verifications,
    endings,
):
    router.routes.extend(noun.router.routes)
