"""What has words in several languages, and what is to be done about them: derived, so that no list reads everything."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.texts import Titles
from app.domain.translations import TextKind
from app.models.actions import Action, ActionSupport, Milestone
from app.models.base import Table, TranslatedTable, by_language, choice, instant, partial
from app.models.indicators import Indicator
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation, Theme

IS_OUTDATED = "is_missing IS FALSE"
# Every column with words in several languages but those of proposals, which end with the review.
TEXTS: dict[type[TranslatedTable], tuple[TextKind, tuple[str, ...]]] = {
    Programme: (TextKind.PROGRAMME, ("titles",)),
    Meeting: (TextKind.MEETING, ("titles", "place", "convenor", "chair", "participants")),
    Recommendation: (TextKind.RECOMMENDATION, ("titles", "outcome")),
    Action: (TextKind.ACTION, ("titles",)),
    ActionSupport: (TextKind.PART, ("titles",)),
    Milestone: (TextKind.MILESTONE, ("titles",)),
    Indicator: (TextKind.INDICATOR, ("titles", "unit")),
    Theme: (TextKind.THEME, ("titles",)),
    Organisation: (TextKind.ORGANISATION, ("titles",)),
    Post: (TextKind.POST, ("titles",)),
}
MODELS = {kind: model for model, (kind, _) in TEXTS.items()}


class TranslationDue(Table, table=True):
    """A language in which words of one thing are outdated or missing; follows the thing in the same transaction."""

    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_id", "beside_id", "lang"),
        sa.Index("ix_translation_due_programme_id", "programme_id", "is_missing", "id"),
        sa.Index("ix_translation_due_programme_id_lang", "programme_id", "lang", "is_missing", "id"),
        sa.Index("ix_translation_due_programme_id_kind", "programme_id", "kind", "is_missing", "id"),
        sa.Index("ix_translation_due_programme_id_kind_lang", "programme_id", "kind", "lang", "is_missing", "id"),
        sa.Index("ix_translation_due_kind", "kind", "is_missing", "id"),
        sa.Index("ix_translation_due_kind_lang", "kind", "lang", "is_missing", "id"),
        partial("ix_translation_due_outdated", "programme_id", "since_at", "id", where=IS_OUTDATED),
    )
    id: int = Field(default=None, primary_key=True)
    kind: TextKind = Field(sa_type=choice(TextKind))
    subject_id: int
    beside_id: int = 0  # of a part: the organisation beside the action
    lang: str = Field(max_length=2)
    programme_id: int = 0  # 0: made by an administrator for all
    is_missing: bool  # else outdated
    ref: str = Field(default="", max_length=28)  # of itself, or of what it belongs to
    titles: Titles = by_language()
    since_at: dt.datetime = instant()
