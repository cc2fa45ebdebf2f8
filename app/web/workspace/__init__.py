"""Workspace pages: somebody is signed in, and no answer is kept by anybody. One line per noun."""

from fastapi import APIRouter

from app.web.workspace import (
    actions,
    closures,
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
for noun in (  # routes are tried one after the other: what is opened most often stands first
    mine,
    actions,
    updates,
    desk,
    home,
    meetings,
    recommendations,
    closures,
    verifications,
    endings,
    sign_in,
    profile,
    reports,
    intake,
    splits,
    outgoing,
    mailbox,
    setup,
):
    router.routes.extend(noun.router.routes)
