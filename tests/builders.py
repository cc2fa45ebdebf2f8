"""Rows made directly, with believable defaults: programme, meeting, recommendation, bodies, posts, people, actions.

What a test is about it passes; everything else it gets. Nothing here runs a verb, so that a test of a verb can use it.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session

from app.domain.permissions import Role
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Meeting, Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.models.recommendations import Recommendation

LONG_AGO = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
Row = TypeVar("Row")
_numbers: Iterator[int] = count(1)


def instant(text: str) -> dt.datetime:
    """`2026-11-23` is 08:00 of that day, `2026-11-23T20:00` that minute; UTC, which is also Morocco's time."""
    return dt.datetime.fromisoformat(text if "T" in text else f"{text}T08:00").replace(tzinfo=dt.UTC)


def titled(ar: str, fr: str, en: str) -> Titles:
    return {"ar": ar, "fr": fr, "en": en}


def programme(session: Session, **values: Any) -> Programme:
    number = next(_numbers)
    given = {
        "slug": f"exports-{number}",
        "titles": titled("برنامج التجارة الخارجية", "Programme du commerce extérieur", "Foreign trade programme"),
        "created_at": LONG_AGO,
        "published_at": LONG_AGO,
        **values,
    }
    return _made(session, Programme, given)


def meeting(session: Session, of: Programme | None = None, **values: Any) -> Meeting:
    number = next(_numbers)
    given = {
        "programme_id": (of or programme(session)).id,
        "slug": f"fez-{number}",
        "titles": titled("لقاء فاس", "Rencontre de Fès", "Fez meeting"),
        "held_on": dt.date(2024, 11, 28),
        "region": "FM",
        "prefix": "FM",
        "created_at": LONG_AGO,
        "published_at": LONG_AGO,
        "is_public": True,
        **values,
    }
    return _made(session, Meeting, given)


def recommendation(session: Session, of: Meeting | None = None, **values: Any) -> Recommendation:
    number, home = next(_numbers), of or meeting(session)
    given = {
        "ref": f"FM-2024-{number:02}",
        "programme_id": home.programme_id,
        "meeting_id": home.id,
        "source_text": "تمكين المقاولات من شهادات المطابقة التي تطلبها الأسواق",
        "source_lang": "ar",
        "titles": titled("شهادات المطابقة للتصدير", "Certificats à l'export", "Export certificates"),
        "created_at": LONG_AGO,
        "published_at": LONG_AGO,
        "is_public": True,
        **values,
    }
    return _made(session, Recommendation, given)


def organisation(session: Session, **values: Any) -> Organisation:
    number = next(_numbers)
    titles = titled("المركز الجهوي للاستثمار", "Centre régional d'investissement", "Regional investment centre")
    given = {"slug": f"centre-{number}", "titles": titles, "created_at": LONG_AGO, **values}
    return _made(session, Organisation, given)


def post(session: Session, of: Organisation | None = None, **values: Any) -> Post:
    number = next(_numbers)
    titles = titled("المكلف بالتتبع", "Chargé du suivi", "Follow-up officer")
    home = of or organisation(session)
    given = {
        "slug": f"follow-up-{number}",
        "organisation_id": home.id,
        "titles": titles,
        "created_at": LONG_AGO,
        **values,
    }
    return _made(session, Post, given)


def person(
    session: Session,
    name: str = "Karim",
    *roles: Role,
    at: Programme | None = None,
    holds: Post | None = None,
    **values: Any,
) -> Person:
    """With roles in the programme `at` (everywhere without one) and holding a post."""
    number = next(_numbers)
    email = f"{name.lower()}.{number}@example.ma"
    given = {"email": email, "name": name, "locale": "en", "created_at": LONG_AGO, **values}
    row = _made(session, Person, given)
    for role in roles:
        grant(session, row, role, at)
    if holds:
        hold(session, row, holds)
    return row


def grant(session: Session, who: Person, role: Role, at: Programme | None = None) -> RoleGrant:
    given = {"person_id": who.id, "role": role, "programme_id": at.id if at else None, "created_at": LONG_AGO}
    return _made(session, RoleGrant, given)


def hold(session: Session, who: Person, what: Post, since_on: dt.date = dt.date(2026, 1, 5)) -> Holding:
    given = {"post_id": what.id, "person_id": who.id, "since_on": since_on, "created_at": LONG_AGO}
    return _made(session, Holding, given)


def action(
    session: Session,
    of: Recommendation | None = None,
    owner: Post | None = None,
    state: State = State.IN_PROGRESS,
    due_on: dt.date | None = None,
    **values: Any,
) -> Action:
    """Assigned long ago unless it is a draft; a post of its own organisation owns it."""
    number, parent, owning = next(_numbers), of or recommendation(session), owner or post(session)
    drafted = state is State.DRAFT
    given = {
        "ref": f"{parent.ref}.{number}",
        "recommendation_id": parent.id,
        "number": number,
        "meeting_id": parent.meeting_id,
        "programme_id": parent.programme_id,
        "titles": titled("دليل الشهادات", "Guide des certificats", "Guide to certificates"),
        "owner_post_id": owning.id,
        "lead_organisation_id": owning.organisation_id,
        "state": state,
        "baseline_on": due_on,
        "due_on": due_on,
        "deadline_version": 0 if drafted else 1,
        "assigned_at": None if drafted else LONG_AGO,
        "submitted_at": LONG_AGO if state in {State.SUBMITTED, State.VERIFIED} else None,
        "blocked_at": LONG_AGO if state is State.BLOCKED else None,
        "verified_at": LONG_AGO if state is State.VERIFIED else None,
        "created_at": LONG_AGO,
        "published_at": LONG_AGO,
        "is_public": not drafted,
        **values,
    }
    return _made(session, Action, given)


def _made(session: Session, table: type[Row], given: dict[str, Any]) -> Row:
    row = table(**given)
    session.add(row)
    session.flush()
    return row
