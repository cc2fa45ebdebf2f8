"""The meetings of a secretariat's programmes: list, making and editing, one meeting with all below it, publishing."""

import datetime as dt
from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.domain.errors import InvalidQuery, NotFound
from app.domain.messages import N_, Message
from app.domain.permissions import Viewer
from app.domain.regions import REGIONS
from app.models.meetings import Meeting, Programme
from app.queries.followup import history
from app.queries.intake import intake
from app.queries.meetings import secretariat_meetings
from app.queries.meetings.meetings import get_programme
from app.queries.scope import cursors
from app.services.followup import publications
from app.services.meetings import meetings
from app.web.forms import Fields, Form, NoFields, ReasonFields
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/meetings")
After = Annotated[str, Query()]


def _programmes(session: Session, viewer: Viewer, *, lock: bool = False) -> list[Programme]:
    """For whoever is secretariat of one at least."""
    if own := secretariat_meetings.programmes(session, viewer):
        return own
    raise NotFound


Own = Annotated[Meeting, signed_in.item(intake.meeting, "slug")]
Programmes = Annotated[list[Programme], signed_in.item(_programmes)]


class MeetingFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    held_on: dt.date
    region: str
    place: dict[str, str] = Field(default_factory=dict)
    convenor: dict[str, str] = Field(default_factory=dict)
    chair: dict[str, str] = Field(default_factory=dict)
    participants: dict[str, str] = Field(default_factory=dict)
    prefix: Annotated[str, StringConstraints(to_upper=True)] = ""
    programme: str = ""
    version: int | None = None


@router.get("")
def meeting_list(asked: Asked, after: After = "") -> Response:
    programmes = _programmes(asked.session, asked.viewer)
    found = secretariat_meetings.meetings(asked.session, asked.viewer, cursors.day(after))
    shown, more = found[: secretariat_meetings.PAGE], found[secretariat_meetings.PAGE :]
    next_page = f"?after={cursors.encode(shown[-1].held_on, shown[-1].id)}" if more else ""
    return frame(
        asked,
        "workspace/meetings/list.html",
        rows=shown,
        next=next_page,
        is_start=not after,
        has_several=len(programmes) > 1,
    )


@router.get("/new")
def new(asked: Asked, programme: str = "") -> Response:
    own = _programmes(asked.session, asked.viewer)
    if programme and programme not in {one.slug for one in own}:
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), {})
    return _form(asked, own, None, Form(), programme)


@router.post("")
def create(press: Press, own: Programmes) -> Response:
    def verb(sent: MeetingFields) -> str:
        programme = get_programme(press.session, press.viewer, sent.programme)
        made = meetings.create(*press.by, programme, **sent.model_dump(exclude={"version", "programme"}))
        return led_to(f"/{press.lang}/workspace/meetings/{made.slug}/report", said="next_report")

    return press.attempt(
        MeetingFields, verb, lambda form: _form(press, own, None, form, form.values.get("programme", ""))
    )


@router.get("/{slug}")
def meeting_page(asked: Asked, slug: str, after: After = "") -> Response:
    return _page(asked, intake.meeting(asked.session, asked.viewer, slug), Form(), after)


@router.get("/{slug}/edit")
def edit_page(asked: Asked, slug: str) -> Response:
    meeting = intake.meeting(asked.session, asked.viewer, slug)
    return _form(asked, [], meeting, Form())


@router.post("/{slug}")
def edit(press: Press, meeting: Own) -> Response:
    def verb(sent: MeetingFields) -> str:
        meetings.edit(*press.by, meeting, **sent.model_dump(exclude={"programme"}))
        return led_to(f"/{press.lang}/workspace/meetings/{meeting.slug}", said="saved")

    return press.attempt(MeetingFields, verb, lambda form: _form(press, [], meeting, form))


@router.post("/{slug}/publication")
def publish(press: Press, meeting: Own) -> Response:
    def verb(_sent: NoFields) -> str:
        publications.publish_all(*press.by, meeting)
        return led_to(f"/{press.lang}/workspace/meetings/{meeting.slug}", said="published")

    return press.attempt(NoFields, verb, lambda form: _page(press, meeting, form))


@router.post("/{slug}/withdrawal")
def withdraw(press: Press, meeting: Own) -> Response:
    def verb(sent: ReasonFields) -> str:
        meetings.withdraw(*press.by, meeting, reason=sent.reason)
        return led_to(f"/{press.lang}/workspace/meetings/{meeting.slug}", said="withdrawn")

    return press.attempt(ReasonFields, verb, lambda form: _page(press, meeting, form))


def _form(
    asked: PageRequest,
    programmes: list[Programme],
    meeting: Meeting | None,
    form: Form[MeetingFields],
    programme: str = "",
) -> Response:
    return frame(
        asked,
        "workspace/meetings/form.html",
        status=form.status,
        meeting=meeting,
        programmes=programmes,
        programme=programme,
        regions=REGIONS,
        form=form,
    )


def _page(asked: PageRequest, meeting: Meeting, form: Form[NoFields] | Form[ReasonFields], after: str = "") -> Response:
    report = intake.report(asked.session, meeting)
    counts = intake.counts(asked.session, report) if report else {}
    items = [("meeting", meeting.id), *([("report", report.id)] if report else [])]
    found = secretariat_meetings.page(asked.session, meeting, cursors.number(after))
    return frame(
        asked,
        "workspace/meetings/page.html",
        status=form.status,
        meeting=meeting,
        programme=asked.session.get_one(Programme, meeting.programme_id),
        report=report,
        counts=counts,
        lines=found.lines,
        next=found.next,
        is_first=not after,
        whole=secretariat_meetings.whole(asked.session, meeting),
        planned=found.planned,
        deeds=history.of(asked.session, *items),
        form=form,
        once=Form().once,
    )
