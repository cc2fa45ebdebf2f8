"""Where proposals stand in the report: added by hand, split at a cut, merged. The words are always the report's own."""

import re
from collections.abc import Sequence

from sqlmodel import Session

from app.domain import excerpts
from app.domain.errors import Refused
from app.domain.excerpts import Place, Places
from app.domain.messages import N_
from app.intake.page import page
from app.intake.sentences import sentences, snap_to_words
from app.models.intake import Origin, Proposal
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.intake.reports import title_of
from app.services.intake.reviews import FIELDS, require_open, step
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect


def add(
    session: Session,
    actor: Actor,
    review: Review,
    *,
    sentence: int | None = None,
    chosen: Place | None = None,
    words: str = "",
    version: int | None = None,
) -> Proposal:
    """A proposal by hand: a sentence by its number, a choice of characters (grown to whole words), or pasted words."""
    expect(review.report, version, ("lang",))
    place = _asked_place(session, review, sentence, chosen, words)
    if any(intake.places(other) == (place,) for other in intake.proposals(session, review.report)):
        raise Refused(N_("These words are in the list already"), "words")
    start, end = place
    with step(session, actor, review, "add", place=[start, end]) as made:
        proposal = Proposal(
            report_id=review.report.id,
            start=start,
            end=end,
            titles=title_of(review.report, review.report.text[start:end]),
            origin=Origin.HAND,
        )
        made.append(proposal)
    return proposal


def split(
    session: Session,
    actor: Actor,
    review: Review,
    proposal_id: int,
    *,
    cuts: Sequence[int] = (),
    words: str = "",
    version: int | None = None,
) -> list[int]:
    """One becomes several, cut at these offsets or before these words; the first piece keeps the row."""
    proposal = intake.proposal(session, review.report, proposal_id)
    expect(proposal, version, FIELDS)
    require_open(proposal)
    if words.strip():
        cuts = [*cuts, _start_of(review.report.text, intake.places(proposal), words)]
    pieces = excerpts.parted(review.report.text, intake.places(proposal), cuts)
    if len(pieces) < 2:
        raise Refused(N_("Choose where to cut: words must be left on both sides"), "words")
    with step(session, actor, review, "split", proposal, cuts=list(cuts)) as made:
        made += [_piece(review, proposal, piece) for piece in pieces[1:]]
        _move(review, proposal, pieces[0])
        proposal.origin = Origin.SPLIT
    return [proposal.id, *(piece.id for piece in made)]


def merge(session: Session, actor: Actor, review: Review, chosen: Sequence[tuple[int, int | None]]) -> int:
    """Several rows, each with the version that was seen, become the first of them, at all their places."""
    rows = [(intake.proposal(session, review.report, number), version) for number, version in dict(chosen).items()]
    for proposal, version in rows:
        expect(proposal, version, FIELDS)
        require_open(proposal)
    if len(rows) < 2:
        raise Refused(N_("Tick at least two proposals to merge them"), "rows")
    first, *others = sorted((proposal for proposal, _ in rows), key=lambda item: (item.start, item.id))
    with step(session, actor, review, "merge", first, *others):
        _move(review, first, excerpts.joined(place for item in (first, *others) for place in intake.places(item)))
        first.origin = Origin.MERGE
        for other in others:
            _inherit(first, other)
            session.delete(other)
    return first.id


def find(text: str, words: str) -> list[Place]:
    """Where the words stand, whatever their blanks, vowel signs, accents and kinds of alef."""
    parts = [re.escape(part) for part in page(words).plain.split()]
    if not parts:
        return []
    sheet = page(text)
    spans = (sheet.original(*match.span()) for match in re.finditer(r"\s+".join(parts), sheet.plain))
    return [(span.start, span.end) for span in spans]


def _asked_place(session: Session, review: Review, sentence: int | None, chosen: Place | None, words: str) -> Place:
    text = review.report.text
    if sentence is not None:
        spans = sentences(text)
        if not 0 <= sentence < len(spans):
            raise Refused(N_("This sentence is not in the report any more. Open the page again."))
        return spans[sentence].start, spans[sentence].end
    if chosen is not None:
        span = snap_to_words(text, *chosen)
        if span.start < span.end:
            return span.start, span.end
        raise Refused(N_("Select at least one word of the report"), "words")
    found = [(span.start, span.end) for span in (snap_to_words(text, *place) for place in find(text, words))]
    taken = {place for other in intake.proposals(session, review.report) for place in intake.places(other)}
    if not found:
        raise Refused(N_("These words are not in the report. Copy them from it and paste them here."), "words")
    return next((place for place in found if place not in taken), found[0])


def _start_of(text: str, places: Places, words: str) -> int:
    inside = (start for start, end in find(text, words) if any(a < start and end <= b for a, b in places))
    cut = next(inside, None)
    if cut is None:
        raise Refused(N_("These words are not inside the proposal. Copy them from it."), "words")
    return snap_to_words(text, cut, cut + 1).start


def _piece(review: Review, whole: Proposal, places: Places) -> Proposal:
    """Who is charged and by when was said once for all the pieces."""
    piece = Proposal(
        report_id=whole.report_id,
        start=places[0][0],
        end=places[0][1],
        owner_text=whole.owner_text,
        deadline_text=whole.deadline_text,
        due_on=whole.due_on,
        owner_post_id=whole.owner_post_id,
        confidence=whole.confidence,
        origin=Origin.SPLIT,
    )
    _move(review, piece, places)
    return piece


def _move(review: Review, proposal: Proposal, places: Places) -> None:
    """Other words need another title; what had been written in other languages was on the old words."""
    (proposal.start, proposal.end), *more = places
    proposal.more = [list(place) for place in more]
    proposal.titles = title_of(review.report, excerpts.quoted(review.report.text, places))


def _inherit(first: Proposal, other: Proposal) -> None:
    first.owner_text = first.owner_text or other.owner_text
    first.deadline_text = first.deadline_text or other.deadline_text
    first.due_on = first.due_on or other.due_on
    first.owner_post_id = first.owner_post_id or other.owner_post_id
    first.done_when = first.done_when or other.done_when
