"""The review of what a report proposes: accept, correct, drop, restore, split, merge, add, undo; each a plain form."""

import datetime as dt
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.queries.intake import intake, review_page
from app.queries.intake.intake import Review
from app.services.intake import excerpts, reviews
from app.web.forms import Fields, Form
from app.web.page import led_to, see_other
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/meetings/{slug}/review")
ProposalId = Annotated[int, Path(ge=1, lt=2**31)]
Number = Annotated[int | None, Query(ge=1, lt=2**31)]
Line = Annotated[str, StringConstraints(max_length=1000)]
Tick = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}$")]  # row and version


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


class DecisionFields(Fields):
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
def review(asked: Asked, slug: str, row: Number = None, part: Number = None) -> Response:
    meeting = intake.meeting(asked.session, asked.viewer, slug)
    report = intake.report(asked.session, meeting)
    if report is None:
        return see_other(f"/{asked.lang}/workspace/meetings/{meeting.slug}/report")
    return _page(asked, Review(meeting, report), row=row, part=part)


@router.post("/proposals/{proposal_id}")
def edit(press: Press, proposal_id: ProposalId, review: Locked) -> Response:
    def verb(sent: RowFields) -> str:
        row = sent.model_dump(exclude={"go", "to_id", "is_past"})
        is_changed = reviews.edit(*press.by, review, proposal_id, **row)
        return _at(press.lang, review, sent.to_id or proposal_id, "saved" if is_changed else "")

    return press.attempt(RowFields, verb, lambda form: _page(press, review, row=proposal_id, row_form=form))


@router.post("/proposals/{proposal_id}/acceptance")
def accept(press: Press, proposal_id: ProposalId, review: Locked) -> Response:
    def verb(sent: RowFields) -> str:
        reviews.accept(*press.by, review, proposal_id, **sent.model_dump(exclude={"go", "to_id"}))
        row = review_page.following(press.session, review, proposal_id) if sent.go else proposal_id
        return _at(press.lang, review, row, "accepted")

    return press.attempt(RowFields, verb, lambda form: _page(press, review, row=proposal_id, row_form=form))


@router.post("/proposals/{proposal_id}/drop")
def drop(press: Press, proposal_id: ProposalId, review: Locked) -> Response:
    def verb(sent: DecisionFields) -> str:
        reviews.drop(*press.by, review, proposal_id, reason=sent.reason, version=sent.version)
        return _at(press.lang, review, proposal_id, "dropped")

    return press.attempt(DecisionFields, verb, lambda form: _page(press, review, row=proposal_id, drop_form=form))


@router.post("/proposals/{proposal_id}/restoration")
def restore(press: Press, proposal_id: ProposalId, review: Locked) -> Response:
    def verb(sent: DecisionFields) -> str:
        reviews.restore(*press.by, review, proposal_id, version=sent.version)
        return _at(press.lang, review, proposal_id, "restored")

    return press.attempt(DecisionFields, verb, lambda form: _page(press, review, row=proposal_id, page_form=form))


@router.post("/merges")
def merge(press: Press, review: Locked) -> Response:
    def verb(sent: MergeFields) -> str:
        return _at(press.lang, review, excerpts.merge(*press.by, review, sent.chosen), "merged")

    return press.attempt(MergeFields, verb, lambda form: _page(press, review, page_form=form))


@router.post("/additions")
def add(press: Press, review: Locked) -> Response:
    def verb(sent: AdditionFields) -> str:
        added = excerpts.add(
            *press.by, review, sentence=sent.sentence, chosen=sent.chosen, words=sent.words, version=sent.version
        )
        return _at(press.lang, review, added.id, "added")

    return press.attempt(AdditionFields, verb, lambda form: _page(press, review, add_form=form))


@router.post("/undo")
def undo(press: Press, review: Locked) -> Response:
    def verb(sent: UndoFields) -> str:
        act = reviews.undo(*press.by, review, seen=sent.step)
        stands_again = min(intake.touched(act) - set(act.made), default=None)
        return _at(press.lang, review, stands_again, f"undone_{act.verb}")

    return press.attempt(UndoFields, verb, lambda form: _page(press, review, page_form=form))


def _at(lang: str, review: Review, row: int | None, said: str) -> str:
    base = f"/{lang}/workspace/meetings/{review.meeting.slug}/review"
    return led_to(base, said) if row is None else led_to(f"{base}#p{row}", said, row=str(row))


def _page(
    asked: PageRequest,
    review: Review,
    *,
    row: int | None = None,
    part: int | None = None,
    row_form: Form[RowFields] | None = None,
    drop_form: Form[DecisionFields] | None = None,
    add_form: Form[AdditionFields] | None = None,
    page_form: Form[MergeFields] | Form[DecisionFields] | Form[UndoFields] | None = None,
) -> Response:
    """With what was refused, where it was typed; `form` is whichever says what is wrong above the page."""
    failed = row_form or drop_form or add_form or page_form
    desk = review_page.desk(asked.session, review, row, part)
    stands = desk.open.proposal if desk.open and failed and failed.current else None
    return frame(
        asked,
        "workspace/intake/review.html",
        status=failed.status if failed else 200,
        review=review,
        desk=desk,
        form=failed,
        row_form=row_form or Form(),
        drop_form=drop_form or Form(),
        add_form=add_form or Form(),
        once=Form().once,
        touch=intake.last_touch(asked.session, review.report, stands.id) if stands else None,
    )
