"""What came of a recommendation that was implemented: named for the public, and taken back."""

import datetime as dt
from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.domain.progress import Status
from app.models.recommendations import Recommendation
from app.queries.meetings import recommendations as recommendation_queries
from app.services.meetings import outcomes
from app.web.forms import Fields, Form, ReasonFields
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/recommendations/{ref}/outcome")
Own = Annotated[Recommendation, signed_in.item(recommendation_queries.own, "ref")]


class OutcomeFields(Fields):
    words: dict[str, str] = Field(default_factory=dict)
    on: dt.date | None = None
    version: int | None = None


@router.get("")
def outcome_page(asked: Asked, ref: str) -> Response:
    return _page(asked, recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("")
def name(press: Press, item: Own) -> Response:
    def verb(sent: OutcomeFields) -> str:
        outcomes.name(*press.by, item, words=sent.words, on=sent.on, version=sent.version)
        return _led(press, item, "recorded")

    return press.attempt(OutcomeFields, verb, lambda form: _page(press, item, form))


@router.post("/removal")
def take_back(press: Press, item: Own) -> Response:
    def verb(sent: ReasonFields) -> str:
        outcomes.take_back(*press.by, item, reason=sent.reason)
        return _led(press, item, "withdrawn")

    form = Form.read(ReasonFields, press.typed, at="back-")
    return form.carry_out(press.session, verb, lambda form: _page(press, item, Form(), form))


def _led(press: Press, item: Recommendation, said: str) -> str:
    return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}", said=said)


def _page(asked: PageRequest, item: Recommendation, form: Form[Any], back: Form[Any] | None = None) -> Response:
    back = back or Form(at="back-")
    return frame(
        asked,
        "workspace/meetings/recommendation/outcome.html",
        status=max(form.status, back.status),
        item=item,
        form=form,
        back=back,
        is_done=item.status is Status.IMPLEMENTED,
    )
