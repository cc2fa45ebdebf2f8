"""Asked and answered: a question to the other side of an action, told at once; nothing else of the action moves."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import permissions, texts
from app.domain import questions as rules
from app.domain.errors import NotAllowed, Refused
from app.domain.messages import N_
from app.domain.permissions import Viewer
from app.domain.questions import Side
from app.domain.workflow import Verb
from app.models.actions import Action
from app.models.notifications import UpdateLink
from app.models.questions import QuestionNote
from app.queries.followup import questions
from app.queries.followup.actions import Judged, facts
from app.queries.mailing import recipients
from app.services.kernel import audit, outbox
from app.services.kernel.audit import Actor


def ask(session: Session, actor: Actor, action: Action, *, text: str) -> QuestionNote:
    """By its owner to the secretariat, or the other way round; whoever is both asks as the owner."""
    side = rules.asks_as(permissions.parts(actor.viewer, facts(session, action)))
    if side is None:
        raise NotAllowed
    asked = _write(session, actor, action, side, _said(action, text, N_("Write the question")))
    audit.record(session, actor, "ask_question", "action", action.id, action.programme_id, note_id=asked.id)
    _tell_who_answers(session, actor, asked, f"n{asked.id}")
    return asked


def answer(session: Session, actor: Actor, action: Action, question: QuestionNote, *, text: str) -> QuestionNote:
    """By the other side, and added to as often as it likes: the first answer ends the waiting."""
    require_answering(session, actor.viewer, action, question)
    said = _said(action, text, N_("Write the answer"))
    if question.lapsed_at is not None:
        raise Refused(rules.NOT_NOW)
    given = _write(session, actor, action, question.side.other, said, question)
    question.answered_at = question.answered_at or given.at
    audit.record(session, actor, "answer_question", "action", action.id, action.programme_id, note_id=given.id)
    for person_id in _asking(session, question) - {actor.person_id}:
        _enqueue(session, "question_answered", person_id, given, f"n{given.id}")
    return given


def require_answering(session: Session, viewer: Viewer, action: Action | Judged, question: QuestionNote) -> None:
    """Raises NotAllowed unless it is theirs to answer, whatever has become of it."""
    if not questions.may_answer(viewer, facts(session, action), question):
        raise NotAllowed


def follow(session: Session, actor: Actor, action: Action, verb: Verb) -> None:
    """Called after every move; one statement where the verb can end the waiting, or give it to another post."""
    if verb not in rules.MAY_END:
        return
    for question in session.scalars(_OPEN, {"action_id": action.id}):
        is_with_its_post = question.post_id == action.owner_post_id
        if rules.lapses(action.state, question.side, is_with_its_post=is_with_its_post):
            question.lapsed_at = clock.now()
        elif not is_with_its_post:
            question.post_id = action.owner_post_id or question.post_id
            _tell_who_answers(session, actor, question, f"n{question.id}-p{question.post_id}")


def ask_again(session: Session, link: UpdateLink, period: str) -> None:
    """A fresh key to a question, to whoever had the old one; whether it is still theirs is asked before it leaves."""
    question = session.get_one(QuestionNote, link.question_id)
    _enqueue(session, "question_asked", link.person_id, question, period)


def _said(action: Action, text: str, missing: str) -> str:
    if action.state not in rules.ASKABLE:
        raise Refused(rules.NOT_NOW)
    said = texts.many_lines(text)
    if not said:
        raise Refused(missing, "text")
    return said


def _write(
    session: Session, actor: Actor, action: Action, side: Side, text: str, question: QuestionNote | None = None
) -> QuestionNote:
    post_id = question.post_id if question else action.owner_post_id
    note = QuestionNote(
        action_id=action.id, programme_id=action.programme_id, post_id=post_id or 0, side=side, text=text,
        question_id=question.id if question else None, person_id=actor.person_id, at=clock.now(), via=actor.via,
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note


def _tell_who_answers(session: Session, actor: Actor, question: QuestionNote, period: str) -> None:
    """Whoever holds the post, or all of the secretariat."""
    people: Iterable[int | None] = recipients.secretariat(session, question.programme_id)
    if question.side is Side.SECRETARIAT:
        people = [recipients.holder(session, question.post_id)]
    for person_id in people:
        if person_id is not None and person_id != actor.person_id:
            _enqueue(session, "question_asked", person_id, question, period)


def _asking(session: Session, question: QuestionNote) -> set[int | None]:
    """Who waits for the answer: whoever asked for the secretariat while they belong to it, or the post."""
    if question.side is Side.OWNER:
        return {recipients.holder(session, question.post_id)} - {None}
    secretariat = set(recipients.secretariat(session, question.programme_id))
    return {question.person_id} & secretariat or {*secretariat}


def _enqueue(session: Session, kind: str, person_id: int | None, note: QuestionNote, period: str) -> None:
    if person_id is not None:
        outbox.enqueue(session, kind, person_id, period, about=("action", note.action_id), note_id=note.id)


_OPEN = sa.select(QuestionNote).where(
    col(QuestionNote.action_id) == sa.bindparam("action_id"),
    *questions.IS_OPEN,
)
