"""The acts of a story as the public reads them: no note, no name, no word before its release."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import on_behalf, verbs
from app.domain.messages import Message
from app.domain.on_behalf import CameBy
from app.domain.texts import Titles
from app.domain.verbs import HOLDER_ACTS, UNTOLD, Verb
from app.domain.workflow import PARTS, Part, State
from app.models.actions import Action
from app.models.base import UtcDateTime, table_of
from app.models.people import Organisation, Post
from app.models.updates import Update, Via
from app.queries.scope import cursors
from app.statements import Statement

PER_PAGE = 20
_ACT, _ORG, _POST, _UPD = (table_of(model) for model in (Action, Organisation, Post, Update))
# How they came; and when they were corrected, once the public has read them.
_OF_WORDS = (_UPD.c.came_by, _UPD.c.came_on, sa.case((_UPD.c.released_at.is_not(None), _UPD.c.corrected_at)))
_SHOWN = sa.and_(_ACT.c.is_public, _ACT.c.state != State.DRAFT)


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One act; `summary` is empty until it is released, `post` is None when the secretariat acted."""

    id: int
    at: dt.datetime
    verb: Verb
    ref: str
    titles: Titles
    via: Via
    summary: str
    lang: str
    percent: int | None
    post: Titles | None
    organisation_slug: str | None
    organisation: Titles | None
    came_by: CameBy | None
    came_on: dt.date | None
    corrected_at: dt.datetime | None

    @property
    def said_on(self) -> dt.date:
        """The day of the word, whenever it was recorded."""
        return self.came_on or clock.day(self.at, settings().zone)

    @property
    def came(self) -> Message | None:
        """How what was recorded on behalf came."""
        return on_behalf.told(self.came_by, self.came_on) if self.via is Via.ON_BEHALF else None

    @property
    def is_verification(self) -> bool:
        return PARTS[self.verb] == {Part.VERIFIER}

    @property
    def is_voice(self) -> bool:
        """Of who proposed it, without their name, however it came."""
        return Part.PROPOSER in PARTS[self.verb]


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of the story: an act, or one repeated without a word; `word` where its usual word is not true of it."""

    entries: tuple[StoryEntry, ...]
    word: Message | None

    @property
    def last(self) -> StoryEntry:
        return self.entries[-1]


def newest(
    session: Session,
    *,
    recommendation_id: int | None = None,
    action_id: int | None = None,
    before: tuple[dt.datetime, int] | None = None,
) -> list[StoryEntry]:
    """The newest acts before a point, newest first; one more than a page tells that there are earlier ones."""
    given: dict[str, object] = {"value": recommendation_id if action_id is None else action_id}
    query = _newest(action_id is not None, before is not None)
    if before:
        given |= {"at": before[0], "id": before[1]}
    return [StoryEntry(*row) for row in query.rows(session, given)]


@cache
def _newest(is_of_action: bool, is_before: bool) -> Statement:
    """Made once: making a statement costs several times what running it does."""
    of = _UPD.c.action_id if is_of_action else _UPD.c.recommendation_id
    query: Any = (
        sa.select(
            _UPD.c.id,
            _UPD.c.at,
            _UPD.c.verb,
            _ACT.c.ref,
            _ACT.c.titles,
            _UPD.c.via,
            _released(_UPD.c.public_summary),
            _UPD.c.lang,
            _UPD.c.percent,
            _POST.c.titles,
            _ORG.c.slug,
            _ORG.c.titles,
            *_OF_WORDS,
        )
        .join(_ACT, _ACT.c.id == _UPD.c.action_id)
        .outerjoin(_POST, _POST.c.id == _UPD.c.post_id)
        .outerjoin(_ORG, _ORG.c.id == _POST.c.organisation_id)
        .where(of == sa.bindparam("value"), _SHOWN)
        .where(_UPD.c.verb.not_in(sorted(UNTOLD)))
    )
    if is_before:
        point = sa.tuple_(sa.bindparam("at", type_=UtcDateTime()), sa.bindparam("id", type_=sa.Integer()))
        query = query.where(sa.tuple_(_UPD.c.at, _UPD.c.id) < point)
    return Statement(query.order_by(_UPD.c.at.desc(), _UPD.c.id.desc()).limit(PER_PAGE + 1))


def page(found: list[StoryEntry]) -> list[StoryEntry]:
    """A page of what `newest` found, in the order of time."""
    return found[PER_PAGE - 1 :: -1] if len(found) > PER_PAGE else found[::-1]


def folded(entries: Sequence[StoryEntry], due_on: Mapping[str, dt.date | None]) -> list[StoryLine]:
    """Lines in the same order; `due_on`: by reference of its action, the deadline in force."""
    runs = groupby(entries, lambda entry: _likeness(entry, due_on))
    return [_line(tuple(run), is_past) for (is_past, *_), run in runs]


def _likeness(entry: StoryEntry, due_on: Mapping[str, dt.date | None]) -> tuple[object, ...]:
    """What consecutive acts share that are one line; words make an act a line of its own."""
    if entry.verb is not Verb.ON_TRACK:
        return False, entry.id
    is_past = verbs.is_past(entry.said_on, due_on.get(entry.ref))
    if entry.summary or entry.came or entry.corrected_at:
        return is_past, entry.id
    return is_past, entry.ref, entry.organisation_slug, str(entry.post), entry.via


def _line(run: tuple[StoryEntry, ...], is_past: object) -> StoryLine:
    return StoryLine(run, verbs.word_of(run[0].verb, len(run), is_past_deadline=bool(is_past)))


def earlier(found: list[StoryEntry]) -> str:
    """The cursor of the page before, empty when there is none."""
    return cursors.following(found, PER_PAGE, lambda last: (last.at, last.id))


def _released(words: Any) -> Any:
    """Words that wait for their release don't even leave the database."""
    return sa.case((_UPD.c.released_at.is_not(None), words), else_="")


def words_heard(session: Session, action_id: int, since: dt.date) -> list[dt.date]:
    """The days on which a holder said something."""
    zone = settings().zone
    given = {"action_id": action_id, "since": clock.start(since, zone)}
    return [came_on or clock.day(at, zone) for at, came_on in session.execute(_HEARD, given)]


_HEARD: Any = sa.select(_UPD.c.at, _UPD.c.came_on).where(
    _UPD.c.action_id == sa.bindparam("action_id"),
    _UPD.c.at >= sa.bindparam("since"),
    _UPD.c.verb.in_(sorted(HOLDER_ACTS)),
)
