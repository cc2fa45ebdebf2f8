"""The ladder of reminders of a programme: edited as sentences, tried on what is open, given back to ours."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app import clock, routes, signed_in
from app.domain import ladder_rules
from app.domain import ladders as domain
from app.domain.ladders import OURS, LadderDays
from app.models.meetings import Programme
from app.queries.mailing import ladder_previews
from app.queries.mailing import ladders as kept
from app.queries.mailing.ladder_previews import Comparison
from app.queries.setup import rooms
from app.services.setup import ladders
from app.services.setup.ladders import Which
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/setup/programmes/{slug}/ladder")
Own = Annotated[Programme, signed_in.item(rooms.programme, "slug")]
Typed = Annotated[str, Field(max_length=80)]


class LadderGroup(StrEnum):
    ORDINARY = "ordinary"
    PRIORITY = "priority"


class LadderPress(StrEnum):
    TRY = "try"
    SAVE = "save"


class LadderFields(Fields):
    """Numbers as they are typed; an empty field is a step that is not taken."""

    before: Typed = ""
    on_day: bool = False
    after: Typed = ""
    is_weekly: bool = False
    manager: Typed = ""
    secretariat: Typed = ""
    confirm: Typed = ""
    confirm_manager: Typed = ""
    confirm_secretariat: Typed = ""
    blocked: Typed = ""
    verifiers: Typed = ""
    verify_secretariat: Typed = ""
    deciders: Typed = ""
    milestones: Typed = ""
    values_manager: Typed = ""
    version: int | None = None
    act: LadderPress = LadderPress.SAVE

    @property
    def days(self) -> LadderDays:
        """Raises Problems where they can't be read or break a rule."""
        return ladder_rules.read(self.model_dump(exclude={"version", "act"}))


class RestoreFields(Fields):
    version: int | None = None


Chosen = Annotated[LadderGroup, Path()]


@router.get("/{group}")
def show(asked: Asked, slug: str, group: Chosen) -> Response:
    programme = rooms.programme(asked.session, asked.viewer, slug)
    return _page(asked, Which(programme, group is LadderGroup.PRIORITY), Form())


@router.post("/{group}")
def edit(press: Press, group: Chosen, programme: Own) -> Response:
    which, form = Which(programme, group is LadderGroup.PRIORITY), Form.read(LadderFields, press.typed)

    def verb(sent: LadderFields) -> str:
        ladders.edit(*press.by, which, sent.days, version=sent.version)
        return _led(press, which)

    if form.data and form.data.act is LadderPress.TRY:
        days = form.look_ahead(press.session, lambda sent: sent.days)
        return _page(press, which, form, _compared(press, which, days) if days else None)
    return form.carry_out(press.session, verb, lambda form: _page(press, which, form))


@router.post("/{group}/ours")
def restore(press: Press, group: Chosen, programme: Own) -> Response:
    which = Which(programme, group is LadderGroup.PRIORITY)

    def verb(sent: RestoreFields) -> str:
        ladders.restore(*press.by, which, version=sent.version)
        return _led(press, which)

    return press.attempt(RestoreFields, verb, lambda form: _page(press, which, form))


def _led(asked: PageRequest, which: Which) -> str:
    return led_to(
        f"/{asked.lang}/workspace/setup/programmes/{which.programme.slug}/ladder/{_group(which)}", said="saved"
    )


def _group(which: Which) -> LadderGroup:
    return LadderGroup.PRIORITY if which.is_priority else LadderGroup.ORDINARY


def _compared(asked: PageRequest, which: Which, days: LadderDays) -> Comparison:
    of, is_priority = which.programme.id, which.is_priority
    proposed = ladders.proposed(kept.edited(asked.session, of, is_priority=is_priority), days)
    return ladder_previews.compared(asked.session, of, is_priority=is_priority, proposed=proposed, now=clock.now())


def _page(asked: PageRequest, which: Which, form: Form[Any], preview: Comparison | None = None) -> Response:
    row = kept.edited(asked.session, which.programme.id, is_priority=which.is_priority)
    days = domain.of(row.days) if row else OURS
    return frame(
        asked,
        "workspace/setup/ladder.html",
        status=form.status,
        programme=which.programme,
        group=_group(which),
        form=form,
        other=Form().once,
        row=row,
        version=form.current["version"] if form.current else row.version if row else 0,
        stands=domain.kept(days),
        is_ours=days == OURS,
        ours=domain.kept(OURS),
        current=form.current["days"] if form.current else None,
        preview=preview,
        looked=ladder_previews.LOOKED,
    )
