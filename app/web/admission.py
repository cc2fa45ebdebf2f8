"""What is asked, by reading, before a form that needs nobody signed in may have its turn to write."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Request
from sqlmodel import Session

from app.config import settings
from app.deps import Lang
from app.domain.errors import AlreadyDone, Gone, NotFound, Refused
from app.domain.messages import N_
from app.models.actions import Milestone
from app.models.notifications import UpdateLink
from app.queries.followup import question_keys, update_keys
from app.queries.followup.question_keys import OpenedQuestion
from app.queries.followup.update_keys import OpenedKey
from app.queries.setup import invitations
from app.routes import Later, later
from app.services.followup import answers
from app.services.setup import access
from app.web.page import led_to

SPENT = N_("This link was used before or has expired. Ask for a new mail.")


def client(request: Request) -> str:
    return request.client.host if request.client else ""


def held(request: Request) -> str | None:
    """The key of the browser's session."""
    return request.cookies.get(settings().cookie_name)


class _Patience(Later[None]):
    """Whoever has tried too often is told so."""

    def __init__(self, require: Callable[[Session, str], None], who: str) -> None:
        self._require, self._who = require, who

    def look(self, session: Session) -> None:
        self._require(session, self._who)

    def take(self, session: Session) -> None:
        """The service counts."""


class _LivingLink(Later[str]):
    """The key of a sign-in that may still be answered."""

    def __init__(self, token: str) -> None:
        self._token = token

    def look(self, session: Session) -> str:
        if not access.is_answerable(session, self._token):
            raise Refused(SPENT)
        return self._token

    def take(self, _session: Session) -> str:
        return self._token


class _LivingInvitation(Later[str]):
    """The key of an invitation that may still be accepted."""

    def __init__(self, token: str) -> None:
        self._token = token

    def look(self, session: Session) -> str:
        if invitations.opened(session, self._token) is None:
            raise Gone
        return self._token

    def take(self, _session: Session) -> str:
        return self._token


class _Leaving(Later[str | None]):
    """The key of an open session; whoever has none is out already."""

    def __init__(self, token: str | None, lang: str) -> None:
        self._token, self._lang = token, lang

    def look(self, session: Session) -> str | None:
        if not access.is_open(session, self._token):
            raise AlreadyDone(led_to(f"/{self._lang}/sign-in", said="signed_out"))
        return self._token

    def take(self, _session: Session) -> str | None:
        return self._token


class MailedKey(Later[OpenedKey]):
    """The action that the key in a mail opens."""

    def __init__(self, token: str) -> None:
        self._token = token

    def look(self, session: Session) -> OpenedKey:
        return update_keys.of_action(session, self._token)

    def judge(self, session: Session) -> None:
        update_keys.require(session, self._token)

    def take(self, session: Session) -> OpenedKey:
        return update_keys.of_action(session, self._token, lock=True)


class ReceiptKey(Later[OpenedKey]):
    """What the key in a mail opens, be it an action or one milestone of it."""

    def __init__(self, token: str, update_id: int) -> None:
        self._token, self._update_id = token, update_id

    def look(self, session: Session) -> OpenedKey:
        return update_keys.behind(session, update_keys.opened(session, self._token), self._update_id)

    def take(self, session: Session) -> OpenedKey:
        return update_keys.behind(session, update_keys.opened(session, self._token, lock=True), self._update_id)


class MilestoneKey(Later[tuple[OpenedKey, Milestone]]):
    """The milestone that the key in a mail opens."""

    def __init__(self, token: str, milestone_id: int | None) -> None:
        self._token, self._milestone_id = token, milestone_id

    def look(self, session: Session) -> tuple[OpenedKey, Milestone]:
        return update_keys.of_milestone(session, self._token, self._milestone_id)

    def take(self, session: Session) -> tuple[OpenedKey, Milestone]:
        return update_keys.of_milestone(session, self._token, self._milestone_id, lock=True)


class QuestionKey(Later[OpenedQuestion]):
    """The question that the key in a mail opens."""

    def __init__(self, token: str) -> None:
        self._token = token

    def look(self, session: Session) -> OpenedQuestion:
        return question_keys.opened(session, self._token)

    def take(self, session: Session) -> OpenedQuestion:
        return question_keys.opened(session, self._token, lock=True)


class _Renewal(Later[UpdateLink]):
    """A key for which another may be mailed; else whoever asks is led where everybody is."""

    def __init__(self, token: str, lang: str, who: str) -> None:
        self._token, self._lang, self._who = token, lang, who

    def look(self, session: Session) -> UpdateLink:
        try:
            link = update_keys.find(session, self._token)
        except NotFound:
            link = None
        if link is None or not answers.may_renew(session, link, self._who):
            raise AlreadyDone(f"/{self._lang}/u/{self._token}/renewal")
        return link

    def take(self, session: Session) -> UpdateLink:
        return update_keys.find(session, self._token)


def _asking(request: Request) -> _Patience:
    return _Patience(access.require_patience, client(request))


def _guessing(request: Request) -> _Patience:
    return _Patience(access.require_guesses, client(request))


def _living(token: str) -> _LivingLink:
    return _LivingLink(token[:64])


def _invited(invitation_token: str) -> _LivingInvitation:
    return _LivingInvitation(invitation_token[:64])


def _leaving(request: Request, lang: Lang) -> _Leaving:
    return _Leaving(held(request), lang)


class _InTheDemo(Later[None]):
    def look(self, _session: Session) -> None:
        if not settings().demo:
            raise NotFound


def _in_the_demo() -> _InTheDemo:
    return _InTheDemo()


def _renewal(request: Request, lang: Lang, token: str) -> _Renewal:
    return _Renewal(token, lang, client(request))


Asking = Annotated[None, later(_asking)]
Guessing = Annotated[None, later(_guessing)]
LivingLink = Annotated[str, later(_living)]
LivingInvitation = Annotated[str, later(_invited)]
Leaving = Annotated[str | None, later(_leaving)]
InTheDemo = Annotated[None, later(_in_the_demo)]
Renewal = Annotated[UpdateLink, later(_renewal)]
