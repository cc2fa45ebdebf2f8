"""Who proposed a recommendation: added, corrected and removed on its page in the workspace."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import NotFound
from app.models.proposers import Proposer
from app.models.recommendations import Recommendation
from app.queries.followup import voices
from app.queries.meetings import recommendations as recommendation_queries
from app.services.meetings import proposers
from app.services.meetings.proposers import Contact
from app.web.forms import Fields, Form, NoFields
from app.web.page import led_to, see_other
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/recommendations/{ref}/proposers")
Own = Annotated[Recommendation, signed_in.item(recommendation_queries.own, "ref")]
Id = Annotated[int, Path(ge=1, lt=2**31)]


class ProposerFields(Fields):
    name: str = Field("", max_length=200)
    email: str = Field("", max_length=254)
    locale: Literal["ar", "fr", "en"] = "ar"
    agreed_on: dt.date | None = None


class ProposerEditFields(ProposerFields):
    version: int | None = None


@router.get("")
def proposers_page(asked: Asked, ref: str) -> Response:
    return _page(asked, recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("")
def add(press: Press, item: Own) -> Response:
    def verb(sent: ProposerFields) -> str:
        proposers.add(*press.by, item, _contact(sent))
        return _at(press, item)

    return press.attempt(ProposerFields, verb, lambda form: _page(press, item, form))


@router.get("/{proposer_id}")
def proposer_page(asked: Asked, ref: str, proposer_id: Id) -> Response:
    item = recommendation_queries.own(asked.session, asked.viewer, ref)
    return _one(asked, item, voices.proposer(asked.session, item.id, proposer_id), Form())


@router.post("/{proposer_id}")
def edit(press: Press, item: Own, proposer_id: Id) -> Response:
    proposer = voices.proposer(press.session, item.id, proposer_id)

    def verb(sent: ProposerEditFields) -> str:
        proposers.edit(*press.by, item, proposer, _contact(sent), sent.version)
        return _at(press, item)

    return press.attempt(ProposerEditFields, verb, lambda form: _one(press, item, proposer, form))


@router.post("/{proposer_id}/removal")
def remove(press: Press, item: Own, proposer_id: Id) -> Response:
    """Pressed twice it leads on: whoever is gone is removed."""
    try:
        proposer = voices.proposer(press.session, item.id, proposer_id)
    except NotFound:
        return see_other(_at(press, item))

    def verb(_sent: NoFields) -> str:
        proposers.remove(*press.by, item, proposer)
        return _at(press, item)

    return press.attempt(NoFields, verb, lambda form: _one(press, item, proposer, form))


def _contact(sent: ProposerFields) -> Contact:
    return Contact(sent.name, sent.email, sent.locale, sent.agreed_on)


def _at(press: PageRequest, item: Recommendation) -> str:
    return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}/proposers", said="saved")


def _page(asked: PageRequest, item: Recommendation, form: Form[Any]) -> Response:
    template = "workspace/meetings/recommendation/proposers.html"
    there = voices.proposers(asked.session, item.id)
    return frame(asked, template, status=form.status, item=item, form=form, proposers=there)


def _one(asked: PageRequest, item: Recommendation, proposer: Proposer, form: Form[Any]) -> Response:
    template = "workspace/meetings/recommendation/proposer.html"
    return frame(asked, template, status=form.status, item=item, form=form, one=proposer)
