"""What mails are measured on: so many owners, each of whose posts owes ten actions, some late, some soon, some new."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.base import Table
from app.models.meetings import Meeting, Programme
from app.models.people import Holding, Organisation, Person, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update

ROWS = 10
_DAYS = (-7, -3, -12, 1, 0, 7, 40, 50, 60, 90)
_LONG_AGO = dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC)
_LANGS = ("ar", "fr", "en")
_TITLES = {
    "ar": "إعداد دليل شهادات المطابقة التي تطلبها الأسواق الأوروبية",
    "fr": "Préparer le guide des certificats demandés par les marchés européens",
    "en": "Prepare the guide to the certificates that European markets ask for",
}
_BODY = {"ar": "المركز الجهوي للاستثمار", "fr": "Centre régional d'investissement", "en": "Regional investment centre"}


def fill(session: Session, people: int, today: dt.date, rows: int = ROWS) -> None:
    programme = {"id": 1, "slug": "p", "titles": _TITLES, "created_at": _LONG_AGO, "published_at": _LONG_AGO}
    meeting = {
        "id": 1, "programme_id": 1, "slug": "m", "titles": _TITLES, "held_on": dt.date(2024, 11, 28), "region": "FM",
        "prefix": "FM", "created_at": _LONG_AGO, "published_at": _LONG_AGO, "is_public": True,
    }  # fmt: skip
    parent = {
        "id": 1, "ref": "FM-2024-01", "programme_id": 1, "meeting_id": 1, "source_text": "x", "source_lang": "ar",
        "titles": _TITLES, "created_at": _LONG_AGO, "published_at": _LONG_AGO, "is_public": True,
    }  # fmt: skip
    numbers = range(1, people + 1)
    _put(session, Programme, [programme])
    _put(session, Meeting, [meeting])
    _put(session, Recommendation, [parent])
    _put(session, Organisation, [{"id": n, "slug": f"o{n}", "titles": _BODY, "created_at": _LONG_AGO} for n in numbers])
    posts = [
        {"id": n, "slug": f"s{n}", "organisation_id": n, "titles": _BODY, "created_at": _LONG_AGO} for n in numbers
    ]
    _put(session, Post, posts)
    _put(session, Person, [_person(number) for number in numbers])
    held = [{"post_id": n, "person_id": n, "since_on": _LONG_AGO.date(), "created_at": _LONG_AGO} for n in numbers]
    _put(session, Holding, held)
    _put(session, Action, [_action(number, row, rows, today) for number in numbers for row in range(rows)])
    _put(session, Update, [_news(number * rows + 9, today) for number in numbers])


def close(session: Session, count: int) -> None:
    """So many actions beside them that are verified, each with what passes wrote of it while it was open."""
    of_one = {one.name: f"base.{one.name}" for one in SQLModel.metadata.tables["action"].columns}
    own = {
        "id": f"{_CLOSED} + n",
        "number": f"{_CLOSED} + n",
        "ref": "'FM-2023-01.' || n",
        "state": f"'{State.VERIFIED}'",
    }
    posts = "(SELECT count(*) FROM post)"
    own |= dict.fromkeys(("owner_post_id", "lead_organisation_id"), f"1 + n % {posts}")
    own |= dict.fromkeys(("verified_at", "ended_at"), "base.assigned_at")
    for table, columns in (("action", of_one | own), ("reminder", _HEARD), ("look", _LOOKED)):
        session.execute(
            sa.text(
                f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
                "FROM numbers, (SELECT * FROM action ORDER BY id LIMIT 1) AS base"
            )
        )


_CLOSED = 10_000_000  # behind it their numbers begin
_HEARD = {
    "person_id": "1 + n % (SELECT count(*) FROM person)", "subject_kind": "'action'", "subject_id": f"{_CLOSED} + n",
    "step": "'before_7'", "audience": "'holder'", "deadline_version": "1", "due_on": "base.due_on",
    "state": "'superseded'", "at": "base.assigned_at",
}  # fmt: skip
_LOOKED = {
    "kind": "'action'", "subject_id": f"{_CLOSED} + n", "body_id": "0", "world": "'another'", "seen": "'as it was'",
    "since_on": "base.due_on", "until_on": "base.due_on",
}  # fmt: skip


def _person(number: int) -> dict[str, object]:
    return {
        "id": number, "email": f"karim{number}@example.ma", "name": f"Karim {number}",
        "locale": _LANGS[number % 3], "created_at": _LONG_AGO,
    }  # fmt: skip


def _action(number: int, row: int, rows: int, today: dt.date) -> dict[str, object]:
    """Three late, three due this week, three new and one that was returned."""
    days = _DAYS[row % len(_DAYS)]
    due_on = today + dt.timedelta(days + (number % 30 if days > 30 else -(number % 30) if days < 0 else 0))
    state, number_of = State.ASSIGNED if row % len(_DAYS) in {6, 7, 8} else State.IN_PROGRESS, number * rows + row
    return {
        "id": number_of, "ref": f"FM-2024-01.{number_of}", "recommendation_id": 1,
        "number": number_of, "meeting_id": 1, "programme_id": 1, "titles": _TITLES,
        "lead_organisation_id": number, "owner_post_id": number, "state": state, "baseline_on": due_on,
        "due_on": due_on, "deadline_version": 1, "assigned_at": _LONG_AGO, "created_at": _LONG_AGO,
    }  # fmt: skip


def _news(action_id: int, today: dt.date) -> dict[str, object]:
    at = dt.datetime.combine(today - dt.timedelta(3), dt.time(12), tzinfo=dt.UTC)
    return {
        "action_id": action_id, "recommendation_id": 1, "programme_id": 1, "verb": Verb.RETURN,
        "state_after": State.IN_PROGRESS, "at": at,
    }  # fmt: skip


def _put(session: Session, model: type[Table], rows: list[dict[str, object]]) -> None:
    """With the model's own defaults."""
    columns = SQLModel.metadata.tables[str(model.__tablename__)].columns.keys()
    usual = {name: value for name, value in model(**rows[0]).model_dump().items() if name in columns and name != "id"}
    session.execute(sa.insert(model), [usual | row for row in rows])
