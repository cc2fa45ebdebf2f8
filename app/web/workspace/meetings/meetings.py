"""The meetings of a secretariat's programmes: list, making and editing, one meeting with all below it, publishing."""

import datetime as dt
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import NotFound, Senseless
from app.domain.messages import N_, Message
from app.domain.permissions import Viewer
from app.domain.regions import REGIONS
from app.models.meetings import Meeting, Programme
from app.queries.followup import history
from app.queries.intake import intake
from app.queries.meetings import secretariat_meetings
from app.queries.meetings.meetings import get_programme
from app.queries.scope import cursors
from app.queries.scope.viewers import SignedIn
from app.services.followup import publications
from app.services.meetings import meetings
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame

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


class NothingFields(Fields):
    """A button alone."""


class ReasonFields(Fields):
    reason: str = ""


@router.get("")
def meeting_list(request: Request, lang: Lang, person: CurrentPerson, session: Reading, after: After = "") -> Response:
    programmes = _programmes(session, person.viewer)
    found = secretariat_meetings.meetings(session, person.viewer, cursors.day(after))
    shown, more = found[: secretariat_meetings.PAGE], found[secretariat_meetings.PAGE :]
    next_page = f"?after={cursors.encode(shown[-1].held_on, shown[-1].id)}" if more else ""
    return frame(
        request, person, "workspace/meetings/list.html", lang,
        rows=shown, next=next_page, is_start=not after, has_several=len(programmes) > 1,
    )  # fmt: skip


@router.get("/new")
def new(request: Request, lang: Lang, person: CurrentPerson, session: Reading, programme: str = "") -> Response:
    own = _programmes(session, person.viewer)
    if programme and programme not in {one.slug for one in own}:
        raise Senseless(Message(N_("There is no such filter. The others are kept.")), {})
    return _form(request, person, lang, own, None, Form(), programme)


@router.post("")
def create(
    request: Request, lang: Lang, own: Programmes,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(MeetingFields, typed)
    if (sent := form.data) is not None:
        programme = get_programme(session, person.viewer, sent.programme)
        made = form.attempt(
            session, meetings.create, session, actor, programme,
            titles=sent.titles, held_on=sent.held_on, region=sent.region, place=sent.place, convenor=sent.convenor,
            chair=sent.chair, participants=sent.participants, prefix=sent.prefix,
        )  # fmt: skip
        if made is not None:
            return form.done(session, led_to(f"/{lang}/workspace/meetings/{made.slug}/report", said="next_report"))
    return _form(request, person, lang, own, None, form, form.values.get("programme", ""))


@router.get("/{slug}")
def meeting_page(
    request: Request, lang: Lang, slug: str, person: CurrentPerson, session: Reading, after: After = ""
) -> Response:
    return _page(request, person, lang, session, intake.meeting(session, person.viewer, slug), Form(), after)


@router.get("/{slug}/edit")
def edit_page(request: Request, lang: Lang, slug: str, person: CurrentPerson, session: Reading) -> Response:
    meeting = intake.meeting(session, person.viewer, slug)
    return _form(request, person, lang, [], meeting, Form())


@router.post("/{slug}")
def edit(
    request: Request, lang: Lang, meeting: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(MeetingFields, typed)
    if form.data is not None:
        changes = form.data.model_dump(exclude={"version", "programme"})
        form.attempt(session, meetings.edit, session, actor, meeting, version=form.data.version, **changes)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/meetings/{meeting.slug}", said="saved"))
    return _form(request, person, lang, [], meeting, form)


@router.post("/{slug}/publication")
def publish(
    request: Request, lang: Lang, meeting: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(NothingFields, typed)
    form.attempt(session, publications.publish_all, session, actor, meeting)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/meetings/{meeting.slug}", said="published"))
    return _page(request, person, lang, session, meeting, form)


@router.post("/{slug}/withdrawal")
def withdraw(
    request: Request, lang: Lang, meeting: Own,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(ReasonFields, typed)
    reason = form.data.reason if form.data else ""
    form.attempt(session, meetings.withdraw, session, actor, meeting, reason=reason)
    if form.ok:
        return form.done(session, led_to(f"/{lang}/workspace/meetings/{meeting.slug}", said="withdrawn"))
    return _page(request, person, lang, session, meeting, form)


def _form(
    request: Request, person: SignedIn, lang: str, programmes: list[Programme],
    meeting: Meeting | None, form: Form[MeetingFields], programme: str = "",
) -> Response:  # fmt: skip
    return frame(
        request, person, "workspace/meetings/form.html", lang,
        status=form.status, meeting=meeting, programmes=programmes, programme=programme, regions=REGIONS, form=form,
    )  # fmt: skip


def _page(
    request: Request, person: SignedIn, lang: str, session: Session, meeting: Meeting,
    form: Form[NothingFields] | Form[ReasonFields], after: str = "",
) -> Response:  # fmt: skip
    report = intake.report(session, meeting)
    counts = intake.counts(session, report) if report else {}
    items = [("meeting", meeting.id), *([("report", report.id)] if report else [])]
    found = secretariat_meetings.recommendations(session, meeting, cursors.number(after))
    lines = found[: secretariat_meetings.LINES]
    return frame(
        request, person, "workspace/meetings/page.html", lang,
        status=form.status, meeting=meeting, programme=session.get_one(Programme, meeting.programme_id),
        report=report, counts=counts, lines=lines, next=secretariat_meetings.following(found),
        is_first=not after, whole=secretariat_meetings.whole(session, meeting),
        actions=secretariat_meetings.actions(session, lines),
        deeds=history.of(session, *items), form=form, once=Form().once,
    )  # fmt: skip
