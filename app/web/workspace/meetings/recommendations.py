"""One recommendation in the workspace: its words, its response, its history, and the planning of its actions."""

import datetime as dt
from typing import Annotated, Literal

from fastapi import Request
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import NotFound
from app.domain.permissions import Role, Viewer, may
from app.domain.progress import ENDED
from app.domain.progress import Response as Answer
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, TranslationFlag
from app.queries.followup import history
from app.queries.meetings import recommendations as found
from app.queries.meetings import secretariat_meetings
from app.queries.scope.viewers import SignedIn
from app.queries.setup import choices
from app.services.followup import plans
from app.services.meetings import recommendations
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form, is_looking, numbers
from app.web.page import led_to
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/recommendations/{ref}")
Line = Annotated[str, StringConstraints(max_length=1000)]


Own = Annotated[Recommendation, signed_in.item(found.own, "ref")]


class EditFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    title_flags: dict[str, TranslationFlag] = Field(default_factory=dict)
    done_when: Line = ""
    external_number: Annotated[str, StringConstraints(max_length=80)] = ""
    is_priority: bool = False
    version: int | None = None


class AnswerFields(Fields):
    response: Answer
    reason: str = ""
    organisation_id: int | None = None
    referred_to: Line = ""
    merged_into: str = ""
    version: int | None = None


class PlanFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    owner_post_id: int | None = None
    due_on: dt.date | None = None
    supporting: tuple[int, ...] = ()
    description: str = ""
    is_priority: bool = False
    is_past: bool = False
    assign: bool = False
    post_words: Line = ""  # what was looked for before
    back: Literal["", "review"] = ""  # the room it came from


class ReasonFields(Fields):
    reason: str = ""


class NothingFields(Fields):
    """A button alone, and the page it was pressed on."""

    back: Literal["", "meeting"] = ""


@router.get("")
def recommendation_page(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    item = found.get(session, person.viewer, ref)
    if ref != item.ref:
        return RedirectResponse(f"/{lang}/workspace/recommendations/{item.ref}", 308)
    return _page(request, person, lang, session, item, Form())


@router.post("/actions")
def plan(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(PlanFields, typed) if not is_looking(typed) else Form.read(PlanFields, typed).unread()
    sent = form.data or PlanFields()
    form.attempt(
        session, plans.plan, session, actor, item,
        titles=sent.titles, owner_post_id=sent.owner_post_id, due_on=sent.due_on, supporting=sent.supporting,
        description=sent.description, is_priority=sent.is_priority, is_past=sent.is_past, assign=sent.assign,
    )  # fmt: skip
    if form.ok:
        said = "assigned" if sent.assign else "saved"
        return form.done(session, _back(session, lang, item, said) if sent.back else _at(lang, item, said))
    return _page(request, person, lang, session, item, form)


@router.get("/edit")
def edit_page(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    return _form(
        request, person, lang, "edit", found.own(session, person.viewer, ref), Form(), flags=list(TranslationFlag)
    )


@router.post("/edit")
def edit(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(EditFields, typed)
    if form.data is not None:
        changes = form.data.model_dump(exclude={"version"})
        form.attempt(session, recommendations.edit, session, actor, item, version=form.data.version, **changes)
    if form.ok:
        return form.done(session, _at(lang, item, "saved"))
    return _form(request, person, lang, "edit", item, form, flags=list(TranslationFlag))


@router.get("/response")
def response_page(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    item = found.own(session, person.viewer, ref)
    return _answer_form(request, person, lang, session, item, Form())


@router.post("/response")
def respond(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(AnswerFields, typed)
    if (sent := form.data) is not None:
        other = _other(session, person.viewer, item, sent.merged_into)
        form.attempt(
            session, recommendations.respond, session, actor, item, sent.response, reason=sent.reason,
            organisation_id=sent.organisation_id, referred_to=sent.referred_to, merged_into=other, version=sent.version,
        )  # fmt: skip
    if form.ok:
        return form.done(session, _at(lang, item, "recorded"))
    return _answer_form(request, person, lang, session, item, form)


@router.post("/publication")
def publish(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(NothingFields, typed)
    form.attempt(session, recommendations.publish, session, actor, item)
    if form.ok:
        on_its_meeting = form.data is not None and form.data.back == "meeting"
        return form.done(
            session, (_on_its_meeting(session, lang, item) if on_its_meeting else _at(lang, item, "published"))
        )
    return _page(request, person, lang, session, item, Form(), form)


@router.get("/withdrawal")
def withdrawal_page(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    return _form(request, person, lang, "withdrawal", found.own(session, person.viewer, ref), Form())


@router.post("/withdrawal")
def withdraw(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(ReasonFields, typed)
    reason = form.data.reason if form.data else ""
    form.attempt(session, recommendations.withdraw, session, actor, item, reason=reason)
    if form.ok:
        return form.done(session, _at(lang, item, "withdrawn"))
    return _form(request, person, lang, "withdrawal", item, form)


def _other(session: Session, viewer: Viewer, item: Recommendation, ref: str) -> Recommendation | None:
    """The one it is merged into, if it is one that the viewer sees; the service says what is missing."""
    try:
        return found.get(session, viewer, ref) if ref else None
    except NotFound:
        return None


def _at(lang: str, item: Recommendation, said: str) -> str:
    return led_to(f"/{lang}/workspace/recommendations/{item.ref}", said=said)


def _back(session: Session, lang: str, item: Recommendation, said: str) -> str:
    """To the review that it was planned from, at what is to be decided next."""
    meeting = session.get_one(Meeting, item.meeting_id)
    return led_to(f"/{lang}/workspace/meetings/{meeting.slug}/review", said=said)


def _on_its_meeting(session: Session, lang: str, item: Recommendation) -> str:
    meeting = session.get_one(Meeting, item.meeting_id)
    return led_to(f"/{lang}/workspace/meetings/{meeting.slug}#r{item.id}", said="published")


def _page(
    request: Request, person: SignedIn, lang: str, session: Session, item: Recommendation,
    form: Form[PlanFields], button: Form[NothingFields] | None = None,
) -> Response:  # fmt: skip
    planned = secretariat_meetings.actions_of(session, person.viewer, item.id)
    is_secretariat = may(person.viewer, item.programme_id, Role.SECRETARIAT)
    is_inside = may(person.viewer, item.programme_id, Role.SECRETARIAT, Role.VERIFIER)
    deeds = history.of(session, ("recommendation", item.id)) if is_inside else []
    words, ticked = form.values.get("post_words", ""), form.lists.get("supporting", ())
    chosen = numbers(form.values.get("owner_post_id", ""))
    return frame(
        request, person, "workspace/meetings/recommendation/page.html", lang, few=choices.FEW,
        status=max(form.status, button.status if button else 0), item=item, planned=planned,
        meeting=session.get_one(Meeting, item.meeting_id), is_secretariat=is_secretariat, deeds=deeds,
        may_plan=item.status not in ENDED,
        posts=choices.found(session, words, chosen) if is_secretariat else [], form=form, button=button,
        organisations=choices.bodies(session, words, numbers(*ticked)) if is_secretariat else [], once=Form().once,
    )  # fmt: skip


def _answer_form(
    request: Request, person: SignedIn, lang: str, session: Session, item: Recommendation, form: Form[AnswerFields]
) -> Response:
    return _form(
        request, person, lang, "response", item, form,
        answers=list(Answer), organisations=choices.organisations(session),
        merged_into=found.ref_of(session, person.viewer, item.merged_into_id),
    )  # fmt: skip


def _form(
    request: Request, person: SignedIn, lang: str, template: str, item: Recommendation,
    form: Form[EditFields] | Form[AnswerFields] | Form[ReasonFields], **context: object,
) -> Response:  # fmt: skip
    return frame(
        request, person, f"workspace/meetings/recommendation/{template}.html", lang,
        status=form.status, item=item, form=form, **context,
    )  # fmt: skip
