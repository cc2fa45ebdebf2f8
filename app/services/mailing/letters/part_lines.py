"""The part of a supporting post as a line of a mail: under the name of its action, with its own date and words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from app.domain.ladder import Audience, Kind
from app.domain.sentences.mail_lines import OF_BODY, OF_BODY_NAMED, YOURS, YOURS_NAMED
from app.domain.texts import Titles, pick
from app.domain.workflow import State
from app.i18n.catalogues import gettext
from app.mail.letters import Item
from app.queries.followup import support_rows
from app.queries.followup.support_rows import SupportRow
from app.queries.mailing import digest_lines
from app.queries.mailing.digest_rows import OwedPart
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.letters import item_of
from app.queries.mailing.told import ToldAction
from app.services.kernel import update_links
from app.services.mailing.letters.case import Case
from app.services.mailing.letters.keys import part_answers

Parts = dict[tuple[int, int], SupportRow]  # by action and organisation


def gather(session: Session, candidates: Iterable[Candidate]) -> Parts:
    """One statement, none where no part is told of."""
    ids = {one.action_id for one in candidates if one.kind is Kind.PART}
    return {
        (row.action_id, row.organisation_id): row for rows in support_rows.of(session, ids).values() for row in rows
    }


def of_morning(case: Case, candidate: Candidate, audience: str, parts: Parts) -> dict[str, Any]:
    """What its holder reads as theirs, and everybody else as that of its organisation."""
    subject, row = candidate.subject, parts[candidate.action_id, candidate.body_id]
    note = _yours(row.titles, case.lang) if audience == Audience.HOLDER else _of_body(row, case.lang)
    changes = _own(subject.state, subject.due_on, note)
    if subject.state is State.ASSIGNED and subject.assigned_on:
        changes["waiting_days"] = max(0, (case.today - subject.assigned_on).days)
    return changes


def of_week(case: Case, part: OwedPart, row: ToldAction, happened: str = "") -> Item:
    """`happened`: what others did to its action, in words."""
    given = part_answers(case, row, part.post_id, update_links.LONGEST)
    note = " · ".join(filter(None, [_yours(part.titles, case.lang), happened]))
    changes = _own(part.state, part.due_on, note)
    return item_of(row, case.lang, case.today, answers=given, **changes)


def _own(state: State, due_on: dt.date | None, note: str) -> dict[str, Any]:
    return digest_lines.own(state, due_on) | {"note": note}


def _yours(titles: Titles, lang: str) -> str:
    return gettext(lang, YOURS_NAMED) % {"what": pick(titles, lang)[0]} if titles else gettext(lang, YOURS)


def _of_body(row: SupportRow, lang: str) -> str:
    names = {"body": pick(row.organisation, lang)[0]}
    if not row.titles:
        return gettext(lang, OF_BODY) % names
    return gettext(lang, OF_BODY_NAMED) % (names | {"what": pick(row.titles, lang)[0]})
