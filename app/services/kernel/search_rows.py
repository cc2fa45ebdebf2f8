"""What the index of search is made from, as it is read: columns, not objects."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.workflow import State


class RecommendedRow(NamedTuple):
    id: int
    ref: str
    programme_id: int
    titles: Mapping[str, str]
    source_text: str
    response_reason: str
    status: str
    created_at: Any
    published_at: Any
    meeting_published_at: Any
    region: str


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
