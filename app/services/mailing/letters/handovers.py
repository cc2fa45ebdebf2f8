"""The letter to whoever is seated at a post: what is late and open, with a key, last words and documents of each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.domain import schedule
from app.mail.acting_letters import ActingHandover, Handover
from app.mail.letters import Item, LetterSection
from app.mail.messages import ROWS
from app.models.people import Holding, Person, PlannedSeat
from app.queries.followup import handovers, post_duties
from app.queries.followup.post_duties import PostDuty
from app.queries.mailing import recipients
from app.queries.mailing.letters import item_of, post_line, room_address
from app.services.mailing.letters.acts import NOT_HOLDER
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answers, part_answers
from app.services.mailing.letters.mornings import NOTHING_LEFT

_LONGEST = 200  # letters of the last words; all of them stand in the note that is kept
_SHOWN = 3
_PART_LIVES = dt.timedelta(days=30)


def owed(case: Case) -> Sequence[PostDuty]:
    """What the post owes, the nearest first, while the reader is still seated there."""
    if not recipients.is_seated(case.session, case.envelope.about_id, case.envelope.person_id):
        raise NoLongerWanted(NOT_HOLDER)
    found = post_duties.of_post(case.session, case.envelope.about_id)
    if not found:
        raise NoLongerWanted(NOTHING_LEFT)
    return found


def load(case: Case) -> Handover:
    found, post_id, note_id = owed(case), case.envelope.about_id, case.envelope.number("note_id")
    late = [one for one in found if schedule.is_overdue(one.state, one.due_on, case.today)]
    holding = case.session.get(Holding, case.envelope.number("holding_id"))
    plan = case.session.get(PlannedSeat, case.envelope.number("plan_id"))
    former = case.session.get(Person, case.envelope.number("former_person_id"))
    told_of: dict[str, Any] = {
        "to": replace(case.to, post=" · ".join(post_line(case.session, post_id, case.lang))),
        "today": case.today,
        "overdue": _section(case, late),
        "open": _section(case, [one for one in found if one not in late]),
        "note": holding.handover_note if holding else "",
        "former": former.name if former else "",
        "kept": room_address(case.lang, f"handovers/{note_id}") if note_id else "",
    }
    return ActingHandover(**told_of, acting_until=plan.until_on) if plan and plan.until_on else Handover(**told_of)


def _section(case: Case, found: list[PostDuty]) -> LetterSection:
    shown = [one.action_id for one in found[:ROWS]]
    case.table.told(shown)
    said = handovers.said(case.session, case.envelope.number("note_id"), shown)
    return LetterSection(items=tuple(_item(case, one, *said.get(one.action_id, ("", ()))) for one in found[:ROWS]),
                         total=len(found))  # fmt: skip


def _item(case: Case, one: PostDuty, words: str, documents: Sequence[str]) -> Item:
    row, post_id = case.table.told([one.action_id])[one.action_id], case.envelope.about_id
    given = part_answers(case, row, post_id, _PART_LIVES) if one.is_part else answers(case, row, post_id)
    short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
    more = "…" if len(documents) > _SHOWN else ""
    return item_of(
        row, case.lang, case.today, due_on=one.due_on, answers=given, note=short,
        documents=" · ".join(documents[:_SHOWN]) + more,
    )  # fmt: skip
