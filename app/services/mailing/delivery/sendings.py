"""One message after the other to the relay: its start noted before, its end after, failures judged by evidence."""

import logging
import time
from functools import partial

from sqlmodel import Session

from app.config import settings
from app.mail import signed_addresses
from app.mail.failures import ChannelRefused, Failure, RecipientRefused, Suspicious, Uncertain, Unreachable
from app.mail.policy import named
from app.mail.signed_addresses import AddressUse
from app.mail.transport import Transport
from app.services.mailing.delivery import channel, claims, doubts, outcomes
from app.services.mailing.delivery.channel import Channel
from app.services.mailing.delivery.claims import Claim
from app.services.mailing.delivery.preparation import Prepared
from app.services.mailing.delivery.work import Checkpoint, Pass, SentCounts, reached

log = logging.getLogger("tatbiq.delivery")
TRIALS = 3
_AGAIN = (0.05, 0.2, 1.0, 3.0)  # seconds between tries to note that the relay has said 250


def _sender(claim: Claim) -> str:
    """Of the envelope: where the mail comes back to, if it does. Signed, so that nobody else can say that it has."""
    plain, key = settings().bounce_address, settings().key
    own = named(settings().mail_from)[1]
    return signed_addresses.made(plain, AddressUse.BOUNCE, claim.id, key) if plain else own


class Sender:
    """`accepted`: the relay has said 250 to it, and nothing of it is committed yet.

    The end of one message and the beginning of the next one are one transaction.
    """

    def __init__(self, work: Pass, transport: Transport, state: Channel) -> None:
        self.work, self.transport, self.state = work, transport, state
        self.accepted: Claim | None = None
        self.lease_ends = 0.0

    def send(self, parcel: Prepared) -> None:
        """Whatever fails is noted; only what is wrong with ourselves is raised."""
        claim = parcel.claim
        if not self._begin(claim):
            return
        reached(Checkpoint.DATA)
        try:
            self.transport.send(parcel.raw, _sender(claim), parcel.address)
        except Failure as failure:
            with self.work.commits.alone() as session:
                self._failed(session, claim, failure)
            return
        reached(Checkpoint.ACCEPTED)
        self.accepted, self.work.is_warm = claim, True
        if self._is_evidence:
            self.note_end()

    def note_end(self) -> None:
        """Tried until the lease ends; then nobody can know any more, and it is sent once more."""
        tries = 0
        while self.accepted:
            try:
                self._ended(self.work.commits.together(self._end))
            except Exception:
                wait, tries = _AGAIN[min(tries, len(_AGAIN) - 1)], tries + 1
                if time.monotonic() + wait > self.lease_ends:
                    self.accepted = None
                    raise
                log.warning("message %s was accepted, which cannot be noted yet", self.accepted.id, exc_info=True)
                time.sleep(wait)

    @property
    def _is_evidence(self) -> bool:
        """That this one was accepted says something about the channel."""
        return self.state.is_on_trial or self.work.is_doubted

    def _begin(self, claim: Claim) -> bool:
        begin = partial(self._end_and_begin, claim=claim)
        try:
            settled, is_ours = self.work.commits.together(begin)
        except Exception:
            if not self.accepted:
                raise
            self.note_end()
            return self._begin(claim)
        self._ended(settled)
        self.lease_ends = time.monotonic() + claims.LEASE.total_seconds()
        return is_ours

    def _end_and_begin(self, session: Session, claim: Claim) -> tuple[int | None, bool]:
        settled = self._end(session)
        return settled, outcomes.begun(session, claim.id, claim.epoch, self.work.now, self.work.leased_until())

    def _end(self, session: Session) -> int | None:
        """How many others are dead by it; None where it was no evidence."""
        if not self.accepted:
            return None
        outcomes.sent(session, self.accepted.id, self.accepted.epoch, self.work.now)
        if not self._is_evidence:
            return None
        channel.resume(session)
        return doubts.settle(session, self.work.now)

    def _ended(self, settled: int | None) -> None:
        if self.accepted:
            self.accepted = None
            self.work.is_doubted = self.work.is_doubted and settled is None
            self.work.add(SentCounts(sent=1, dead=settled or 0))
            reached(Checkpoint.ENDED)

    def _failed(self, session: Session, claim: Claim, failure: Failure) -> None:
        work, now = self.work, self.work.now
        if isinstance(failure, ChannelRefused | Unreachable):
            outcomes.put_back(session, claim.id, claim.epoch)
            self._rest(session, claim, failure)
        elif isinstance(failure, RecipientRefused):
            work.add(SentCounts(dead=outcomes.lost(session, claim.id, claim.epoch, str(failure), now)))
        elif isinstance(failure, Uncertain):
            work.add(SentCounts(uncertain=1))
            if not outcomes.doubted(session, claim.id, claim.epoch, claim.uncertain + 1, now):
                self._put_off(session, claim, outcomes.UNCERTAIN)
        else:
            work.add(SentCounts(retried=1))
            self._put_off(session, claim, str(failure))
        if isinstance(failure, Suspicious):
            self._suspect(session, claim, failure)
        elif self.state.is_on_trial and not work.is_resting:
            channel.resume(session)  # it answers

    def _put_off(self, session: Session, claim: Claim, reason: str) -> None:
        due_at = outcomes.again_at(session, claim.id, self.work.now)
        outcomes.put_off(session, claim.id, claim.epoch, due_at, reason=reason)

    def _suspect(self, session: Session, claim: Claim, failure: Suspicious) -> None:
        """Of a channel that rests nobody is suspected; on trial the same once more says that it is not well yet."""
        work = self.work
        if work.is_resting:
            return
        if self.state.is_on_trial and failure.way == self.state.way:
            self._fail_trial(session, claim, failure)
            return
        work.is_doubted = True
        if doubts.note(session, claim, failure, work.now, is_warm=work.is_warm):
            work.is_doubted = False
            self._rest(session, claim, failure)

    def _fail_trial(self, session: Session, claim: Claim, failure: Suspicious) -> None:
        """A few recipients are asked before it rests again; but of what breaks off within it one copy is enough."""
        work = self.work
        work.trials += 1
        if work.trials == 1:
            channel.rest(session, failure, work.now, claim.id)
        work.is_resting = work.trials >= TRIALS or isinstance(failure, Uncertain)

    def _rest(self, session: Session, claim: Claim, failure: Failure) -> None:
        log.warning("the mail channel rests: %s", failure)
        self.work.is_resting = True
        channel.rest(session, failure, self.work.now, claim.id)
