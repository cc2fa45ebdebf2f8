"""What a verifier decides of a declared action."""

from sqlmodel import Session

from app.domain.workflow import Evidence, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.queries.mailing import recipients
from app.services.followup.transitions import Words, carry_out, evidence_of, tell
from app.services.kernel import proposer_news, update_links
from app.services.kernel.audit import Actor


def verify(session: Session, actor: Actor, action: Action, *, note: str = "", version: int | None = None) -> Update:
    """Accept that it is done; its keys die and the holder hears."""
    update = carry_out(session, actor, action, Verb.VERIFY, words=Words(note=note), change=_verified, version=version)
    update_links.revoke_for_action(session, action.id)
    proposer_news.tell(session, action)
    tell(session, action, update, [recipients.holder(session, action.owner_post_id)])
    return update


def send_back(session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None) -> Update:
    """Return it with a reason: the clock runs again as if it had never been submitted."""

    def returned(item: Action) -> None:
        item.evidence = evidence_of(session, item)

    update = carry_out(session, actor, action, Verb.RETURN, words=Words(note=reason), change=returned, version=version)
    tell(session, action, update, [recipients.holder(session, action.owner_post_id)])
    return update


def _verified(action: Action) -> None:
    action.evidence = Evidence.VERIFIED
