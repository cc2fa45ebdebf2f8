"""What an organisation owes as statements: late, blocked, silent, supported, asked more time for; each by its index."""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.extensions import RequestOutcome
from app.domain.workflow import State
from app.models.actions import IS_AWAITED, Action, ActionSupport
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.meetings import Programme
from app.models.people import Organisation, Post
from app.queries.followup import actions
from app.queries.followup.organisation_posts import HEARD, SILENT, STATES, TODAY
from app.queries.scope import cursors, ranges
from app.statements import Statement

WIDTH = len(actions.ROW)


class OrganisationSection(StrEnum):
    """In the order of the page."""

    REQUESTS = "requests"
    BLOCKED = "blocked"
    LATE = "late"
    SILENT = "silent"
    OWED = "owed"
    SUPPORTED = "supported"


TOGETHER = (OrganisationSection.REQUESTS, OrganisationSection.BLOCKED, OrganisationSection.LATE)
OF_ONE_POST = OrganisationSection.SILENT  # has its index by post alone
_KEYS: dict[OrganisationSection, Any] = {
    OrganisationSection.REQUESTS: col(ExtensionRequest.asked_at),
    OrganisationSection.BLOCKED: col(Action.due_on),
    OrganisationSection.LATE: col(Action.due_on),
    OrganisationSection.SILENT: HEARD,
    OrganisationSection.OWED: col(Action.due_on),
    OrganisationSection.SUPPORTED: col(ActionSupport.action_due_on),
}
_POST: Any = sa.bindparam("post", type_=sa.Integer())


@lru_cache(maxsize=128)
def listed(section: OrganisationSection, bodies: int, limit: int, after: str = "") -> Statement:
    """Of so many organisations, or (0) of one post; `after`: behind a row with a key, or without one ("none")."""
    picked = ranges.first(list(_parts(section, bodies, after)), limit)
    fetched = _requests(picked) if section is OrganisationSection.REQUESTS else actions.picked_rows(picked)
    return Statement(fetched.order_by(*ranges.order(picked)))


def counted(section: OrganisationSection, bodies: int) -> Any:
    return ranges.counted(list(_parts(section, bodies, "")))


def point(section: OrganisationSection, cursor: str, kept: dict[str, str]) -> tuple[str, dict[str, object]]:
    """What a cursor says to `listed`, and the values of that statement."""
    if not cursor:
        return "", {}
    if isinstance(_KEYS[section].type, sa.Date):
        day, row_id = cursors.day(cursor, **kept) or (ranges.LAST, 0)
        return ("none" if day == ranges.LAST else "key"), {"after_key": day, "after_id": row_id}
    at = cursors.moment(cursor, **kept)
    return "key", dict(zip(("after_key", "after_id"), at or (), strict=False))


def _parts(section: OrganisationSection, bodies: int, after: str) -> Iterator[sa.Select[Any]]:
    key, row_id = _KEYS[section], _id(section)
    behind = ranges.after(key, row_id, is_none=after == "none")
    for which in _which(section, bodies):
        part = sa.select(row_id.label("id"), key.label("key")).where(*which)
        yield from (part.where(further) for further in behind) if after else [part]


def _id(section: OrganisationSection) -> Any:
    if section is OrganisationSection.REQUESTS:
        return col(ExtensionRequest.id)
    return col(ActionSupport.action_id) if section is OrganisationSection.SUPPORTED else col(Action.id)


def _which(section: OrganisationSection, bodies: int) -> Iterator[list[Any]]:
    """The ranges of a section: for each organisation or the one post, and state by state as the indexes are ordered."""
    if section is OrganisationSection.REQUESTS:
        yield [_asking(bodies), ranges.said("extension_request", IS_OPEN_REQUEST)]
        return
    if section is OF_ONE_POST:
        yield [col(Action.owner_post_id) == _POST, ranges.said("action", IS_AWAITED), HEARD < SILENT]
        return
    is_support = section is OrganisationSection.SUPPORTED
    table: Any = ActionSupport if is_support else Action
    late = [col(Action.due_on) < TODAY] if section is OrganisationSection.LATE else []
    of_body = col(ActionSupport.organisation_id) if is_support else col(Action.lead_organisation_id)
    of_post = col(ActionSupport.post_id) if is_support else col(Action.owner_post_id)
    scopes = [of_body == one for one in ranges.places("body", bodies)] or [of_post == _POST]
    for scope in scopes:
        for state in (State.BLOCKED,) if section is OrganisationSection.BLOCKED else STATES:
            yield [scope, col(table.state) == (state.value if is_support else state), *late]


def _asking(bodies: int) -> Any:
    if not bodies:
        return col(ExtensionRequest.post_id) == _POST
    own = aliased(Post)
    posts = sa.select(col(own.id)).where(col(own.organisation_id).in_(ranges.places("body", bodies)))
    return col(ExtensionRequest.post_id).in_(posts)


_GRANTED = aliased(ExtensionRequest)
_GRANTED_BEFORE = (
    sa.select(sa.func.count())
    .select_from(_GRANTED)
    .where(col(_GRANTED.action_id) == col(ExtensionRequest.action_id))
    .where(col(_GRANTED.part_of_id) == col(ExtensionRequest.part_of_id))
    .where(col(_GRANTED.outcome) == RequestOutcome.GRANTED)
    .correlate(ExtensionRequest)
    .scalar_subquery()
)
_EXTENDED = sa.case((col(ExtensionRequest.part_of_id).is_(None), col(Action.extensions)), else_=_GRANTED_BEFORE)


def _requests(picked: sa.Subquery) -> Any:
    """What is asked and what decides who may decide, before the action that it is about."""
    asker = aliased(Post)
    names = ("id", "asked_at", "from_on", "to_on", "reason", "endorsed_at", "part_of_id", "person_id", "post_id")
    columns = (col(getattr(ExtensionRequest, name)) for name in names)
    rights = (col(asker.organisation_id), _EXTENDED, col(Programme.managers_decide))
    return (
        sa.select(picked.c.key, *columns, col(asker.titles), *rights, *actions.ROW, *actions.BESIDE)
        .select_from(ExtensionRequest)
        .join(picked, picked.c.id == col(ExtensionRequest.id))
        .join(asker, col(asker.id) == col(ExtensionRequest.post_id))
        .join(Action, col(Action.id) == col(ExtensionRequest.action_id))
        .join(Programme, col(Programme.id) == col(Action.programme_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    )
