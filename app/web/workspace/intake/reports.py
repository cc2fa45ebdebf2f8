"""A meeting's report: pasted or uploaded, replaced, opened to the public. What it proposes is reviewed elsewhere."""

from typing import Annotated

from fastapi import Request, UploadFile
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import Refused, Stale
from app.files.limits import MAX_REPORT_BYTES
from app.intake.propose import Reading as Proposed
from app.intake.reports import read
from app.models.meetings import Meeting
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.queries.scope.viewers import SignedIn
from app.routes import Later, later
from app.services.intake import reports
from app.signed_in import CurrentActor, CurrentPerson, Person, Whoever
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame

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
def report_page(request: Request, lang: Lang, slug: str, person: CurrentPerson, session: Reading) -> Response:
    meeting = intake.meeting(session, person.viewer, slug)
    return _page(request, person, lang, session, meeting, Form())


class _Read(Later[Proposed | Refused]):
    """The report read, or why it can't be: before the lock, and only for whoever may add it."""

    def __init__(self, person: Person, slug: str, form: Form[ReportFields]) -> None:
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
    request: Request, lang: Lang, meeting: Annotated[Meeting, signed_in.item(intake.meeting, "slug")],
    reading: Annotated[Proposed | Refused, later(_reading)],
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(ReportFields, typed)

    def keep(sent: ReportFields) -> object:
        if isinstance(reading, Refused):
            raise reading
        name = sent.file.filename or "" if sent.file else ""
        return reports.add(session, actor, meeting, reading=reading, filename=name, version=sent.version)

    if form.data is not None:
        form.attempt(session, keep, form.data)
    if form.ok:
        return form.done(session, f"/{lang}/workspace/meetings/{meeting.slug}/review")
    return _page(request, person, lang, session, meeting, form)


@router.post("/opening")
def open_text(
    lang: Lang, review: Annotated[Review, signed_in.item(intake.review, "slug")],
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(OpeningFields, typed)
    sent = form.data or OpeningFields()
    form.attempt(session, reports.open_text, session, actor, review, is_public=sent.is_public, version=sent.version)
    if form.current:
        raise Stale(form.current)
    return form.done(session, led_to(f"/{lang}/workspace/meetings/{review.meeting.slug}", said="saved"))


def _page(
    request: Request, person: SignedIn, lang: str, session: Session, meeting: Meeting, form: Form[ReportFields]
) -> Response:
    report = intake.report(session, meeting)
    is_final = report is not None and intake.has_accepted(session, report)
    return frame(
        request, person, "workspace/intake/report.html", lang,
        status=form.status, meeting=meeting, report=report, is_final=is_final, form=form,
    )  # fmt: skip
