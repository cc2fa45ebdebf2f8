"""The weekly letters: what a digest's sections say to its reader, and how the window learns what became of it."""

from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digests import Window
from app.domain.errors import N_
from app.i18n import labels
from app.i18n.catalogues import gettext
from app.mail.letters import Item, OwnerDigest, SecretariatDigest, Section
from app.models.actions import Action
from app.models.notifications import DigestWindow, Outcome
from app.queries import digests, heads
from app.queries.digests import Listed
from app.queries.letters import items, room_address
from app.services.letters.acts import at_desk
from app.services.letters.case import Case, Unwanted
from app.services.letters.keys import answerable

SWITCHED_OFF = N_("The weekly mail was switched off")
EMPTY = N_("There is nothing to tell any more")


def still_on(case: Case) -> Window:
    if not case.recipient.has_digest:
        raise Unwanted(SWITCHED_OFF)
    query = sa.select(col(DigestWindow.start_at), col(DigestWindow.end_at))
    return Window(*case.session.execute(query.where(col(DigestWindow.message_id) == case.envelope.id)).one())


def owner(case: Case) -> OwnerDigest:
    week = digests.owner(case.session, case.envelope.person_id, case.today, still_on(case))
    if week.is_empty:
        raise Unwanted(EMPTY)
    return OwnerDigest(
        to=case.to,
        today=case.today,
        overdue=_section(case, week.overdue, with_answers=True),
        due=_section(case, week.due, with_answers=True),
        waiting=_section(case, week.waiting, with_answers=True),
        changed=_section(case, week.changed),
    )


def secretariat(case: Case) -> SecretariatDigest:
    week = digests.secretariat(case.session, case.envelope.person_id, case.today, still_on(case))
    if week.is_empty:
        raise Unwanted(EMPTY)
    newest = heads.newest(case.session)
    return SecretariatDigest(
        to=at_desk(case),
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
    session.execute(
        sa.update(DigestWindow)
        .where(col(DigestWindow.message_id) == message_id)
        .values(outcome=outcome)
        .execution_options(synchronize_session=False)
    )


def _section(case: Case, listed: Listed, *, with_answers: bool = False) -> Section:
    told = items(case.session, listed.ids, case.lang, case.today)
    lines = [_line(case, listed, action_id, told[action_id], with_answers) for action_id in listed.ids]
    return Section(items=tuple(lines), total=listed.total)


def _line(case: Case, listed: Listed, action_id: int, told: Item, with_answers: bool) -> Item:
    if verb := listed.news.get(action_id):
        told = replace(told, note=labels.label(verb, case.lang))
    action = case.session.get_one(Action, action_id)
    if not with_answers or action.owner_post_id is None:
        return told
    return answerable(case, told, action, action.owner_post_id)[0]


def _failures(case: Case, listed: Listed) -> Section:
    page = room_address(case.lang, "outgoing")
    failed = digests.failures(case.session, listed.ids)
    lines = [Item(title=one.address, note=gettext(case.lang, one.reason), page=page) for one in failed]
    return Section(items=tuple(lines), total=listed.total)
