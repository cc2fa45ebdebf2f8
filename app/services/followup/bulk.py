"""One act on several actions: all of them, or none and the reference that stood in the way."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from app.domain.errors import DomainError, Refused
from app.domain.messages import N_
from app.models.actions import Action
from app.services.followup import actions, verifications
from app.services.kernel.audit import Actor


def verify(session: Session, actor: Actor, items: Sequence[Action]) -> None:
    _each(items, lambda item: verifications.verify(session, actor, item))


def publish(session: Session, actor: Actor, items: Sequence[Action]) -> None:
    _each(items, lambda item: actions.publish(session, actor, item))


def _each(items: Sequence[Action], act: Callable[[Action], object]) -> None:
    if not items:
        raise Refused(N_("Tick at least one action"))
    for item in items:
        try:
            act(item)
        except DomainError:
            raise Refused(N_("%(ref)s can't be done by you now: nothing was changed"), ref=item.ref) from None
