"""Closing a recommendation, with a word on each open action of it, and opening it again."""

from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.domain.progress import Closure
from app.domain.workflow import OPEN
from app.models.recommendations import Recommendation
from app.queries.meetings import recommendations as recommendation_queries
from app.queries.meetings import secretariat_meetings
from app.services.followup import recommendation_closures
from app.services.followup.recommendation_closures import Fate
from app.services.meetings import takebacks
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/recommendations/{ref}")
Own = Annotated[Recommendation, signed_in.item(recommendation_queries.own, "ref")]
Text = Annotated[str, Field(max_length=8000)]


class ClosureFields(Fields):
    closure: Closure
    fates: dict[str, Fate | Literal[""]] = Field(default_factory=dict)  # by the reference of each open action
    reason: Text = ""


class TakingBack(Fields):
    reason: Text = ""
    reopened: tuple[str, ...] = ()  # references of the actions that go on
    version: int | None = None


@router.get("/closure")
def closure_page(asked: Asked, ref: str) -> Response:
    return _closing(asked, recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("/closure")
def close(press: Press, item: Own) -> Response:
    def verb(sent: ClosureFields) -> str:
        fates = {ref: fate for ref, fate in sent.fates.items() if fate}
        recommendation_closures.close(*press.by, item, sent.closure, reason=sent.reason, fates=fates)
        return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}", said="recorded")

    return press.attempt(ClosureFields, verb, lambda form: _closing(press, item, form))


@router.get("/reopening")
def reopening_page(asked: Asked, ref: str) -> Response:
    return _reopening(asked, recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("/reopening")
def reopen(press: Press, item: Own) -> Response:
    def verb(sent: TakingBack) -> str:
        recommendation_closures.take_back(
            *press.by, item, reason=sent.reason, reopened=sent.reopened, version=sent.version
        )
        return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}", said="recorded")

    return press.attempt(TakingBack, verb, lambda form: _reopening(press, item, form))


@router.get("/response/withdrawal")
def response_withdrawal_page(asked: Asked, ref: str) -> Response:
    return _form(asked, "unanswering", recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("/response/withdrawal")
def withdraw_response(press: Press, item: Own) -> Response:
    def verb(sent: TakingBack) -> str:
        takebacks.response(*press.by, item, reason=sent.reason, version=sent.version)
        return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}", said="taken_back")

    return press.attempt(TakingBack, verb, lambda form: _form(press, "unanswering", item, form))


def _reopening(asked: PageRequest, item: Recommendation, form: Form[Any]) -> Response:
    """With the actions that ended with it."""
    below = secretariat_meetings.actions_of(asked.session, asked.viewer, item.id)
    refs = recommendation_closures.ended_refs(asked.session, item) if item.closure else frozenset()
    return _form(asked, "reopening", item, form, ended=[one for one in below if one.row.ref in refs])


def _closing(asked: PageRequest, item: Recommendation, form: Form[Any]) -> Response:
    owed = [
        one for one in secretariat_meetings.actions_of(asked.session, asked.viewer, item.id) if one.row.state in OPEN
    ]
    return _form(asked, "closure", item, form, closures=list(Closure), owed=owed)


def _form(asked: PageRequest, template: str, item: Recommendation, form: Form[Any], **context: object) -> Response:
    return frame(
        asked, f"workspace/meetings/recommendation/{template}.html", status=form.status, item=item, form=form, **context
    )
