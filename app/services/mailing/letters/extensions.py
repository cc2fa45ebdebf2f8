"""Letters about a request for more time: to who endorses or decides it, and to who asked, once it is decided."""

from dataclasses import replace

from app.domain.extensions import RequestOutcome
from app.domain.messages import N_
from app.domain.permissions import Role
from app.mail import request_letters
from app.mail.letters import Reader
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.people import Post
from app.queries.followup import extensions
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.queries.mailing.letters import item, post_line
from app.queries.scope import viewers
from app.services.mailing.letters.acts import NOT_CONCERNED, NOT_HOLDER, at_desk, open_action
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answerable

DECIDED = N_("The request is no longer open")


def asked(case: Case) -> request_letters.ExtensionAsked:
    action, request, role = undecided(case)
    told = item(case.session, action.id, case.lang, case.today)
    post, organisation = post_line(case.session, request.post_id, case.lang)
    viewer = viewers.by_person(case.session, case.envelope.person_id)
    about = facts(case.session, action)
    return request_letters.ExtensionAsked(
        to=at_desk(case, role, [told.programme]) if role is Role.SECRETARIAT else _managing(case, organisation),
        today=case.today,
        item=told,
        asker=f"{post} · {organisation}",
        until=request.to_on,
        reason=request.reason,
        may_decide=bool(viewer and extensions.may_decide(case.session, viewer, request, about)),
    )


def decided(case: Case) -> request_letters.ExtensionDecided:
    action, request = still_decided(case)
    told, _, _ = answerable(case, item(case.session, action.id, case.lang, case.today), action, request.post_id)
    return request_letters.ExtensionDecided(
        to=replace(case.to, post=" · ".join(post_line(case.session, request.post_id, case.lang))),
        today=case.today,
        item=told,
        until=request.to_on,
        granted_on=request.granted_on,
        reason=request.decision,
    )


def undecided(case: Case) -> tuple[Action, ExtensionRequest, Role]:
    """While it waits, to who belongs to the secretariat or manages the organisation that asks."""
    action, request = open_action(case), _request(case)
    if request.outcome is not RequestOutcome.OPEN:
        raise NoLongerWanted(DECIDED)
    if case.envelope.person_id in recipients.secretariat(case.session, action.programme_id):
        return action, request, Role.SECRETARIAT
    post = case.session.get_one(Post, request.post_id)
    if case.envelope.person_id in recipients.managers(case.session, post.organisation_id):
        return action, request, Role.MANAGER
    raise NoLongerWanted(NOT_CONCERNED)


def still_decided(case: Case) -> tuple[Action, ExtensionRequest]:
    """To whoever holds the post that asked."""
    action, request = open_action(case), _request(case)
    if recipients.holder(case.session, request.post_id) != case.envelope.person_id:
        raise NoLongerWanted(NOT_HOLDER)
    return action, request


def _request(case: Case) -> ExtensionRequest:
    return case.session.get_one(ExtensionRequest, case.envelope.number("request_id"))


def _managing(case: Case, organisation: str) -> Reader:
    return replace(case.to, role=Role.MANAGER, of=(organisation,))
