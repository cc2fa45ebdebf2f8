"""Organisations on the public pages: what they lead and owe, what they have done; their counts are in tallies."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.errors import NotFound
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.models.actions import PUBLIC_OPEN, PUBLIC_VERIFIED, Action
from app.models.base import table_of
from app.models.people import Organisation
from app.models.recommendations import Recommendation
from app.queries.followup.actions import ActionRow

PER_PAGE = 25
DONE = 10
_ACT, _ORG, _REC = (table_of(model) for model in (Action, Organisation, Recommendation))
_ROW = tuple(_ACT.c[name] for name in ActionRow.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    id: int
    slug: str
    titles: Titles
    region: str | None
    is_partner: bool
    made_of: dict[str, MadeOf]


def get(session: Session, slug: str) -> OrganisationRow:
    """The organisation at an address; whether the public may know of it is another question."""
    found = session.execute(_AT, {"slug": slug}).first()
    if found is None:
        raise NotFound
    return OrganisationRow(*found)


def has_answered(session: Session, organisation_id: int) -> bool:
    """Whether a public recommendation names it as the body that answered."""
    return session.execute(_ANSWERED, {"organisation_id": organisation_id}).first() is not None


def owed(session: Session, organisation_id: int, after: tuple[dt.date, int] | None) -> list[ActionRow]:
    """What it leads and has not finished, by deadline; one row more than a page tells that there is another."""
    given: dict[str, object] = {"organisation_id": organisation_id}
    if after:
        given |= {"due_on": after[0], "id": after[1]}
    return [ActionRow(*row) for row in session.execute(_owed(is_after=after is not None), given)]


def done(session: Session, organisation_id: int) -> list[ActionRow]:
    """The latest that were verified."""
    return [ActionRow(*row) for row in session.execute(_DONE, {"organisation_id": organisation_id})]


_MINE = sa.bindparam("organisation_id", type_=sa.Integer())
_AT: Any = sa.select(*(_ORG.c[name] for name in OrganisationRow.__dataclass_fields__)).where(
    _ORG.c.slug == sa.bindparam("slug")
)
_ANSWERED: Any = sa.select(_REC.c.id).where(_REC.c.response_by_id == _MINE, _REC.c.is_public).limit(1)
_DONE: Any = (
    sa.select(*_ROW)
    .where(_ACT.c.lead_organisation_id == _MINE, sa.text(PUBLIC_VERIFIED))
    .order_by(_ACT.c.verified_at.desc(), _ACT.c.id.desc())
    .limit(DONE)
)


@cache
def _owed(*, is_after: bool) -> Any:
    query: Any = sa.select(*_ROW).where(_ACT.c.lead_organisation_id == _MINE, sa.text(PUBLIC_OPEN))
    if is_after:
        place = sa.bindparam("due_on", type_=sa.Date()), sa.bindparam("id", type_=sa.Integer())
        query = query.where(sa.tuple_(_ACT.c.due_on, _ACT.c.id) > sa.tuple_(*place))
    return query.order_by(_ACT.c.due_on, _ACT.c.id).limit(PER_PAGE + 1)
