"""All that the review page shows at once: the text with its marks, the rows, the open one with what it may choose."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.domain.messages import N_, Message
from app.intake.sentences import clauses, sentences
from app.models.intake import Proposal, ProposalState, ReviewAct
from app.queries.intake import highlights, intake
from app.queries.intake.highlights import MarkedText, Numbered, Stretch
from app.queries.intake.intake import Review
from app.queries.setup import choices
from app.queries.setup.choices import PostChoice

_UNDO = {
    "edit": N_("Undo the correction of proposal %(first)s"),
    "drop": N_("Undo the dropping of proposal %(first)s"),
    "restore": N_("Undo the restoring of proposal %(first)s"),
    "add": N_("Undo the adding of proposal %(first)s"),
    "merge": N_("Undo the merging into proposal %(first)s"),
    "split": N_("Undo the splitting into proposals %(first)s to %(last)s"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal with its number on the page, the words it stands for, and the reference it was given."""

    proposal: Proposal
    number: int
    words: tuple[str, ...]
    ref: str | None


@dataclass(frozen=True, slots=True)
class Undoable:
    """The step that undoing takes back, and the button's word for it: it names that very step, not the last press."""

    step: int
    word: Message


@dataclass(frozen=True, slots=True)
class ReviewPage:
    rows: list[Row]
    open: Row | None
    previous: int | None
    next: int | None
    counts: dict[ProposalState, int]
    part: Stretch
    parts: list[Stretch]
    pieces: list[MarkedText]
    posts: list[PostChoice]
    meant: list[PostChoice]  # by the report's words on who is charged
    undoable: Undoable | None


def desk(session: Session, review: Review, row: int | None = None, part: int | None = None) -> ReviewPage:
    """The row that was asked for is open, else the first one to be decided; the text shows the part that holds it."""
    rows = _rows(session, review)
    opened = _opened(rows, row)
    at = rows.index(opened) if opened else 0
    spans = sentences(review.report.text)
    parts = highlights.parts(review.report.text, spans)
    shown = _shown(parts, opened, part)
    numbered = [Numbered(r.proposal.id, r.number, r.proposal.state, intake.places(r.proposal)) for r in rows]
    posts = choices.posts(session)
    return ReviewPage(
        rows=rows,
        open=opened,
        previous=rows[at - 1].proposal.id if opened and at > 0 else None,
        next=rows[at + 1].proposal.id if opened and at + 1 < len(rows) else None,
        counts=Counter(row.proposal.state for row in rows),
        part=shown,
        parts=parts,
        pieces=highlights.pieces(review.report.text, shown, spans, numbered),
        posts=posts,
        meant=choices.meant(posts, opened.proposal.owner_text) if opened else [],
        undoable=_undoable(intake.undoable(session, review.report), rows),
    )


def following(session: Session, review: Review, proposal_id: int) -> int:
    """The next one to be decided behind this one, else the first of all, else this one."""
    rows = intake.proposals(session, review.report)
    ids = [row.id for row in rows]
    at = ids.index(proposal_id) + 1 if proposal_id in ids else 0
    waiting = (row.id for row in [*rows[at:], *rows[:at]] if row.state is ProposalState.PROPOSED)
    return next(waiting, proposal_id)


def cuts(review: Review, proposal: Proposal) -> list[tuple[int, str]]:
    """The clauses of a proposal, each with the offset where it begins: it can be cut before every one but the first."""
    text = review.report.text
    found = [span for place in intake.places(proposal) for span in clauses(text, *place)]
    return [(span.start, text[span.start : span.end].strip()) for span in found]


def _undoable(act: ReviewAct | None, rows: Sequence[Row]) -> Undoable | None:
    """With the numbers that the page gives to what the step left behind."""
    if act is None:
        return None
    left = [row.number for row in rows if row.proposal.id in intake.touched(act)]
    return Undoable(act.id, Message(_UNDO[act.verb], first=left[0], last=left[-1]))


def _rows(session: Session, review: Review) -> list[Row]:
    given = intake.references(session, review.report)
    text = review.report.text
    return [
        Row(
            proposal,
            number,
            tuple(text[start:end] for start, end in intake.places(proposal)),
            given.get(proposal.recommendation_id or 0),
        )
        for number, proposal in enumerate(intake.proposals(session, review.report), start=1)
    ]


def _opened(rows: Sequence[Row], wanted: int | None) -> Row | None:
    asked = (row for row in rows if row.proposal.id == wanted)
    waiting = (row for row in rows if row.proposal.state is ProposalState.PROPOSED)
    return next(asked, None) or next(waiting, None) or (rows[0] if rows else None)


def _shown(parts: Sequence[Stretch], opened: Row | None, wanted: int | None) -> Stretch:
    if wanted is not None and 0 < wanted <= len(parts):
        return parts[wanted - 1]
    at = opened.proposal.start if opened else 0
    return next((part for part in reversed(parts) if part.start <= at), parts[0])
