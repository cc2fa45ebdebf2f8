"""Requests for more time: those of an action with what the viewer may do, the one that a press is about."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import extensions
from app.domain.errors import NotFound
from app.domain.extensions import RIGHTS, RequestFacts, RequestOutcome
from app.domain.permissions import ActionFacts, Viewer, parts
from app.domain.texts import Titles
from app.domain.workflow import Verb, find
from app.models.actions import Action, ActionSupport
from app.models.extensions import ExtensionRequest
from app.models.meetings import Programme
from app.models.people import Organisation, Post
from app.queries.followup.actions import Judged

_SHOWN = 10
IS_OPEN = col(ExtensionRequest.outcome) == RequestOutcome.OPEN


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as the page of its action shows it."""

    request: ExtensionRequest
    post: Titles
    can: frozenset[Verb]

    @property
    def is_open(self) -> bool:
        return self.request.outcome is RequestOutcome.OPEN

    @property
    def verb(self) -> Verb:
        return granting(self.request)


def granting(request: ExtensionRequest) -> Verb:
    return Verb.GRANT_TIME if request.part_of_id is None else Verb.GRANT_PART


def of_action(session: Session, viewer: Viewer, action: Action, about: ActionFacts) -> list[RequestLine]:
    """The newest first."""
    query = (
        sa.select(ExtensionRequest, col(Post.titles))
        .join(Post, col(Post.id) == col(ExtensionRequest.post_id))
        .where(col(ExtensionRequest.action_id) == action.id)
        .order_by(col(ExtensionRequest.id).desc())
        .limit(_SHOWN)
    )
    held = parts(viewer, about)
    lines = []
    for request, post in session.execute(query).all():
        verbs = frozenset[Verb]()
        if request.outcome is RequestOutcome.OPEN:
            asked = facts(session, request, action.id)
            verbs = frozenset(verb for verb, right in RIGHTS.items() if right(viewer, held, asked))
            verbs = frozenset(verb for verb in verbs if find(verb, action.state)) - _other(request)
            verbs -= {Verb.ENDORSE_TIME} if request.endorsed_at else frozenset()
        lines.append(RequestLine(request, post, verbs))
    return lines


def _other(request: ExtensionRequest) -> frozenset[Verb]:
    return frozenset({Verb.GRANT_TIME, Verb.GRANT_PART} - {granting(request)})


def get(session: Session, action: Action | Judged, request_id: int) -> ExtensionRequest:
    """A request about this action; raises NotFound."""
    query = sa.select(ExtensionRequest).where(
        col(ExtensionRequest.id) == request_id, col(ExtensionRequest.action_id) == action.id
    )
    found: ExtensionRequest | None = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def facts(session: Session, request: ExtensionRequest, action_id: int) -> RequestFacts:
    """What decides who may do what about it; of a part its own extensions count."""
    of_part = (
        sa.select(col(ActionSupport.extensions))
        .where(col(ActionSupport.action_id) == action_id, col(ActionSupport.organisation_id) == request.part_of_id)
        .scalar_subquery()
    )
    counted = sa.func.coalesce(of_part, 0) if request.part_of_id is not None else col(Action.extensions)
    decide = sa.and_(col(Programme.managers_decide), col(Organisation.is_partner).is_(False))  # not of its own delay
    query = (
        sa.select(col(Post.organisation_id), col(Action.is_priority), counted, decide)
        .select_from(Action)
        .join(Programme, col(Programme.id) == col(Action.programme_id))
        .join(Post, col(Post.id) == request.post_id)
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(col(Action.id) == action_id)
    )
    names = ("organisation_id", "is_priority", "extensions", "managers_decide")
    found = dict(zip(names, session.execute(query).one(), strict=True))
    return RequestFacts(person_id=request.person_id, post_id=request.post_id, **found)


def may_decide(session: Session, viewer: Viewer, request: ExtensionRequest, about: ActionFacts) -> bool:
    return extensions.may_decide(viewer, parts(viewer, about), facts(session, request, request.action_id))


def open_of(session: Session, action_id: int, post_id: int) -> ExtensionRequest | None:
    """The open request of a post about an action."""
    query = sa.select(ExtensionRequest).where(
        col(ExtensionRequest.action_id) == action_id, col(ExtensionRequest.post_id) == post_id, IS_OPEN
    )
    found: ExtensionRequest | None = session.scalars(query).first()
    return found


def part(session: Session, action_id: int, post_id: int) -> ActionSupport | None:
    """The part of a supporting post that has a date of its own."""
    query = sa.select(ActionSupport).where(
        col(ActionSupport.action_id) == action_id,
        col(ActionSupport.post_id) == post_id,
        col(ActionSupport.due_on).is_not(None),
    )
    found: ActionSupport | None = session.scalars(query.order_by(col(ActionSupport.organisation_id))).first()
    return found


def waiting(session: Session, action_ids: Collection[int]) -> dict[int, dt.datetime]:
    """Of these actions those with an open request, and since when."""
    query = (
        sa.select(col(ExtensionRequest.action_id), sa.func.min(col(ExtensionRequest.asked_at)))
        .where(col(ExtensionRequest.action_id).in_(action_ids), IS_OPEN)
        .group_by(col(ExtensionRequest.action_id))
    )
    return {row[0]: row[1] for row in session.execute(query)} if action_ids else {}
