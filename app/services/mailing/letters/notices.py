"""Letters that are about no action: the key to sign in, and a mail that could not be delivered."""

from app.domain.errors import Gone
from app.domain.messages import N_
from app.i18n.catalogues import gettext
from app.mail import letters
from app.mail.letters import SignInLetter
from app.models.notifications import Envelope
from app.models.people import Person
from app.models.proposers import Proposer
from app.queries.mailing.letters import room_address
from app.services.mailing.letters.acts import answering
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.setup import access

UNWRITTEN = N_("A mail that could not be written")
ANSWERED = N_("The sign-in was answered or given up")


def asked(case: Case) -> None:
    """Whether it is still wanted is told by arming it; a retry finds it armed."""


def sign_in(case: Case) -> SignInLetter:
    """Its ten minutes begin now, when it leaves."""
    try:
        token, code = access.arm(case.session, case.envelope.about_id)
    except Gone as gone:
        raise NoLongerWanted(ANSWERED) from gone
    address = f"{room_address(case.lang, '').removesuffix('workspace/')}sign-in/link/{token}"
    return SignInLetter(to=case.to, link=address, code=code, minutes=access.MINUTES)


def failed(case: Case) -> Envelope:
    return case.session.get_one(Envelope, case.envelope.about_id)


def undeliverable(case: Case) -> letters.Undeliverable:
    """Whose mail, what it said, and why it failed in the relay's own words."""
    message = failed(case)
    whom = _reader(case, message)
    return letters.Undeliverable(
        to=answering(case),
        who=whom.name,
        address=message.address or whom.email or "",
        about=message.subject or gettext(case.lang, UNWRITTEN),
        reason=gettext(case.lang, message.reason),
        page=room_address(case.lang, "outgoing"),
    )


def _reader(case: Case, message: Envelope) -> Person | Proposer:
    if message.proposer_id:
        return case.session.get_one(Proposer, message.proposer_id)
    return case.session.get_one(Person, message.person_id)
