"""Bodies, posts and people from a spreadsheet: tried on the page, then taken in."""

from enum import StrEnum
from typing import Annotated

from fastapi import UploadFile
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.roster_lines import COLUMNS, MOST_BYTES, MOST_LINES
from app.queries.setup import rooms
from app.services.kernel.audit import Actor
from app.services.setup import roles, rosters
from app.services.setup.rosters import RosterReport
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup/roster")


class Doing(StrEnum):
    TRY = "try"
    TAKE = "take"


class RosterFields(Fields):
    text: Annotated[str, Field(max_length=MOST_BYTES)] = ""
    file: UploadFile | None = None
    act: Doing = Doing.TRY

    @property
    def lines(self) -> str:
        """Of the file, if one was chosen, else what stands in the field."""
        if self.file and self.file.filename:
            return rosters.decoded(self.file.file.read(MOST_BYTES + 1))
        if not self.text.strip():
            raise Refused(N_("Choose a file or paste its lines"), "file")
        return self.text


@router.get("")
def show(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    roles.require_administrator(Actor(asked.viewer))
    return _page(asked, Form())


@router.post("")
def take_in(press: Press, _here: pages.SettingUp, _may: pages.Administering) -> Response:
    """What was tried stands in the field, so that the same lines are taken in by the next press."""
    form, shown = Form.read(RosterFields, press.typed), list[tuple[RosterReport, str]]()

    def verb(sent: RosterFields) -> str:
        lines = sent.lines
        report = rosters.take_in(*press.by, lines, is_trial=sent.act is Doing.TRY)
        if report.is_trial or report.refused:
            shown.append((report, lines))
            raise Refused(report.head)
        return led_to(f"/{press.lang}/workspace/setup/organisations", said="taken_in")

    return form.carry_out(press.session, verb, lambda form: _page(press, Form() if shown else form, *shown))


def _page(asked: PageRequest, form: Form[RosterFields], *shown: tuple[RosterReport, str]) -> Response:
    report, text = shown[0] if shown else (None, "")
    return frame(
        asked,
        "workspace/setup/roster.html",
        status=422 if report and report.refused else form.status,
        form=form,
        report=report,
        text=text,
        columns=COLUMNS,
        most=MOST_LINES,
    )
