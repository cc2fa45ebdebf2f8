"""Cutting one proposal into several: a page of its own, with a button at each place where it may be cut."""

from typing import Annotated

from fastapi import Path
from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.queries.intake import intake, review_page
from app.queries.intake.intake import Review
from app.services.intake import excerpts
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/meetings/{slug}/review/proposals/{proposal_id}/split")
ProposalId = Annotated[int, Path(ge=1, lt=2**31)]
Locked = Annotated[Review, signed_in.item(intake.review, "slug")]


class SplitFields(Fields):
    cut: tuple[int, ...] = ()
    words: Annotated[str, StringConstraints(max_length=1000)] = ""
    version: int | None = None


@router.get("")
def split_page(asked: Asked, slug: str, proposal_id: ProposalId) -> Response:
    review = intake.review(asked.session, asked.viewer, slug)
    return _page(asked, review, proposal_id, Form())


@router.post("")
def split(press: Press, slug: str, proposal_id: ProposalId, review: Locked) -> Response:
    def verb(sent: SplitFields) -> str:
        excerpts.split(*press.by, review, proposal_id, cuts=sent.cut, words=sent.words, version=sent.version)
        return led_to(f"/{press.lang}/workspace/meetings/{slug}/review#p{proposal_id}", "split", row=str(proposal_id))

    return press.attempt(SplitFields, verb, lambda form: _page(press, review, proposal_id, form))


def _page(asked: PageRequest, review: Review, proposal_id: int, form: Form[SplitFields]) -> Response:
    proposal = intake.proposal(asked.session, review.report, proposal_id)
    return frame(
        asked,
        "workspace/intake/split.html",
        status=form.status,
        review=review,
        proposal=proposal,
        cuts=review_page.cuts(review, proposal),
        form=form,
    )
