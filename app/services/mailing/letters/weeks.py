"""The weekly letter: what its parts say to its reader, and how the window learns what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.domain.digest_shapes import SECTIONS, DigestShape
from app.domain.digests import Window
from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.texts import Titles, pick
from app.domain.workflow import AWAITED
from app.mail.digest_letters import Digest, DigestPart
from app.mail.letters import Item, Reader
from app.models.notifications import DigestWindow, Outcome
from app.queries.mailing import digest_lines, digests, off_keys, recipients
from app.queries.mailing.digest_rows import DigestReader, DigestRows, ObservedFigures, Week
from app.queries.mailing.letters import room_address
from app.queries.mailing.told import ToldAction
from app.queries.public import record_heads
from app.services.mailing.letters import part_lines
from app.services.mailing.letters.acts import answering
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answers
from app.statements import Statement

_WINDOW, _WEEK = "window", "week"
SWITCHED_OFF = N_("The weekly mail was switched off")
EMPTY = N_("There is nothing to tell any more")
TOLD = N_("This week is told by another mail")
# Asked for before all that somebody reads became one mail: those that had not left yet tell their own part.
_SHAPES: dict[str, Collection[DigestShape]] = {
    "digest_owner": (DigestShape.OWNER,),
    "digest_secretariat": (DigestShape.SECRETARIAT,),
}
_HOMES = {
    DigestShape.OWNER: "mine",
    DigestShape.MANAGER: "organisation",
    DigestShape.SECRETARIAT: "desk",
    DigestShape.OBSERVER: "overview",
}


def gather(cases: Sequence[Case]) -> None:
    """Their windows, their weeks, and all actions in them; all are of one kind."""
    table, windows = cases[0].table, _windows(cases[0].session, cases)
    found = {case.envelope.id: windows[key] for case in cases if (key := _key(case)) in windows}
    asked = [_asked(case, found[case.envelope.id]) for case in cases if case.envelope.id in found]
    weeks = digests.weeks(table.session, asked, _shapes(cases[0])) if asked else {}
    for case in cases:
        if window := found.get(case.envelope.id):
            table.found[_WINDOW, case.envelope.id] = window
            table.found[_WEEK, case.envelope.id] = weeks[case.envelope.person_id]
    table.told(action_id for week in weeks.values() for action_id in week.action_ids)


def _key(case: Case) -> tuple[int, str]:
    return case.envelope.person_id, case.envelope.period


def _shapes(case: Case) -> Collection[DigestShape]:
    return _SHAPES.get(case.envelope.kind, tuple(DigestShape))


def _asked(case: Case, window: "_Stored") -> DigestReader:
    return DigestReader(case.envelope.person_id, case.today, window[0])


_Stored = tuple[Window, dict[str, Any]]


def _windows(session: Session, cases: Sequence[Case]) -> dict[tuple[int, str], _Stored]:
    """By person and week, with the figures that were decided with it."""
    names = ("person_id", "period", "start_at", "end_at", "figures")
    query = sa.select(*(col(getattr(DigestWindow, name)) for name in names)).where(
        col(DigestWindow.person_id).in_({case.envelope.person_id for case in cases}),
        col(DigestWindow.period).in_({case.envelope.period for case in cases}),
    )
    return {(row[0], row[1]): (Window(row[2], row[3]), row[4]) for row in session.execute(query)}


def still_on(case: Case) -> _Stored:
    if not case.recipient.has_digest:
        raise NoLongerWanted(SWITCHED_OFF)
    found: _Stored | None = case.table.once(
        (_WINDOW, case.envelope.id), lambda: _windows(case.session, [case]).get(_key(case))
    )
    if found is None:
        raise NoLongerWanted(TOLD)
    return found


def load(case: Case) -> Digest:
    """As whom they read it now: whoever lost a role since it was planned hears nothing of it."""
    stored = still_on(case)
    week: Week = case.table.once(
        (_WEEK, case.envelope.id), lambda: digests.week(case.session, _asked(case, stored), _shapes(case))
    )
    week = _as_decided(week, stored[1])
    told = case.table.told(week.action_ids)
    parts = digest_lines.parts(
        case.session, week, case.lang, case.today, told, lambda name, rows, row: _line(case, name, rows, row)
    )
    if not parts:
        raise NoLongerWanted(EMPTY)
    is_on_record = parts[-1].shape in {DigestShape.SECRETARIAT, DigestShape.OBSERVER}
    newest = record_heads.newest(case.session) if is_on_record else None
    return Digest(
        to=_reader(case, parts),
        today=case.today,
        parts=parts,
        head=newest.head if newest else "",
        print_page=room_address(case.lang, "digest"),
        unsubscribe=_way_out(case),
    )


def _way_out(case: Case) -> str:
    """Where its reader stops it without signing in: of every digest, whatever its shape."""
    return off_keys.address(case.lang, case.envelope.person_id)


def _as_decided(week: Week, figures: dict[str, Any]) -> Week:
    """An observer's figures are those that the next week will be compared with."""
    if week.figures is None or week.figures.scope != figures.get("scope"):
        return week
    return replace(week, figures=ObservedFigures(**figures))


def _reader(case: Case, parts: Sequence[DigestPart]) -> Reader:
    """Why they get it: the one shape that it has; of several the mail says so itself."""
    first = parts[0].shape
    home = room_address(case.lang, _HOMES[first])
    if first is DigestShape.OWNER:
        return replace(case.to, role=Role.OWNER, of=case.recipient.posts, home=home)
    if first is DigestShape.OBSERVER:
        return _as(case, Role.OBSERVER, recipients.observed(case.session, case.envelope.person_id), home)
    if first is DigestShape.MANAGER:
        return _as(case, Role.MANAGER, recipients.managed(case.session, case.envelope.person_id), home)
    return answering(case)


def _as(case: Case, role: Role, titles: Sequence[Titles], home: str) -> Reader:
    of = tuple(dict.fromkeys(pick(one, case.lang)[0] for one in titles))
    return replace(case.to, post="", role=role, of=of, home=home)


def _line(case: Case, name: str, listed: DigestRows, row: ToldAction) -> Item:
    """What is one's own to do has its answers."""
    if name not in _OWN:
        return digest_lines.of_action(listed, row, case.lang, case.today)
    if part := listed.parts.get(row.id):
        return part_lines.of_week(case, part, row, digest_lines.noted(listed, row.id, case.lang))
    ways = answers(case, row, row.owner_post_id) if row.owner_post_id is not None and row.state in AWAITED else None
    return digest_lines.of_action(listed, row, case.lang, case.today, answers=ways)


_OWN = frozenset(SECTIONS[DigestShape.OWNER]) - {"changed"}


def sent(session: Session, message_id: int) -> None:
    _outcome(session, message_id, Outcome.SENT)


def missed(session: Session, message_id: int) -> None:
    """The next week covers what this one could not tell."""
    _outcome(session, message_id, Outcome.MISSED)


def _outcome(session: Session, message_id: int, outcome: Outcome) -> None:
    _TOLD.rows(session, {"of_message": message_id, "outcome": outcome})


_TABLE = SQLModel.metadata.tables["digest_window"]  # through the model every update costs five times as much
_TOLD = Statement(sa.update(_TABLE).where(_TABLE.c.message_id == sa.bindparam("of_message")))
