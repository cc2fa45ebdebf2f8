"""The same recommendation at other meetings: linked by its reference, and parted again."""

from typing import Annotated, Any

from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import NotFound
from app.models.recommendations import Recommendation
from app.queries.meetings import recommendation_links as link_queries
from app.services.meetings import recommendation_links
from app.web.forms import Fields, Form, NoFields
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/recommendations/{ref}/links")
Own = Annotated[Recommendation, signed_in.item(link_queries.own, "ref")]


class LinkFields(Fields):
    other: Annotated[str, StringConstraints(max_length=40)] = ""


@router.get("")
def links_page(asked: Asked, ref: str) -> Response:
    return _page(asked, link_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("")
def link(press: Press, item: Own) -> Response:
    def verb(sent: LinkFields) -> str:
        recommendation_links.link(*press.by, item, link_queries.other(press.session, press.viewer, sent.other))
        return _led(press, item)

    return press.attempt(LinkFields, verb, lambda form: _page(press, item, form))


@router.post("/{other}/removal")
def unlink(press: Press, item: Own, other: str) -> Response:
    beside = link_queries.other(press.session, press.viewer, other)
    if beside is None:
        raise NotFound

    def verb(_sent: NoFields) -> str:
        recommendation_links.unlink(*press.by, item, beside)
        return _led(press, item)

    return press.attempt(NoFields, verb, lambda form: _page(press, item, form))


def _led(press: Press, item: Recommendation) -> str:
    return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}/links", said="saved")


def _page(asked: PageRequest, item: Recommendation, form: Form[Any]) -> Response:
    return frame(
        asked,
        "workspace/meetings/recommendation/links.html",
        status=form.status,
        item=item,
        form=form,
        fresh=Form,
        linked=link_queries.of(asked.session, asked.viewer, item.id),
    )
