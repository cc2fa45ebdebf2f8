"""Actions as mails tell them, before anybody's language is known: for all letters of a handful in one statement."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.texts import Titles
from app.domain.workflow import BlockReason, State
from app.models.actions import Action
from app.models.base import table_of
from app.models.meetings import Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.statements import Statement

_ACTION, _ABOVE, _PROGRAMME = table_of(Action), table_of(Recommendation), table_of(Programme)
_BODY, _POST = table_of(Organisation), table_of(Post)


class ToldAction(NamedTuple):
    """An action as mails ask for it; what the ladder asks of one bears the same names. Fields are read fifty times."""

    id: int
    ref: str
    titles: Titles
    due_on: dt.date | None
    state: State
    block_reason: BlockReason | None
    who_can_unblock: str
    owner_post_id: int | None
    programme_id: int
    deadline_version: int
    deadline_set_at: dt.datetime | None
    assigned_at: dt.datetime | None
    last_word_at: dt.datetime | None
    blocked_at: dt.datetime | None
    submitted_at: dt.datetime | None
    is_priority: bool
    recommendation: Titles
    programme: Titles
    organisation: Titles | None
    post: Titles | None


def told(session: Session, action_ids: Collection[int]) -> dict[int, ToldAction]:
    """These actions, before anybody's language is known, in one statement."""
    if not action_ids:
        return {}
    ids = list(action_ids)
    ids += ids[:1] * ((1 << (len(ids) - 1).bit_length()) - len(ids))  # a few lengths of the list, each compiled once
    return {row[0]: ToldAction._make(row) for row in _TOLD.rows(session, {"ids": ids})}


_OF_ACTION = ToldAction._fields[: ToldAction._fields.index("recommendation")]
_TOLD = Statement(
    sa.select(
        *(_ACTION.c[name] for name in _OF_ACTION), _ABOVE.c.titles, _PROGRAMME.c.titles, _BODY.c.titles, _POST.c.titles
    )
    .select_from(_ACTION)
    .join(_ABOVE, _ABOVE.c.id == _ACTION.c.recommendation_id)
    .join(_PROGRAMME, _PROGRAMME.c.id == _ACTION.c.programme_id)
    .outerjoin(_BODY, _BODY.c.id == _ACTION.c.lead_organisation_id)
    .outerjoin(_POST, _POST.c.id == _ACTION.c.owner_post_id)
    .where(_ACTION.c.id.in_(sa.bindparam("ids", expanding=True)))
)
