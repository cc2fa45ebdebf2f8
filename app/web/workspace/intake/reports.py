"""A meeting's report: pasted or uploaded, replaced, opened to the public. What it proposes is reviewed elsewhere."""

from typing import Annotated

from fastapi import UploadFile
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Typed
from app.domain.errors import Refused, Stale
from app.files.text import MAX_REPORT_BYTES
from app.intake.propose import Reading as Proposed
from app.intake.reports import read
from app.models.meetings import Meeting
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.routes import Later, later
from app.services.intake import reports
from app.signed_in import SessionHolder, Whoever
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/meetings/{slug}/report")


class ReportFields(Fields):
    report: Annotated[str, Field(max_length=MAX_REPORT_BYTES)] = ""
    file: UploadFile | None = None
    lang: str = ""
    version: int = 0

    @property
    def data(self) -> bytes | None:
        """The bytes of the file, one more than is taken, if one was chosen."""
        return self.file.file.read(MAX_REPORT_BYTES + 1) if self.file and self.file.filename else None


class OpeningFields(Fields):
    is_public: bool = False
    version: int | None = None


@router.get("")
def report_page(asked: Asked, slug: str) -> Response:
    meeting = intake.meeting(asked.session, asked.viewer, slug)
    return _page(asked, meeting, Form())


class _Read(Later[Proposed | Refused]):
    """The report read, or why it can't be: before the lock, and only for whoever may add it."""

    def __init__(self, person: SessionHolder, slug: str, form: Form[ReportFields]) -> None:
        self._person, self._slug, self._form = person, slug, form
        self._read: Proposed | Refused = Refused("")

    def look(self, session: Session) -> Proposed | Refused:
        meeting = intake.meeting(session, self._person.look(session).viewer, self._slug)
        held_on = meeting.held_on
        session.close()
        if (sent := self._form.data) is not None:
            try:
                self._read = read(sent.report, sent.data, sent.lang or None, held_on)
            except Refused as refused:
                self._read = refused
        return self._read

    def take(self, _session: Session) -> Proposed | Refused:
        return self._read


def _reading(person: Whoever, slug: str, typed: Typed) -> _Read:
    return _Read(person, slug, Form.read(ReportFields, typed))


@router.post("")
def add(
    press: Press,
    meeting: Annotated[Meeting, signed_in.item(intake.meeting, "slug")],
    reading: Annotated[Proposed | Refused, later(_reading)],
) -> Response:
    def verb(sent: ReportFields) -> str:
        if isinstance(reading, Refused):
            raise reading
        name = sent.file.filename or "" if sent.file else ""
        reports.add(*press.by, meeting, reading=reading, filename=name, version=sent.version)
        return f"/{press.lang}/workspace/meetings/{meeting.slug}/review"

    return press.attempt(ReportFields, verb, lambda form: _page(press, meeting, form))


@router.post("/opening")
def open_text(press: Press, review: Annotated[Review, signed_in.item(intake.review, "slug")]) -> Response:
    def verb(sent: OpeningFields) -> str:
        reports.open_text(*press.by, review, **sent.model_dump())
        return led_to(f"/{press.lang}/workspace/meetings/{review.meeting.slug}", said="saved")

    def again(form: Form[OpeningFields]) -> Response:
        if form.current:
            raise Stale(form.current)
        return _page(press, review.meeting, form)

    return press.attempt(OpeningFields, verb, again)


def _page(asked: PageRequest, meeting: Meeting, form: Form[ReportFields] | Form[OpeningFields]) -> Response:
    report = intake.report(asked.session, meeting)
    is_final = report is not None and intake.has_accepted(asked.session, report)
    return frame(
        asked,
        "workspace/intake/report.html",
        status=form.status,
        meeting=meeting,
        report=report,
        is_final=is_final,
        form=form,
    )
