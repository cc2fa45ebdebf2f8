"""Letters about a question on an action: to the side that answers, and to the side that asked."""

from dataclasses import replace

from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.questions import Side
from app.mail import question_letters
from app.mail.letters import Reader
from app.models.actions import Action
from app.models.questions import QuestionNote
from app.queries.mailing import recipients
from app.queries.mailing.letters import item, post_line
from app.services.mailing.letters.acts import MOVED_ON, NOT_CONCERNED, NOT_HOLDER, any_state, at_desk, open_action
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import question_key

ANSWERED = N_("The question has an answer already")


def asked(case: Case) -> question_letters.QuestionAsked:
    action, question = unanswered(case)
    told = item(case.session, action.id, case.lang, case.today)
    post = _post(case, question)
    return question_letters.QuestionAsked(
        to=_as(case, question.side.other, post, told.programme),
        today=case.today,
        item=told,
        asked_by=question.side,
        asker=post,
        text=question.text,
        key=question_key(case, question),
    )


def answered(case: Case) -> question_letters.QuestionAnswered:
    action, question, answer = still_theirs(case)
    told = item(case.session, action.id, case.lang, case.today)
    post = _post(case, question)
    return question_letters.QuestionAnswered(
        to=_as(case, question.side, post, told.programme),
        today=case.today,
        item=told,
        asked_by=question.side,
        answerer=post,
        question=question.text,
        text=answer.text,
    )


def unanswered(case: Case) -> tuple[Action, QuestionNote]:
    """While somebody waits for it, to those who may answer it now."""
    action, question = open_action(case), _note(case)
    if question.lapsed_at is not None:
        raise NoLongerWanted(MOVED_ON)
    if question.answered_at is not None:
        raise NoLongerWanted(ANSWERED)
    _require(case, question.side.other, action, question)
    return action, question


def still_theirs(case: Case) -> tuple[Action, QuestionNote, QuestionNote]:
    """Whatever became of the action, to the side that asked: who has left it hears nothing internal any more."""
    action, answer = any_state(case), _note(case)
    question = case.session.get_one(QuestionNote, answer.question_id)
    _require(case, question.side, action, question)
    return action, question, answer


def _require(case: Case, side: Side, action: Action, question: QuestionNote) -> None:
    person_id = case.envelope.person_id
    if side is Side.SECRETARIAT:
        if person_id not in recipients.secretariat(case.session, action.programme_id):
            raise NoLongerWanted(NOT_CONCERNED)
    elif question.post_id != action.owner_post_id or not recipients.is_seated(
        case.session, question.post_id, person_id
    ):
        raise NoLongerWanted(NOT_HOLDER)


def _as(case: Case, side: Side, post: str, programme: str) -> Reader:
    return at_desk(case, Role.SECRETARIAT, [programme]) if side is Side.SECRETARIAT else replace(case.to, post=post)


def _post(case: Case, question: QuestionNote) -> str:
    return " · ".join(post_line(case.session, question.post_id, case.lang))


def _note(case: Case) -> QuestionNote:
    return case.session.get_one(QuestionNote, case.envelope.number("note_id"))
