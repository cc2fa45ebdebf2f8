"""Indicators in a morning's mail: a value is entered on its page, as what is measured is no answer of a tap."""

from collections.abc import Iterable

from app.domain.ladder import Kind
from app.domain.texts import pick
from app.mail.letters import Item
from app.queries.mailing import indicator_candidates
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.letters import room_address
from app.services.mailing.letters.case import Case, LetterCache
from app.wording import say_text

_NAMED = "indicators"


def gather(table: LetterCache, candidates: Iterable[Candidate]) -> None:
    ids = {one.subject_id for one in candidates if one.kind is Kind.INDICATOR}
    table.found[_NAMED] = indicator_candidates.named(table.session, ids)


def item(case: Case, candidate: Candidate) -> Item:
    said = candidate.word.of_value(case.today) if candidate.word else []
    titles, _, _ = case.table.found[_NAMED][candidate.subject_id]
    return Item(
        title=pick(titles, case.lang)[0],
        page=room_address(case.lang, f"indicators/{candidate.subject_id}"),
        programme=programme(case, candidate),
        due_on=candidate.subject.due_on,
        at_intervals="value",
        note=" ".join(say_text(one, case.lang) for one in said),
    )


def programme(case: Case, candidate: Candidate) -> str:
    """Of an indicator, or of the action that the candidate belongs to."""
    if candidate.kind is Kind.INDICATOR:
        return pick(case.table.found[_NAMED][candidate.subject_id][1], case.lang)[0]
    return pick(case.table.told([candidate.action_id])[candidate.action_id].programme, case.lang)[0]
