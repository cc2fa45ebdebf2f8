"""Questions on the page of an action: asked, answered, and all of them on a page of their own."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.domain import permissions
from app.domain.errors import NotFound
from app.domain.questions import PARTS
from app.queries.followup import actions, questions
from app.queries.followup.actions import Judged
from app.queries.scope import visible
from app.queries.scope.viewers import SignedIn
from app.services.followup import questions as verbs
from app.web.workspace.followup.dossier import Act, ActionFields, FormsByPlace, Judging, acting
from app.web.workspace.frame import Asked, frame

router = routes.router("/{lang}/workspace/actions/{ref}/questions")
Id = Annotated[int, Path(ge=1, lt=2**31)]


class QuestionFields(ActionFields):
    text: str = Field("", max_length=4000)


def _of_question() -> Callable[[Request], Judging]:
    """Judged before anything is locked: whether this question exists, and whether it is theirs to answer."""

    def judged(asked: Request) -> Judging:
        def judge(session: Session, person: SignedIn, action: Judged) -> None:
            number = asked.path_params["question_id"]
            if not (number.isascii() and number.isdigit() and len(number) < 10):
                raise NotFound
            found = questions.get(session, action, int(number))
            verbs.require_answering(session, person.viewer, action, found)

        return judge

    return judged


@router.get("")
def show(asked: Asked, ref: str, after: str = "") -> Response:
    """The whole of it, for those who see the action with its notes."""
    action = actions.get(asked.session, asked.viewer, ref)
    if not visible.sight(asked.session, asked.viewer, action.id)[1]:
        raise NotFound
    held = permissions.parts(asked.viewer, actions.facts(asked.session, action))
    return frame(
        asked,
        "workspace/followup/all_questions.html",
        action=action,
        questions=questions.of_action(asked.session, asked.viewer, action, held, limit=questions.PAGE, after=after),
        after=after,
        forms_at=FormsByPlace(),
    )


@router.post("")
def ask(act: Annotated[Act, acting(*PARTS)]) -> Response:
    return act.carry_out("question", QuestionFields, lambda said: verbs.ask(*act.whom, text=said.text))


@router.post("/{question_id}/answers")
def answer(act: Annotated[Act, acting(*PARTS, judged=_of_question())], question_id: Id) -> Response:
    question = questions.get(act.session, act.action, question_id)
    return act.carry_out(
        f"answer_{question_id}", QuestionFields, lambda said: verbs.answer(*act.whom, question, text=said.text)
    )
