"""One action with everything around it, as far as the viewer may see it: for its page in the workspace."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import ladder, on_behalf, permissions, workflow
from app.domain.ladder import Step
from app.domain.messages import Message
from app.domain.on_behalf import CameBy
from app.domain.permissions import Role, Viewer
from app.domain.texts import Titles
from app.domain.workflow import OPEN, MilestoneWord, Part, PartState, State, Verb
from app.models.actions import Action, Milestone
from app.models.evidence import EvidenceItem
from app.models.meetings import Meeting
from app.models.people import Holding, Organisation, Person, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update, Via
from app.queries.followup import also_serves, evidence_files, extensions, history, support_rows
from app.queries.followup.actions import facts, is_baseline_open
from app.queries.followup.extensions import RequestLine
from app.queries.followup.history import Deed
from app.queries.followup.support_rows import SupportRow
from app.queries.mailing import ladder_candidates, ladders
from app.queries.scope import calendar, visible
from app.queries.scope.seats import ACTING_FIRST, SEATED

STORY = 60
_HORIZON = 120
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Around:
    """Where the action belongs and who answers for it; the holder's name is for the house alone."""

    recommendation_ref: str
    recommendation_titles: Titles
    recommendation_is_public: bool
    meeting_slug: str
    meeting_titles: Titles
    organisation: Titles | None
    post: Titles | None
    holder: str | None


@dataclass(frozen=True, slots=True)
class StoryAct:
    """One act of the story."""

    id: int
    at: dt.datetime
    verb: Verb
    via: Via
    note: str
    summary: str
    lang: str
    percent: int | None
    released_at: dt.datetime | None
    release_on: dt.date | None
    withheld: str
    post: Titles | None
    name: str | None
    milestone: Titles | None
    milestone_word: MilestoneWord | None
    part_of: Titles | None
    came_by: CameBy | None
    came_on: dt.date | None

    @property
    def came(self) -> Message | None:
        """How what was recorded on behalf came."""
        return on_behalf.told(self.came_by, self.came_on) if self.via is Via.ON_BEHALF else None

    @property
    def is_waiting(self) -> bool:
        return bool(self.summary) and self.released_at is None and not self.withheld


@dataclass(frozen=True)
class Dossier:
    action: Action
    around: Around
    supports: list[SupportRow]
    milestones: list[Milestone]
    evidence: list[EvidenceItem]
    story: list[StoryAct]
    deeds: list[Deed]
    ahead: list[Step]
    parts: frozenset[Part]
    possible: frozenset[Verb]
    has_notes: bool
    is_inside: bool  # sees more than the public page shows
    is_baseline_open: bool
    requests: list[RequestLine]  # for more time
    served: list[also_serves.ServedLine]  # other recommendations, beside its home

    @property
    def has_open_request(self) -> bool:
        """Of the viewer's own post."""
        return any(Verb.WITHDRAW_TIME in line.can for line in self.requests)

    @property
    def is_secretariat(self) -> bool:
        return Part.SECRETARIAT in self.parts

    @property
    def is_shared(self) -> bool:
        """Whether its supporting posts owe their parts."""
        return self.action.state in OPEN and self.action.state is not State.DECLINED

    @property
    def open_parts(self) -> list[SupportRow]:
        """What is not declared done: its owner and whoever verifies it see that."""
        return [row for row in self.supports if row.state is not PartState.DONE and row.post_id]

    @property
    def with_words(self) -> set[int | None]:
        """The pieces that came with words which are not public yet."""
        waiting = {told.id for told in self.story if told.summary and told.released_at is None}
        return {piece.id for piece in self.evidence if piece.update_id in waiting}

    @property
    def needs_document(self) -> bool:
        """Whether "done" will ask for one that can be opened or looked up."""
        return self.action.is_priority and not any(map(evidence_files.shows, self.evidence))

    @property
    def may_attach(self) -> bool:
        return bool(self.parts & {Part.OWNER, Part.CONTRIBUTOR, Part.SECRETARIAT})


def of(session: Session, viewer: Viewer, action: Action, today: dt.date) -> Dossier:
    """A fixed number of statements; `action` was loaded through the viewer's scope."""
    about = facts(session, action)
    parts = permissions.parts(viewer, about)
    is_inside, has_notes = visible.sight(session, viewer, action.id)
    reads_record = permissions.may(viewer, action.programme_id, Role.SECRETARIAT, Role.VERIFIER)
    return Dossier(
        action,
        _around(session, action, has_notes=has_notes),
        support_rows.of(session, [action.id])[action.id],
        _milestones(session, action) if is_inside else [],
        _evidence(session, action, has_notes=has_notes),
        _story(session, action, is_inside=is_inside, has_notes=has_notes),
        history.of(session, ("action", action.id)) if reads_record else [],
        _ahead(session, action, today) if is_inside else [],
        parts,
        workflow.possible(action.state, parts),
        has_notes,
        is_inside,
        Part.SECRETARIAT in parts and is_baseline_open(session, action),
        extensions.of_action(session, viewer, action, about) if has_notes else [],
        also_serves.served(session, viewer, action.id),
    )


_BY_DATE = sa.func.coalesce(col(Milestone.due_on), dt.date.max)


def _milestones(session: Session, action: Action) -> list[Milestone]:
    return list(session.scalars(sa.select(Milestone).where(col(Milestone.action_id) == action.id).order_by(_BY_DATE)))


def _around(session: Session, action: Action, *, has_notes: bool) -> Around:
    query = (
        sa.select(
            col(Recommendation.ref),
            col(Recommendation.titles),
            col(Recommendation.is_public),
            col(Meeting.slug),
            col(Meeting.titles),
            col(Organisation.titles),
            col(Post.titles),
            col(Person.name) if has_notes else sa.null(),
        )
        .select_from(Recommendation)
        .join(Meeting, col(Meeting.id) == col(Recommendation.meeting_id))
        .outerjoin(Organisation, col(Organisation.id) == action.lead_organisation_id)
        .outerjoin(Post, col(Post.id) == action.owner_post_id)
        .outerjoin(Holding, sa.and_(col(Holding.post_id) == col(Post.id), SEATED))
        .outerjoin(Person, col(Person.id) == col(Holding.person_id))
        .where(col(Recommendation.id) == action.recommendation_id)
        .order_by(ACTING_FIRST)
        .limit(1)
    )
    return Around(*session.execute(query).one())


def _evidence(session: Session, action: Action, *, has_notes: bool) -> list[EvidenceItem]:
    query = sa.select(EvidenceItem).where(col(EvidenceItem.action_id) == action.id)
    shown = query if has_notes else query.where(col(EvidenceItem.released_at).is_not(None))
    return list(session.scalars(shown.order_by(col(EvidenceItem.id))))


_WHOSE_AND_HOW = (col(Organisation.titles), col(Update.came_by), col(Update.came_on))


def _story(session: Session, action: Action, *, is_inside: bool, has_notes: bool) -> list[StoryAct]:
    """The latest acts, newest first; who sees no notes sees released words alone, and no names."""
    hidden, released = sa.literal(""), col(Update.released_at).is_not(None)
    query = (
        sa.select(
            col(Update.id),
            col(Update.at),
            col(Update.verb),
            col(Update.via),
            col(Update.note) if has_notes else hidden,
            col(Update.public_summary) if has_notes else sa.case((released, col(Update.public_summary)), else_=""),
            col(Update.lang),
            col(Update.percent),
            col(Update.released_at),
            col(Update.release_on),
            col(Update.withheld_reason) if has_notes else hidden,
            col(Post.titles),
            col(Person.name) if has_notes else sa.null(),
            *((col(Milestone.titles), col(Update.milestone_word)) if is_inside else (sa.null(), sa.null())),
            *_WHOSE_AND_HOW,
        )
        .outerjoin(Post, col(Post.id) == col(Update.post_id))
        .outerjoin(Person, col(Person.id) == col(Update.person_id))
        .outerjoin(Milestone, col(Milestone.id) == col(Update.milestone_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Update.part_of_id))
        .where(col(Update.action_id) == action.id)
        .order_by(col(Update.id).desc())
        .limit(STORY)
    )
    return [StoryAct(*row) for row in session.execute(query).all()]


def _ahead(session: Session, action: Action, today: dt.date) -> list[Step]:
    """Who will be written to and when, if nothing changes."""
    if action.state not in OPEN or action.state == State.DECLINED:
        return []
    off = calendar.around(session, today)
    by = ladders.of(ladders.load(session), action.programme_id, is_priority=action.is_priority)
    steps = ladder.plan(ladder_candidates.held(action), today=today, off=off, horizon=_HORIZON, ladder=by)
    firsts = {(step.rung, step.audience): step for step in reversed(steps) if step.on >= today}
    return sorted(firsts.values(), key=lambda step: step.on)[:_AHEAD]  # what goes on weekly is said once
