"""All tables, loaded together so that the metadata is whole."""

from sqlmodel import SQLModel

from app.models import (
    access,
    actions,
    audit,
    bounces,
    evidence,
    extensions,
    handovers,
    indicators,
    intake,
    meetings,
    notifications,
    people,
    proposers,
    questions,
    recommendations,
    replies,
    rollups,
    searches,
    takebacks,
    translations,
    updates,
)

metadata = SQLModel.metadata
__all__ = [
    "access",
    "actions",
    "audit",
    "bounces",
    "evidence",
    "extensions",
    "handovers",
    "indicators",
    "intake",
    "meetings",
    "metadata",
    "notifications",
    "people",
    "proposers",
    "questions",
    "recommendations",
    "replies",
    "rollups",
    "searches",
    "takebacks",
    "translations",
    "updates",
]
