"""The letter that invites somebody: what is offered, and a key that serves once."""

from dataclasses import replace
from functools import partial

from app import clock
from app.config import settings
from app.domain.messages import N_
from app.domain.texts import pick
from app.mail.invitation_letters import InvitationLetter
from app.models.access import Invitation
from app.queries.mailing.letters import room_address
from app.queries.setup import invitations as offers
from app.queries.setup.invitations import InvitationRow
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.setup import invitations

_OVER = N_("The invitation was accepted, withdrawn, or sent again")


def still_open(case: Case) -> InvitationRow:
    """Of several sendings only the last one counts."""
    offered = offers.offered(case.session, case.envelope.about_id)
    if offered is None:
        raise NoLongerWanted(_OVER)
    if case.session.get_one(Invitation, offered.id).sendings != case.envelope.number("sending"):
        raise NoLongerWanted(_OVER)
    return offered


def load(case: Case) -> InvitationLetter:
    """Its days begin when it leaves."""
    offered, token = still_open(case), invitations.fresh_key()
    until = case.now + invitations.LIFETIME
    case.later.append(partial(invitations.arm, invitation_id=offered.id, token=token, expires_at=until))
    named = [pick(titles, case.lang)[0] for titles in (offered.post, offered.organisation) if titles]
    return InvitationLetter(
        to=replace(case.to, home="", settings=""),
        link=f"{room_address(case.lang, '').removesuffix('workspace/')}sign-in/invitation/{token}",
        until=clock.day(until, settings().zone),
        post=" · ".join(named),
        offered=offered.role,
        programme=pick(offered.programme, case.lang)[0] if offered.programme else "",
    )
