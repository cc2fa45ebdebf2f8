"""Reading the demonstration: its rows, how they are judged, the words the public may read."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.config import settings
from app.demo import stage
from app.domain import schedule
from app.domain.schedule import Judgement
from app.models.actions import Action, Milestone
from app.models.intake import Report
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation, Theme
from app.models.updates import Update

TODAY = dt.date(2026, 11, 24)
TITLED = (Programme, Meeting, Theme, Organisation, Post, Recommendation, Action, Milestone)


def at_noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), settings().zone)


def rows(session: Session, table: Any) -> list[Any]:
    return list(session.scalars(sa.select(table)))


def local(instant: dt.datetime | None) -> dt.date | None:
    return instant.astimezone(settings().zone).date() if instant else None


def judgement(action: Action, today: dt.date) -> Judgement:
    return schedule.judge(
        action.state,
        baseline_on=action.baseline_on,
        due_on=action.due_on,
        submitted_on=local(action.submitted_at),
        today=today,
    )


def every_action() -> list[dict[str, Any]]:
    stories = [stage.read(name) for name in stage.STORIES]
    return [action for story in stories for item in story["recommendation"] for action in item.get("action", ())]


def public_words(session: Session) -> str:
    found: list[str] = [report.text for report in rows(session, Report)]
    for table in TITLED:
        found += [title for item in rows(session, table) for title in item.titles.values()]
    for meeting in rows(session, Meeting):
        found += [*meeting.chair.values(), *meeting.convenor.values(), *meeting.participants.values()]
    for item in rows(session, Recommendation):
        found += [item.done_when, item.response_reason, item.closure_reason, item.referred_to]
        found += item.outcome.values()
    found += [action.end_reason for action in rows(session, Action)]
    found += [action.who_can_unblock for action in rows(session, Action)]
    found += [update.public_summary for update in rows(session, Update)]
    return "\n".join(found)
