"""The one mail of a person's morning: every reminder, escalation and request to verify that is still owed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.domain.ladder import Anchor, Audience, Kind, Step, rank
from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.sentences.mail_lines import NO_HOLDER, UNDECIDED
from app.domain.texts import pick
from app.i18n.catalogues import gettext
from app.mail import messages, reply_lines
from app.mail.letters import Escalation, Item, Reader, Several
from app.mail.policy import Mail
from app.models.actions import Milestone
from app.models.notifications import Reminder, ReminderState
from app.queries.mailing import reminders
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.letters import body_titles, item_of, milestone_of, post_titles
from app.queries.mailing.told import ToldAction
from app.services.mailing.letters import blocks, measured, part_lines, replies
from app.services.mailing.letters.acts import at_desk
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.statements import Statement
from app.wording import say_text

_PLANNED, _OWED, _COPIES, _POSTS, _BODIES, _PARTS = "planned", "owed", "copies", "posts", "bodies", "parts"
_COLUMNS = (
    col(Reminder.id),
    col(Reminder.message_id),
    col(Reminder.person_id),
    col(Reminder.subject_kind),
    col(Reminder.subject_id),
    col(Reminder.step),
    col(Reminder.deadline_version),
    col(Reminder.due_on),
    col(Reminder.audience),
)
NOTHING_LEFT = N_("Nothing of it is due any more")


@dataclass(frozen=True)
class StandingReminder:
    """A reminder that still stands."""

    row: Any  # of _COLUMNS
    candidate: Candidate
    step: Step


@dataclass(frozen=True)
class Morning:
    """The letter, and the reason for which it is mainly sent."""

    letter: Several
    audience: Audience
    reply_to: str = ""


def gather(cases: Sequence[Case]) -> None:
    """What was planned for all of them, what of it still stands, and what is told of it."""
    table, ids = cases[0].table, [case.envelope.id for case in cases]
    planned: dict[int, list[Any]] = {message_id: [] for message_id in ids}
    for row in table.session.execute(_planned(ids)):
        planned[row.message_id].append(row)
    rows = [row for some in planned.values() for row in some]
    alive = reminders.still_owed(table.session, rows, table.now)
    for message_id, some in planned.items():
        table.found[_PLANNED, message_id] = [row.id for row in some]
        table.found[_OWED, message_id] = [StandingReminder(row, *alive[row.id]) for row in some if row.id in alive]
    table.told(candidate.action_id for candidate, _ in alive.values() if candidate.action_id)
    measured.gather(table, [candidate for candidate, _ in alive.values()])
    table.found[_COPIES] = _copies(table.session, [row for row in rows if row.id in alive])
    bodies = {one.organisation_id for one, _ in alive.values() if one.organisation_id}
    is_managed = any(row.audience == Audience.MANAGER for row in rows)
    table.found[_BODIES] = body_titles(table.session, bodies) if is_managed else {}
    table.found[_PARTS] = part_lines.gather(table.session, [candidate for candidate, _ in alive.values()])
    table.found[_POSTS] = post_titles(table.session, {one.post_id for one, _ in alive.values() if one.post_id})


def look(case: Case) -> list[StandingReminder]:
    """What still stands of what was planned; one line a subject, the latest."""
    key = _OWED, case.envelope.id
    if key not in case.table.found:
        gather([case])
    latest: dict[tuple[str, int], StandingReminder] = {}
    for one in sorted(case.table.found[key], key=lambda one: rank(one.step, Audience(one.row.audience))):
        latest[one.row.subject_kind, one.row.subject_id] = one
    if not latest:
        raise NoLongerWanted(NOTHING_LEFT)
    return list(latest.values())


def load(case: Case) -> Morning:
    owed = look(case)
    kept, known = [one.row.id for one in owed], case.table.found[_PLANNED, case.envelope.id]
    case.later.append(partial(_drop, message_id=case.envelope.id, kept=kept, known=known))
    told = _items(case, owed)
    audience = min((Audience(one.row.audience) for one in owed), key=list(Audience).index)
    if audience in {Audience.MANAGER, Audience.SECRETARIAT}:
        letter: Several = Escalation(to=_to(case, owed), today=case.today, items=told, audience=_whole(owed))
    else:
        letter = Several(to=_to(case, owed), today=case.today, items=told)
    return Morning(letter, audience, replies.offered(case, owed))


def message(morning: Morning) -> Mail:
    if isinstance(morning.letter, Escalation):
        return messages.escalation(morning.letter)
    if morning.audience is Audience.VERIFIER:
        return messages.verification_waiting(morning.letter)
    return reply_lines.inviting(messages.reminder(morning.letter), morning.reply_to)


def done(session: Session, message_id: int) -> None:
    _close(session, message_id, ReminderState.DONE)


def dropped(session: Session, message_id: int) -> None:
    _close(session, message_id, ReminderState.DROPPED)


def _planned(message_ids: Sequence[int]) -> Any:
    return sa.select(*_COLUMNS).where(
        col(Reminder.message_id).in_(message_ids), col(Reminder.state) == ReminderState.PLANNED
    )


def _drop(session: Session, message_id: int, kept: Sequence[int], known: Sequence[int]) -> None:
    """What has closed or moved in the meantime drops out of the mail and is so recorded."""
    gone = [row_id for row_id in known if row_id not in kept]
    if gone:
        dropped = sa.update(Reminder).where(col(Reminder.id).in_(gone), col(Reminder.message_id) == message_id)
        session.execute(dropped.values(state=ReminderState.DROPPED).execution_options(synchronize_session=False))


def _close(session: Session, message_id: int, state: ReminderState) -> None:
    _CLOSED.rows(session, {"of_message": message_id, "state": state})


_TABLE = SQLModel.metadata.tables["reminder"]  # through the model every update costs five times as much
_CLOSED = Statement(
    sa.update(_TABLE).where(_TABLE.c.message_id == sa.bindparam("of_message"), _TABLE.c.state == ReminderState.PLANNED)
)


def _to(case: Case, owed: list[StandingReminder]) -> Reader:
    """Holders hear because of their post, everybody else because of what they answer for."""
    holding = next((one.candidate.post_id for one in owed if one.row.audience == Audience.HOLDER), None)
    if holding:
        titles = case.table.found[_POSTS][holding]
        return replace(case.to, post=" · ".join(pick(title, case.lang)[0] for title in titles))
    managed = [one.candidate.organisation_id for one in owed if one.row.audience == Audience.MANAGER]
    if managed:
        bodies = case.table.found[_BODIES]
        names = tuple(pick(bodies[body], case.lang)[0] for body in dict.fromkeys(managed) if body)
        return replace(case.to, role=Role.MANAGER, of=names)
    is_verifier = all(one.row.audience == Audience.VERIFIER for one in owed)
    programmes = [measured.programme(case, one.candidate) for one in owed]
    return at_desk(case, Role.VERIFIER if is_verifier else Role.SECRETARIAT, programmes)


def _whole(owed: list[StandingReminder]) -> Audience:
    """Only for a manager alone is it "of your organisation"."""
    is_manager = all(one.row.audience == Audience.MANAGER for one in owed)
    return Audience.MANAGER if is_manager else Audience.SECRETARIAT


def _items(case: Case, owed: list[StandingReminder]) -> tuple[Item, ...]:
    """What an action owes is one line, word at intervals beside its deadline."""
    told = case.table.told(one.candidate.action_id for one in owed if one.candidate.action_id)
    words = {(one.row.subject_id, one.row.audience): one for one in owed if one.candidate.kind is Kind.WORD}
    made = [measured.item(case, one.candidate) for one in owed if one.candidate.kind is Kind.INDICATOR]
    together = blocks.of((one.candidate, one.row.audience) for one in owed)
    pairs: list[tuple[StandingReminder, StandingReminder | None]] = []
    for one in (one for one in owed if one.candidate.kind not in {Kind.WORD, Kind.INDICATOR}):
        key = one.row.subject_id, one.row.audience
        pairs.append((one, words.pop(key, None) if one.candidate.kind is Kind.ACTION else None))
    for one, word in [*pairs, *((word, word) for word in words.values())]:
        line = _item(case, one, told[one.candidate.action_id], word, together)
        if not together.takes(one.candidate, one.row.audience, line):
            made.append(line)
    made += together.items()
    return tuple(sorted(made, key=lambda item: (item.due_on is None, item.due_on, item.ref)))


def _item(
    case: Case, one: StandingReminder, row: ToldAction, word: StandingReminder | None, together: blocks.Blocks
) -> Item:
    changes: dict[str, Any] = {"note": _note(case, one, word)}
    if one.row.audience == Audience.HOLDER:
        changes |= {"copies": _others(case, one), "answers": together.answers(case, one.candidate, row)}
    if one.candidate.kind is Kind.MILESTONE:
        milestone = case.session.get_one(Milestone, one.candidate.subject_id)
        return milestone_of(row, milestone, case.lang, case.today, **changes)
    if one is word:  # of which the deadline is not what is owed
        return item_of(row, case.lang, case.today, at_intervals="word", **changes)
    if one.candidate.kind is Kind.PART:
        own = part_lines.of_morning(case, one.candidate, one.row.audience, case.table.found[_PARTS])
        return item_of(row, case.lang, case.today, **(changes | own if not changes["note"] else own | changes))
    return item_of(row, case.lang, case.today, due_on=one.candidate.subject.due_on, **changes)


def _note(case: Case, one: StandingReminder, word: StandingReminder | None) -> str:
    said = []
    if one.step.rung.startswith(Anchor.VACANT):
        said.append(gettext(case.lang, NO_HOLDER))
    elif one.step.rung.startswith(Anchor.ASKED):
        said.append(gettext(case.lang, UNDECIDED))
    if word and (owed := word.candidate.word):
        said += [say_text(sentence, case.lang) for sentence in owed.told(case.today)]
    return " ".join(said)


def _others(case: Case, one: StandingReminder) -> tuple[Audience, ...]:
    """Who else hears of it that day."""
    hears = case.table.found[_COPIES][one.row.subject_kind, one.row.subject_id, one.row.due_on]
    heard = {audience for person_id, audience in hears if person_id != case.envelope.person_id}
    return tuple(audience for audience in Audience if audience in heard)


def _copies(session: Session, rows: list[Any]) -> dict[tuple[str, int, dt.date], set[tuple[int, Audience]]]:
    """Who hears of the same subjects on the same days, holders apart; a kind at a time, as no index knows them all."""
    found: dict[tuple[str, int, dt.date], set[tuple[int, Audience]]] = defaultdict(set)
    days = {row.due_on for row in rows}
    for kind in {row.subject_kind for row in rows}:
        ids = {row.subject_id for row in rows if row.subject_kind == kind}
        for subject_id, due_on, person_id, audience in session.execute(
            _HEARD, {"kind": kind, "ids": ids, "days": days}
        ):
            found[kind, subject_id, due_on].add((person_id, Audience(audience)))
    return found


_HEARD: Any = sa.select(
    col(Reminder.subject_id), col(Reminder.due_on), col(Reminder.person_id), col(Reminder.audience)
).where(
    col(Reminder.subject_kind) == sa.bindparam("kind"),
    col(Reminder.subject_id).in_(sa.bindparam("ids", expanding=True)),
    col(Reminder.due_on).in_(sa.bindparam("days", expanding=True)),
    col(Reminder.state).in_({ReminderState.PLANNED, ReminderState.DONE}),
    col(Reminder.audience) != Audience.HOLDER,
)
