"""Team chats of the installation: listed, added, tried, removed; an address is typed once and shown never."""

from typing import Annotated, Any

from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.channels import addresses, apprise
from app.models.channels import TeamChannel
from app.queries.setup import team_channels as queries
from app.services.setup import team_channels
from app.web.forms import Fields, Form, NoFields
from app.web.page import led_to
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/channels")
Own = Annotated[TeamChannel, signed_in.item(queries.get, "channel_id")]
Administering = Annotated[None, signed_in.right(queries.require)]


class ChannelFields(Fields):
    name: Annotated[str, StringConstraints(max_length=80)] = ""
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    lang: Annotated[str, StringConstraints(max_length=2)] = ""


@router.get("")
def listed(asked: Asked) -> Response:
    return _page(asked, Form())


@router.post("")
def add(press: Press, _may: Administering) -> Response:
    def verb(sent: ChannelFields) -> str:
        team_channels.add(*press.by, **sent.model_dump())
        return _led(press, "added")

    return press.attempt(ChannelFields, verb, lambda form: _page(press, form))


@router.post("/{channel_id}/trials")
def try_out(press: Press, channel_id: pages.Id, channel: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        team_channels.try_out(*press.by, channel)
        return _led(press, "queued")

    return press.attempt(NoFields, verb, lambda form: _page(press, form))


@router.post("/{channel_id}/withdrawal")
def remove(press: Press, channel_id: pages.Id, channel: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        team_channels.remove(*press.by, channel)
        return _led(press, "taken_back")

    return press.attempt(NoFields, verb, lambda form: _page(press, form))


def _led(press: FormRequest, said: str) -> str:
    return led_to(f"/{press.lang}/workspace/setup/channels", said=said)


def _page(asked: PageRequest, form: Form[Any]) -> Response:
    services = sorted({*addresses.HOSTED.values(), *addresses.OWN.values()})
    return frame(
        asked,
        "workspace/setup/channels.html",
        status=form.status,
        rows=queries.listed(asked.session, asked.viewer),
        form=form,
        once=Form().once,
        services=", ".join(services),
        is_installed=apprise.is_installed(),
    )
