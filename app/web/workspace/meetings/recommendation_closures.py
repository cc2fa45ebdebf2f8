"""Closing a recommendation, with a word on each open action of it, and opening it again."""

from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.progress import Closure
from app.domain.workflow import OPEN
from app.models.recommendations import Recommendation
from app.queries.meetings import recommendations as found
from app.queries.meetings import secretariat_meetings
from app.queries.scope.viewers import SignedIn
from app.services.followup import recommendation_closures
from app.services.followup.recommendation_closures import Fate
from app.services.meetings import recommendations
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/recommendations/{ref}")
Own = Annotated[Recommendation, signed_in.item(found.own, "ref")]
Text = Annotated[str, Field(max_length=8000)]


class Closing(Fields):
    closure: Closure
    fates: dict[str, Fate | Literal[""]] = Field(default_factory=dict)  # by the reference of each open action
    reason: Text = ""


class Reopening(Fields):
    reason: Text = ""


@router.get("/closure")
def closure_page(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    return _closing(request, person, lang, session, found.own(session, person.viewer, ref), Form())


@router.post("/closure")
def close(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Closing, typed)
    if (sent := form.data) is not None:
        fates = {ref: fate for ref, fate in sent.fates.items() if fate}
        form.attempt(
            session, recommendation_closures.close, session, actor, item, sent.closure, reason=sent.reason, fates=fates
        )
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/recommendations/{item.ref}", said="recorded"))
    return _closing(request, person, lang, session, item, form)


@router.get("/reopening")
def reopening_page(request: Request, lang: Lang, ref: str, person: CurrentPerson, session: Reading) -> Response:
    return _form(request, person, lang, "reopening", found.own(session, person.viewer, ref), Form())


@router.post("/reopening")
def reopen(
    request: Request, lang: Lang, item: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(Reopening, typed)
    form.attempt(session, recommendations.reopen, session, actor, item, reason=form.data.reason if form.data else "")
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/recommendations/{item.ref}", said="recorded"))
    return _form(request, person, lang, "reopening", item, form)


def _closing(
    request: Request, person: SignedIn, lang: str, session: Session, item: Recommendation, form: Form[Any]
) -> Response:
    owed = [one for one in secretariat_meetings.actions_of(session, person.viewer, item.id) if one.row.state in OPEN]
    return _form(request, person, lang, "closure", item, form, closures=list(Closure), owed=owed)


def _form(
    request: Request, person: SignedIn, lang: str, template: str, item: Recommendation, form: Form[Any],
    **context: object,
) -> Response:  # fmt: skip
    return frame(
        request, person, f"workspace/meetings/recommendation/{template}.html", lang,
        status=form.status, item=item, form=form, **context,
    )  # fmt: skip
