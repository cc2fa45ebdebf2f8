"""What has moved of a recommendation since the morning before, as far as the public knows of it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.texts import Titles
from app.domain.verbs import Verb
from app.domain.workflow import OPEN, Evidence
from app.models.actions import Action
from app.models.proposers import Proposer
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries.followup import voices

_MOST = 20


@dataclass(frozen=True)
class MovedAction:
    """The last that happened to one action, while it still stands so."""

    action_id: int
    ref: str
    titles: Titles
    due_on: dt.date | None
    update_id: int
    verb: Verb
    reason: str


def public(session: Session, proposer_id: int) -> Recommendation | None:
    """What they proposed, unless it is no longer public."""
    query = sa.select(Recommendation).join(Proposer, col(Proposer.recommendation_id) == col(Recommendation.id))
    return session.scalars(query.where(col(Proposer.id) == proposer_id, col(Recommendation.is_public))).first()


def moved(
    session: Session,
    proposer_id: int,
    recommendation_id: int,
    verbs: frozenset[Verb],
    window: tuple[dt.datetime, dt.datetime],
) -> list[MovedAction]:
    """At most one line of each public action: what was true of it for an hour is told to nobody."""
    query = (
        sa.select(Update, Action)
        .join(Action, col(Action.id) == col(Update.action_id))
        .where(
            col(Update.recommendation_id) == recommendation_id, col(Update.at) >= window[0], col(Update.at) < window[1]
        )
        .where(col(Update.verb).in_(sorted(verbs)), col(Action.is_public))
        .order_by(col(Update.at).desc(), col(Update.id).desc())
        .limit(_MOST)
    )
    found: dict[int, MovedAction] = {}
    for update, action in session.execute(query).unique():
        if action.id not in found and _stands(session, proposer_id, update, action):
            reason = update.public_summary if update.released_at else ""
            found[action.id] = MovedAction(
                action.id, action.ref, action.titles, action.due_on, update.id, update.verb, reason
            )  # fmt: skip
    return sorted(found.values(), key=lambda one: one.action_id)


def _stands(session: Session, proposer_id: int, update: Update, action: Action) -> bool:
    if update.verb is Verb.VERIFY:
        is_present = voices.verification(session, action) == update.id
        return is_present and voices.answer(session, proposer_id, update.id) is None
    if update.verb is Verb.NOT_UPHELD:
        return action.evidence is Evidence.VERIFIED
    return action.state in OPEN
