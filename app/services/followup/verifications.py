"""What a verifier decides of a declared action, and what a proposer contests."""

from sqlmodel import Session

from app.domain.workflow import Evidence, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.queries.mailing import recipients
from app.services.followup.transitions import Words, carry_out, evidence_of, tell
from app.services.kernel import update_links
from app.services.kernel.audit import Actor


def verify(session: Session, actor: Actor, action: Action, *, note: str = "", version: int | None = None) -> Update:
    """Accept that it is done; its keys die and the holder hears."""
    update = carry_out(session, actor, action, Verb.VERIFY, words=Words(note=note), change=_verified, version=version)
    update_links.revoke_for_action(session, action.id)
    tell(session, action, update, [recipients.holder(session, action.owner_post_id)])
    return update


def send_back(session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None) -> Update:
    """Return it with a reason: the clock runs again as if it had never been submitted."""

    def returned(item: Action) -> None:
        item.evidence = evidence_of(session, item)

    update = carry_out(session, actor, action, Verb.RETURN, words=Words(note=reason), change=returned, version=version)
    tell(session, action, update, [recipients.holder(session, action.owner_post_id)])
    return update


def dispute(session: Session, actor: Actor, action: Action, *, text: str) -> Update:
    """Record that who proposed it doesn't find it so in practice; the state stays, the evidence is disputed."""

    def disputed(item: Action) -> None:
        item.evidence = Evidence.DISPUTED

    return carry_out(session, actor, action, Verb.DISPUTE, words=Words(public_summary=text), change=disputed)


def _verified(action: Action) -> None:
    action.evidence = Evidence.VERIFIED
