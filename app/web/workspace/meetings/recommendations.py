"""One recommendation in the workspace: its words, its response, its history, and the planning of its actions."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from starlette.responses import RedirectResponse, Response

from app import routes, signed_in
from app.domain import progress
from app.domain.permissions import Role, may
from app.domain.progress import ENDED
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, TranslationFlag
from app.queries.followup import also_serves, history
from app.queries.meetings import recommendation_links, secretariat_meetings
from app.queries.meetings import recommendations as recommendation_queries
from app.queries.public import taken_back
from app.queries.setup import choices, themes
from app.services.followup import plans
from app.services.meetings import recommendations
from app.web.forms import Fields, Form, ReasonFields, is_looking, numbers
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/recommendations/{ref}")
Line = Annotated[str, StringConstraints(max_length=1000)]


Own = Annotated[Recommendation, signed_in.item(recommendation_queries.own, "ref")]


class EditFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    title_flags: dict[str, TranslationFlag] = Field(default_factory=dict)
    done_when: Line = ""
    external_number: Annotated[str, StringConstraints(max_length=80)] = ""
    is_priority: bool = False
    version: int | None = None


class AnswerFields(Fields):
    response: progress.Response
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


class PublicationFields(Fields):
    """A button alone, and the page it was pressed on."""

    back: Literal["", "meeting"] = ""


@router.get("")
def recommendation_page(asked: Asked, ref: str) -> Response:
    item = recommendation_queries.get(asked.session, asked.viewer, ref)
    if ref != item.ref:
        return RedirectResponse(f"/{asked.lang}/workspace/recommendations/{item.ref}", 308)
    return _page(asked, item, Form())


@router.post("/actions")
def plan(press: Press, item: Own) -> Response:
    def verb(sent: PlanFields) -> str:
        plans.plan(*press.by, item, **sent.model_dump(exclude={"post_words", "back"}))
        said = "assigned" if sent.assign else "saved"
        return led_to(f"{_meeting(press, item)}/review", said) if sent.back else _at(press.lang, item, said)

    form = Form.read(PlanFields, press.typed)
    if is_looking(press.typed):
        form.unread()
    return form.carry_out(press.session, verb, lambda form: _page(press, item, form))


@router.get("/edit")
def edit_page(asked: Asked, ref: str) -> Response:
    return _form(
        asked, "edit", recommendation_queries.own(asked.session, asked.viewer, ref), Form(), flags=list(TranslationFlag)
    )


@router.post("/edit")
def edit(press: Press, item: Own) -> Response:
    def verb(sent: EditFields) -> str:
        recommendations.edit(*press.by, item, **sent.model_dump())
        return _at(press.lang, item, "saved")

    return press.attempt(EditFields, verb, lambda form: _form(press, "edit", item, form, flags=list(TranslationFlag)))


@router.get("/response")
def response_page(asked: Asked, ref: str) -> Response:
    item = recommendation_queries.own(asked.session, asked.viewer, ref)
    return _answer_form(asked, item, Form())


@router.post("/response")
def respond(press: Press, item: Own) -> Response:
    def verb(sent: AnswerFields) -> str:
        other = recommendation_links.other(press.session, press.viewer, sent.merged_into)
        recommendations.respond(*press.by, item, **sent.model_dump(exclude={"merged_into"}), merged_into=other)
        return _at(press.lang, item, "recorded")

    return press.attempt(AnswerFields, verb, lambda form: _answer_form(press, item, form))


@router.post("/publication")
def publish(press: Press, item: Own) -> Response:
    def verb(sent: PublicationFields) -> str:
        recommendations.publish(*press.by, item)
        on_its_row = f"{_meeting(press, item)}#act-{item.ref}"
        return led_to(on_its_row, "published") if sent.back else _at(press.lang, item, "published")

    return press.attempt(PublicationFields, verb, lambda form: _page(press, item, Form(), form))


@router.get("/withdrawal")
def withdrawal_page(asked: Asked, ref: str) -> Response:
    return _form(asked, "withdrawal", recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("/withdrawal")
def withdraw(press: Press, item: Own) -> Response:
    def verb(sent: ReasonFields) -> str:
        recommendations.withdraw(*press.by, item, reason=sent.reason)
        return _at(press.lang, item, "withdrawn")

    return press.attempt(ReasonFields, verb, lambda form: _form(press, "withdrawal", item, form))


def _at(lang: str, item: Recommendation, said: str) -> str:
    return led_to(f"/{lang}/workspace/recommendations/{item.ref}", said=said)


def _meeting(press: PageRequest, item: Recommendation) -> str:
    """The address of the meeting that it came from."""
    return f"/{press.lang}/workspace/meetings/{press.session.get_one(Meeting, item.meeting_id).slug}"


def _page(
    asked: PageRequest, item: Recommendation, form: Form[PlanFields], button: Form[PublicationFields] | None = None
) -> Response:
    planned = secretariat_meetings.actions_of(asked.session, asked.viewer, item.id)
    is_secretariat = may(asked.viewer, item.programme_id, Role.SECRETARIAT)
    is_inside = may(asked.viewer, item.programme_id, Role.SECRETARIAT, Role.VERIFIER)
    deeds = history.of(asked.session, ("recommendation", item.id)) if is_inside else []
    words, ticked = form.values.get("post_words", ""), form.lists.get("supporting", ())
    chosen = numbers(form.values.get("owner_post_id", ""))
    return frame(
        asked,
        "workspace/meetings/recommendation/page.html",
        few=choices.FEW,
        status=max(form.status, button.status if button else 0),
        item=item,
        planned=planned,
        serving=also_serves.serving(asked.session, asked.viewer, item.id),
        linked=recommendation_links.of(asked.session, asked.viewer, item.id),
        themes=themes.of_recommendation(asked.session, item.id),
        meeting=asked.session.get_one(Meeting, item.meeting_id),
        is_secretariat=is_secretariat,
        deeds=deeds,
        taken=taken_back.of(asked.session, item.id, is_inside=is_inside),
        may_plan=item.status not in ENDED,
        posts=choices.found(asked.session, words, chosen) if is_secretariat else [],
        form=form,
        button=button,
        organisations=choices.bodies(asked.session, words, numbers(*ticked)) if is_secretariat else [],
        once=Form().once,
    )


def _answer_form(asked: PageRequest, item: Recommendation, form: Form[AnswerFields]) -> Response:
    return _form(
        asked,
        "response",
        item,
        form,
        answers=[answer for answer in progress.Response if answer is not progress.Response.PENDING],
        organisations=choices.organisations(asked.session),
        merged_into=recommendation_queries.ref_of(asked.session, asked.viewer, item.merged_into_id),
    )


def _form(
    asked: PageRequest,
    template: str,
    item: Recommendation,
    form: Form[EditFields] | Form[AnswerFields] | Form[ReasonFields],
    **context: object,
) -> Response:
    return frame(
        asked, f"workspace/meetings/recommendation/{template}.html", status=form.status, item=item, form=form, **context
    )
