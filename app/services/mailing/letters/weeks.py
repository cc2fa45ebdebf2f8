"""The weekly letters: what a digest's sections say to its reader, and how the window learns what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.domain.digests import Window
from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.sentences.mail_lines import QUESTION
from app.domain.workflow import AWAITED
from app.i18n import labels
from app.i18n.catalogues import gettext
from app.mail.letters import Item, LetterSection, OwnerDigest, SecretariatDigest
from app.models.notifications import DigestWindow, Outcome
from app.queries.mailing import digests, failed_mails
from app.queries.mailing.digests import DigestReader, DigestRows, Week
from app.queries.mailing.letters import Told, item_of, room_address
from app.queries.public import record_heads
from app.services.mailing.letters import part_lines
from app.services.mailing.letters.acts import answering
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answers
from app.statements import Statement
from app.wording import say_text

_WINDOW, _WEEK = "window", "week"
SWITCHED_OFF = N_("The weekly mail was switched off")
EMPTY = N_("There is nothing to tell any more")


def gather(cases: Sequence[Case]) -> None:
    """For owners: their windows, their weeks, and all actions in them."""
    table, ids = cases[0].table, [case.envelope.id for case in cases]
    windows = _windows(table.session, ids)
    asked = [DigestReader(case.envelope.person_id, case.today, windows[case.envelope.id]) for case in cases]
    weeks = digests.owners(table.session, asked)
    for case in cases:
        week = weeks[case.envelope.person_id]
        table.found[_WINDOW, case.envelope.id], table.found[_WEEK, case.envelope.id] = windows[case.envelope.id], week
    sections = (part for week in weeks.values() for part in (week.overdue, week.due, week.waiting, week.changed))
    table.told(action_id for part in sections for action_id in part.ids)


def _windows(session: Session, message_ids: Sequence[int]) -> dict[int, Window]:
    query = sa.select(col(DigestWindow.message_id), col(DigestWindow.start_at), col(DigestWindow.end_at))
    found = session.execute(query.where(col(DigestWindow.message_id).in_(message_ids)))
    return {row[0]: Window(row[1], row[2]) for row in found}


def still_on(case: Case) -> Window:
    if not case.recipient.has_digest:
        raise NoLongerWanted(SWITCHED_OFF)
    message_id = case.envelope.id
    window: Window = case.table.once((_WINDOW, message_id), lambda: _windows(case.session, [message_id])[message_id])
    return window


def owner(case: Case) -> OwnerDigest:
    window, person_id = still_on(case), case.envelope.person_id
    find = partial(digests.owner, case.session, person_id, case.today, window)
    week: Week = case.table.once((_WEEK, case.envelope.id), find)
    if week.is_empty:
        raise NoLongerWanted(EMPTY)
    return OwnerDigest(
        to=replace(case.to, role=Role.OWNER, of=case.recipient.posts),
        today=case.today,
        overdue=_section(case, week.overdue, with_answers=True),
        due=_section(case, week.due, with_answers=True),
        waiting=_section(case, week.waiting, with_answers=True),
        changed=_section(case, week.changed),
    )


def secretariat(case: Case) -> SecretariatDigest:
    week = digests.secretariat(case.session, case.envelope.person_id, case.today, still_on(case))
    if week.is_empty:
        raise NoLongerWanted(EMPTY)
    newest = record_heads.newest(case.session)
    return SecretariatDigest(
        to=answering(case),
        today=case.today,
        verification=_section(case, week.verification),
        requests=_section(case, week.requests),
        silence=_section(case, week.silence),
        failures=_failures(case, week.failures),
        head=newest.head if newest else "",
    )


def sent(session: Session, message_id: int) -> None:
    _outcome(session, message_id, Outcome.SENT)


def missed(session: Session, message_id: int) -> None:
    """The next week covers what this one could not tell."""
    _outcome(session, message_id, Outcome.MISSED)


def _outcome(session: Session, message_id: int, outcome: Outcome) -> None:
    _TOLD.rows(session, {"of_message": message_id, "outcome": outcome})


_TABLE = SQLModel.metadata.tables["digest_window"]  # through the model every update costs five times as much
_TOLD = Statement(sa.update(_TABLE).where(_TABLE.c.message_id == sa.bindparam("of_message")))


def _section(case: Case, listed: DigestRows, *, with_answers: bool = False) -> LetterSection:
    told = case.table.told(listed.ids)
    lines = [_line(case, listed, told[action_id], with_answers) for action_id in listed.ids]
    return LetterSection(items=tuple(lines), total=listed.total)


def _line(case: Case, listed: DigestRows, row: Told, with_answers: bool) -> Item:
    if part := listed.parts.get(row.id):
        return part_lines.of_week(case, part, row)
    asked = gettext(case.lang, QUESTION) if row.id in listed.asked else ""
    if with_answers and row.owner_post_id is not None:
        ways = answers(case, row, row.owner_post_id) if row.state in AWAITED else None
        return item_of(row, case.lang, case.today, answers=ways, note=asked)
    verb = listed.news.get(row.id)
    said = [labels.label(verb, case.lang)] if verb else []
    if row.id in listed.came:
        said.append(say_text(listed.came[row.id], case.lang))
    return item_of(row, case.lang, case.today, note=" · ".join(said))


def _failures(case: Case, listed: DigestRows) -> LetterSection:
    page = room_address(case.lang, "outgoing")
    failed = failed_mails.told(case.session, listed.ids)
    lines = [Item(title=one.address, note=gettext(case.lang, one.reason), page=page) for one in failed]
    return LetterSection(items=tuple(lines), total=listed.total)
