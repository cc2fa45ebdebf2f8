"""The letter to whoever heard that their action ended with its recommendation, once that is open again."""

from app.domain.workflow import REOPENED
from app.mail.takeback_letters import ClosureTakenBack
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.queries.mailing.letters import item
from app.services.mailing.letters.acts import MOVED_ON, any_state
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.changes import holder_of, post_of


def taken_back(case: Case) -> ClosureTakenBack:
    action, post_id = still_ended(case)
    return ClosureTakenBack(
        to=holder_of(case, post_id),
        today=case.today,
        item=item(case.session, action.id, case.lang, case.today),
        reason=case.envelope.words("reason"),
    )


def still_ended(case: Case) -> tuple[Action, int]:
    """While the action stays as it ended and its recommendation is open: what was reopened has a letter of its own."""
    action = any_state(case)
    above = case.session.get_one(Recommendation, action.recommendation_id)
    if action.state not in REOPENED or above.closure is not None:
        raise NoLongerWanted(MOVED_ON)
    return action, post_of(case, action)
