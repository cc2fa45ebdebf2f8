"""The one mail of a person's morning: every reminder, escalation and request to verify that is still owed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import N_
from app.domain.ladder import Anchor, Audience, Kind, Step
from app.domain.titles import pick
from app.i18n.catalogues import gettext
from app.mail import messages
from app.mail.letters import Escalation, Item, Reader, Several
from app.mail.policy import Mail
from app.models.actions import Action, Milestone
from app.models.notifications import Reminder, ReminderState
from app.queries import reminders
from app.queries.letters import items, post_line
from app.queries.subjects import Candidate
from app.services.letters.acts import at_desk
from app.services.letters.case import Case, Unwanted
from app.services.letters.keys import answerable

NOTHING_LEFT = N_("Nothing of it is due any more")
NO_HOLDER = N_("Nobody holds this post: name a holder.")


@dataclass(frozen=True)
class Owed:
    """A reminder that still stands."""

    row: Reminder
    candidate: Candidate
    step: Step


@dataclass(frozen=True)
class Morning:
    """The letter, and the reason for which it is mainly sent."""

    letter: Several
    audience: Audience


def look(case: Case) -> list[Owed]:
    """What still stands of what was planned; one line a subject, the latest."""
    rows = list(case.session.scalars(_planned(case.envelope.id)))
    alive = reminders.still_owed(case.session, rows, case.now)
    latest: dict[tuple[str, int], Owed] = {}
    for row in sorted(rows, key=lambda row: row.due_on):
        if row.id in alive:
            latest[row.subject_kind, row.subject_id] = Owed(row, *alive[row.id])
    if not latest:
        raise Unwanted(NOTHING_LEFT)
    return list(latest.values())


def load(case: Case) -> Morning:
    owed = look(case)
    case.later.append(partial(_drop, message_id=case.envelope.id, kept=[one.row.id for one in owed]))
    told = _items(case, owed)
    audience = min((Audience(one.row.audience) for one in owed), key=list(Audience).index)
    if audience in {Audience.MANAGER, Audience.SECRETARIAT}:
        letter: Several = Escalation(to=_to(case, owed), today=case.today, items=told, audience=_whole(owed))
    else:
        letter = Several(to=_to(case, owed), today=case.today, items=told)
    return Morning(letter, audience)


def message(morning: Morning) -> Mail:
    if isinstance(morning.letter, Escalation):
        return messages.escalation(morning.letter)
    if morning.audience is Audience.VERIFIER:
        return messages.verification_waiting(morning.letter)
    return messages.reminder(morning.letter)


def done(session: Session, message_id: int) -> None:
    _close(session, message_id, ReminderState.DONE)


def dropped(session: Session, message_id: int) -> None:
    _close(session, message_id, ReminderState.DROPPED)


def _planned(message_id: int) -> sa.Select[Reminder]:
    return sa.select(Reminder).where(
        col(Reminder.message_id) == message_id, col(Reminder.state) == ReminderState.PLANNED
    )


def _drop(session: Session, message_id: int, kept: Sequence[int | None]) -> None:
    """What has closed or moved in the meantime drops out of the mail and is so recorded."""
    gone = sa.and_(col(Reminder.message_id) == message_id, col(Reminder.id).not_in(kept))
    session.execute(
        sa.update(Reminder)
        .where(gone, col(Reminder.state) == ReminderState.PLANNED)
        .values(state=ReminderState.DROPPED)
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, message_id: int, state: ReminderState) -> None:
    mine = sa.and_(col(Reminder.message_id) == message_id, col(Reminder.state) == ReminderState.PLANNED)
    session.execute(sa.update(Reminder).where(mine).values(state=state).execution_options(synchronize_session=False))


def _to(case: Case, owed: list[Owed]) -> Reader:
    """Holders hear because of their post, everybody else because of what they answer for."""
    holding = next((one.candidate.post_id for one in owed if one.row.audience == Audience.HOLDER), None)
    if holding:
        return replace(case.to, post=" · ".join(post_line(case.session, holding, case.lang)))
    return case.to if any(one.row.audience == Audience.MANAGER for one in owed) else at_desk(case)


def _whole(owed: list[Owed]) -> Audience:
    """Only for a manager alone is it "of your organisation"."""
    is_manager = all(one.row.audience == Audience.MANAGER for one in owed)
    return Audience.MANAGER if is_manager else Audience.SECRETARIAT


def _items(case: Case, owed: list[Owed]) -> tuple[Item, ...]:
    told = items(case.session, {one.candidate.action_id for one in owed}, case.lang, case.today)
    copies = _copies(case, owed)
    made = [_item(case, one, told[one.candidate.action_id], copies) for one in owed]
    return tuple(sorted(made, key=lambda item: (item.due_on is None, item.due_on, item.ref)))


def _item(case: Case, one: Owed, told: Item, copies: dict[tuple[str, int], set[Audience]]) -> Item:
    told = replace(told, due_on=one.candidate.subject.due_on)
    if one.candidate.kind is Kind.MILESTONE:
        stone = case.session.get_one(Milestone, one.candidate.subject_id)
        told = replace(told, title=f"{pick(stone.titles, case.lang)[0]} ({told.title})")
    if one.row.audience != Audience.HOLDER:
        is_vacant = one.step.rung.startswith(Anchor.VACANT)
        return replace(told, note=gettext(case.lang, NO_HOLDER)) if is_vacant else told
    heard = copies[one.row.subject_kind, one.row.subject_id]
    told = replace(told, copies=tuple(audience for audience in Audience if audience in heard))
    action = case.session.get_one(Action, one.candidate.action_id)
    return answerable(case, told, action, one.candidate.post_id or 0)[0]


def _copies(case: Case, owed: list[Owed]) -> dict[tuple[str, int], set[Audience]]:
    """Who else hears of the same subject on the same day."""
    query = sa.select(col(Reminder.subject_kind), col(Reminder.subject_id), col(Reminder.audience)).where(
        sa.tuple_(col(Reminder.subject_kind), col(Reminder.subject_id), col(Reminder.due_on)).in_(
            [(one.row.subject_kind, one.row.subject_id, one.row.due_on) for one in owed]
        ),
        col(Reminder.person_id) != case.envelope.person_id,
        col(Reminder.state).in_({ReminderState.PLANNED, ReminderState.DONE}),
    )
    found: dict[tuple[str, int], set[Audience]] = defaultdict(set)
    for kind, subject_id, audience in case.session.execute(query):
        if audience != Audience.HOLDER:
            found[kind, subject_id].add(Audience(audience))
    return found
