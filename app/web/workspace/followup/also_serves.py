"""On the page of an action: which other recommendations it serves beside its home."""

from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import NotFound
from app.models.actions import Action
from app.queries.followup import also_serves as shared_queries
from app.queries.meetings import recommendation_links
from app.services.followup import also_serves
from app.web.forms import Form
from app.web.page import led_to
from app.web.workspace.followup.dossier import ActionFields, show
from app.web.workspace.frame import Press

router = routes.router("/{lang}/workspace/actions/{ref}/also-serves")
Own = Annotated[Action, signed_in.item(shared_queries.shareable, "ref")]


class ServeFields(ActionFields):
    other: Annotated[str, Field(max_length=40)] = ""


class CeaseFields(ActionFields):
    reason: Annotated[str, Field(max_length=8000)] = ""


@router.post("")
def serve(press: Press, action: Own) -> Response:
    def verb(sent: ServeFields) -> str:
        also_serves.serve(*press.by, action, recommendation_links.other(press.session, press.viewer, sent.other))
        return _led(press, action)

    form = Form.read(ServeFields, press.typed, at="also_serves-")
    return form.carry_out(press.session, verb, _again(press, action, "also_serves"))


@router.post("/{other}/end")
def cease(press: Press, action: Own, other: str) -> Response:
    served = recommendation_links.other(press.session, press.viewer, other)
    if served is None:
        raise NotFound

    def verb(sent: CeaseFields) -> str:
        also_serves.cease(*press.by, action, served, reason=sent.reason)
        return _led(press, action)

    place = f"cease_{served.ref}"
    form = Form.read(CeaseFields, press.typed, at=f"{place}-")
    return form.carry_out(press.session, verb, _again(press, action, place))


def _again(press: Press, action: Action, place: str) -> Any:
    return lambda form: show(press, action, form, place)


def _led(press: Press, action: Action) -> str:
    return led_to(f"/{press.lang}/workspace/actions/{action.ref}", said="recorded")
