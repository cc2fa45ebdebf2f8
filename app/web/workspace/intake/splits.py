"""Cutting one proposal into several: a page of its own, with a button at each place where it may be cut."""

from typing import Annotated

from fastapi import Path, Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app import routes, signed_in
from app.deps import Lang, Reading, Typed, Writing
from app.queries.intake import intake, review_page
from app.queries.intake.intake import Review
from app.queries.scope.viewers import SignedIn
from app.services.intake import excerpts
from app.signed_in import CurrentActor, CurrentPerson
from app.web.forms import Fields, Form
from app.web.page import led_to
from app.web.workspace.frame import frame

router = routes.router("/{lang}/workspace/meetings/{slug}/review/proposals/{proposal_id}/split")
ProposalId = Annotated[int, Path(ge=1, lt=2**31)]
Locked = Annotated[Review, signed_in.item(intake.review, "slug")]


class SplitFields(Fields):
    cut: tuple[int, ...] = ()
    words: Annotated[str, StringConstraints(max_length=1000)] = ""
    version: int | None = None


@router.get("")
def split_page(
    request: Request, lang: Lang, slug: str, proposal_id: ProposalId, person: CurrentPerson, session: Reading
) -> Response:
    review = intake.review(session, person.viewer, slug)
    return _page(request, person, lang, session, review, proposal_id, Form())


@router.post("")
def split(
    request: Request, lang: Lang, slug: str, proposal_id: ProposalId, review: Locked,
    person: CurrentPerson, actor: CurrentActor, session: Writing, typed: Typed,
) -> Response:  # fmt: skip
    form = Form.read(SplitFields, typed)
    sent = form.data or SplitFields()
    form.attempt(
        session, excerpts.split, session, actor, review, proposal_id,
        cuts=sent.cut, words=sent.words, version=sent.version,
    )  # fmt: skip
    if form.ok:
        back = f"/{lang}/workspace/meetings/{slug}/review#p{proposal_id}"
        return form.done(session, led_to(back, "split", row=str(proposal_id)))
    return _page(request, person, lang, session, review, proposal_id, form)


def _page(
    request: Request,
    person: SignedIn,
    lang: str,
    session: Session,
    review: Review,
    proposal_id: int,
    form: Form[SplitFields],
) -> Response:
    proposal = intake.proposal(session, review.report, proposal_id)
    return frame(
        request, person, "workspace/intake/split.html", lang,
        status=form.status, review=review, proposal=proposal, cuts=review_page.cuts(review, proposal), form=form,
    )  # fmt: skip
