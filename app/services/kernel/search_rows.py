"""What the index of search is made from, as it is read: columns, not objects."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.progress import Status
from app.domain.workflow import State


class RecommendedRow(NamedTuple):
    id: int
    ref: str
    programme_id: int
    titles: Mapping[str, str]
    source_text: str
    response_reason: str
    outcome: Mapping[str, str]
    outcome_at: Any
    public_status: str
    status: str
    created_at: Any
    published_at: Any
    meeting_published_at: Any
    region: str

    @property
    def public_outcome(self) -> Mapping[str, str]:
        """As the public page shows it: whoever finds it may see no more than that."""
        return self.outcome if self.outcome_at and self.public_status == Status.IMPLEMENTED else {}


class ActedRow(NamedTuple):
    id: int
    ref: str
    recommendation_id: int
    titles: Mapping[str, str]
    description: str
    end_reason: str
    state: State
    owner_post_id: int | None
    lead_organisation_id: int | None
    created_at: Any
    assigned_at: Any
    published_at: Any


class SpokenRow(NamedTuple):
    id: int
    action_id: int
    programme_id: int
    at: Any
    summary: str
    note: str
    released_at: Any
    owner_post_id: int | None
    lead_organisation_id: int | None
    assigned_at: Any
    published_at: Any
    above_published_at: Any
    meeting_published_at: Any
    region: str

    @property
    def published(self) -> tuple[Any, ...]:
        return self.published_at, self.above_published_at, self.meeting_published_at


class AskedRow(NamedTuple):
    """A question, or an answer to one."""

    id: int
    action_id: int
    programme_id: int
    at: Any
    text: str
    owner_post_id: int | None
    lead_organisation_id: int | None
    assigned_at: Any
