"""The review of what a report proposes: accept, correct, drop, restore, split, merge, add, undo; each a plain form."""

import datetime as dt
from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.queries.intake import intake, review_page
from app.queries.intake.intake import Review
from app.queries.scope.viewers import SignedIn
from app.services.intake import excerpts, review_steps, reviews
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to, see_other
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/meetings/{slug}/review")
ProposalId = Annotated[int, Path(ge=1, lt=2**31)]
Number = Annotated[int | None, Query(ge=1, lt=2**31)]
Line = Annotated[str, StringConstraints(max_length=1000)]
Tick = Annotated[str, StringConstraints(pattern=r"^\d{1,9}\.\d{1,9}$")]  # row and version


Locked = Annotated[Review, signed_in.item(intake.review, "slug")]


class RowFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)
    owner_post_id: int | None = None
    due_on: dt.date | None = None
    done_when: Line = ""
    is_past: bool = False
    go: bool = False  # on to the next one to decide
    to_id: int | None = None  # on to this one
    version: int | None = None


class ReasonFields(Fields):
    reason: Line = ""
    version: int | None = None


class MergeFields(Fields):
    rows: tuple[Tick, ...] = ()

    @property
    def chosen(self) -> list[tuple[int, int | None]]:
        return [(int(row), int(version)) for row, version in (tick.split(".") for tick in self.rows)]


class AdditionFields(Fields):
    sentence: int | None = None
    start: int | None = None
    end: int | None = None
    words: Annotated[str, Field(max_length=100_000)] = ""
    version: int | None = None

    @property
    def chosen(self) -> tuple[int, int] | None:
        return None if self.start is None or self.end is None else (self.start, self.end)


class UndoFields(Fields):
    step: int | None = None


@router.get("")
def review(
    request: Request, lang: Lang, slug: str, person: CurrentPerson, session: Reading,
    row: Number = None, part: Number = None,
) -> Response:  # fmt: skip
    meeting = intake.meeting(session, person.viewer, slug)
    report = intake.report(session, meeting)
    if report is None:
        return see_other(f"/{lang}/workspace/meetings/{meeting.slug}/report")
    return _page(request, person, lang, session, Review(meeting, report), row=row, part=part)


@router.post("/proposals/{proposal_id}")
def edit(
    request: Request, lang: Lang, proposal_id: ProposalId, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(RowFields, typed)
    sent = form.data or RowFields()
    is_changed = form.attempt(
        session, reviews.edit, session, actor, review, proposal_id,
        titles=sent.titles, owner_post_id=sent.owner_post_id, due_on=sent.due_on,
        done_when=sent.done_when, version=sent.version,
    )  # fmt: skip
    if form.ok:
        return form.done(session, _at(lang, review, sent.to_id or proposal_id, "saved" if is_changed else ""))
    return _page(request, person, lang, session, review, row=proposal_id, row_form=form)


@router.post("/proposals/{proposal_id}/acceptance")
def accept(
    request: Request, lang: Lang, proposal_id: ProposalId, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(RowFields, typed)
    sent = form.data or RowFields()
    form.attempt(
        session, reviews.accept, session, actor, review, proposal_id,
        titles=sent.titles, owner_post_id=sent.owner_post_id, due_on=sent.due_on, is_past=sent.is_past,
        done_when=sent.done_when, version=sent.version,
    )  # fmt: skip
    if form.ok:
        row = review_page.following(session, review, proposal_id) if sent.go else proposal_id
        return form.done(session, _at(lang, review, row, "accepted"))
    return _page(request, person, lang, session, review, row=proposal_id, row_form=form)


@router.post("/proposals/{proposal_id}/drop")
def drop(
    request: Request, lang: Lang, proposal_id: ProposalId, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(ReasonFields, typed)
    sent = form.data or ReasonFields()
    form.attempt(session, reviews.drop, session, actor, review, proposal_id, reason=sent.reason, version=sent.version)
    if form.ok:
        return form.done(session, _at(lang, review, proposal_id, "dropped"))
    return _page(request, person, lang, session, review, row=proposal_id, drop_form=form)


@router.post("/proposals/{proposal_id}/restoration")
def restore(
    request: Request, lang: Lang, proposal_id: ProposalId, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(ReasonFields, typed)
    version = form.data.version if form.data else None
    form.attempt(session, reviews.restore, session, actor, review, proposal_id, version=version)
    if form.ok:
        return form.done(session, _at(lang, review, proposal_id, "restored"))
    return _page(request, person, lang, session, review, row=proposal_id, page_form=form)


@router.post("/merges")
def merge(
    request: Request, lang: Lang, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(MergeFields, typed)
    chosen = form.data.chosen if form.data else []
    merged = form.attempt(session, excerpts.merge, session, actor, review, chosen)
    if merged is not None:
        return form.done(session, _at(lang, review, merged, "merged"))
    return _page(request, person, lang, session, review, page_form=form)


@router.post("/additions")
def add(
    request: Request, lang: Lang, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(AdditionFields, typed)
    sent = form.data or AdditionFields()
    added = form.attempt(
        session, excerpts.add, session, actor, review,
        sentence=sent.sentence, chosen=sent.chosen, words=sent.words, version=sent.version,
    )  # fmt: skip
    if added is not None:
        return form.done(session, _at(lang, review, added.id, "added"))
    return _page(request, person, lang, session, review, add_form=form)


@router.post("/undo")
def undo(
    request: Request, lang: Lang, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(UndoFields, typed)
    act = form.attempt(session, review_steps.undo, session, actor, review, seen=form.data.step if form.data else None)
    if act is not None:
        stands_again = min(intake.touched(act) - set(act.made), default=None)
        return form.done(session, _at(lang, review, stands_again, f"undone_{act.verb}"))
    return _page(request, person, lang, session, review, page_form=form)


def _at(lang: str, review: Review, row: int | None, said: str) -> str:
    base = f"/{lang}/workspace/meetings/{review.meeting.slug}/review"
    return led_to(base, said) if row is None else led_to(f"{base}#p{row}", said, row=str(row))


def _page(
    request: Request,
    person: SignedIn,
    lang: str,
    session: Session,
    review: Review,
    *,
    row: int | None = None,
    part: int | None = None,
    row_form: Form[RowFields] | None = None,
    drop_form: Form[ReasonFields] | None = None,
    add_form: Form[AdditionFields] | None = None,
    page_form: Form[MergeFields] | Form[ReasonFields] | Form[UndoFields] | None = None,
) -> Response:
    """With what was refused, where it was typed; `form` is whichever says what is wrong above the page."""
    failed = row_form or drop_form or add_form or page_form
    desk = review_page.desk(session, review, row, part)
    stands = desk.open.proposal if desk.open and failed and failed.current else None
    return frame(
        request, person, "workspace/intake/review.html", lang,
        status=failed.status if failed else 200, review=review, desk=desk, form=failed,
        row_form=row_form or Form(), drop_form=drop_form or Form(), add_form=add_form or Form(), once=Form().once,
        touch=intake.last_touch(session, review.report, stands.id) if stands else None,
    )  # fmt: skip
