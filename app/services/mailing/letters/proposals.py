"""The letter to who proposed a recommendation: what moved since the morning before, and the question it raises."""

import base64
import datetime as dt
from functools import partial

from sqlmodel import Session

from app.config import settings
from app.domain.messages import N_
from app.domain.texts import pick
from app.domain.verbs import Verb
from app.mail.proposal_letters import Proposed, ProposedMove
from app.models.recommendations import Recommendation
from app.queries.followup import proposals
from app.queries.followup.proposals import MovedAction
from app.services.kernel import proposer_news, voice_links
from app.services.mailing.letters.case import Case, NoLongerWanted

NOT_PUBLIC = N_("The recommendation is no longer public")
NOTHING = N_("Nothing of it stands any more, or the public does not know of it")


def still_wanted(case: Case) -> tuple[Recommendation, list[MovedAction]]:
    """Nothing leaks of what was withdrawn, and nobody is asked about what was opened again."""
    proposer_id = case.envelope.proposer_id
    item = proposals.public(case.session, proposer_id)
    if item is None:
        raise NoLongerWanted(NOT_PUBLIC)
    day = dt.date.fromisoformat(case.envelope.period)
    window = proposer_news.told_of(case.session, day)
    found = proposals.moved(case.session, proposer_id, item.id, proposer_news.TOLD, window)
    if not found:
        raise NoLongerWanted(NOTHING)
    return item, found


def load(case: Case) -> Proposed:
    item, found = still_wanted(case)
    return Proposed(
        to=case.to,
        today=case.today,
        title=pick(item.titles, case.lang)[0],
        ref=item.ref,
        page=_address(case, f"recommendations/{item.ref}"),
        moves=tuple(_move(case, one) for one in found),
    )


def _move(case: Case, one: MovedAction) -> ProposedMove:
    ask = _key(case, one) if one.verb is Verb.VERIFY else ""
    title = pick(one.titles, case.lang)[0]
    return ProposedMove(title=title, ref=one.ref, verb=one.verb, due_on=one.due_on, ask=ask, reason=one.reason)


def _key(case: Case, one: MovedAction) -> str:
    """Kept, as its hash, where the letter is frozen."""
    token = base64.urlsafe_b64encode(next(case.table.secrets)).rstrip(b"=").decode()
    kept = (token, case.envelope.proposer_id, one.update_id, one.action_id)
    case.later.append(partial(_keep, kept))
    return _address(case, f"voice/{token}")


def _keep(kept: tuple[str, int, int, int], session: Session) -> None:
    voice_links.keep(session, *kept)


def _address(case: Case, place: str) -> str:
    return f"{settings().base}/{case.lang}/{place}"
