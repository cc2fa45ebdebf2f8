"""One question's own page from a mail: read, and answered in a line; the action it is about stays where it is."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.models.updates import Via
from app.queries.followup import question_keys
from app.queries.followup.question_keys import OpenedQuestion
from app.queries.followup.update_keys import Expired
from app.routes import later
from app.services.followup import questions
from app.services.kernel.audit import Actor
from app.web.admission import QuestionKey
from app.web.forms import Fields, Form
from app.web.page import page

router = routes.router("/{lang}/u/{question_token}/question")


class KeyAnswerFields(Fields):
    text: str = Field("", max_length=4000)


@router.api_route("", methods=["GET", "HEAD"])
def show(request: Request, lang: Lang, question_token: str, session: Reading) -> Response:
    try:
        key = question_keys.opened(session, question_token)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=question_token, form=Form())
    return _ask(request, lang, question_token, key, Form())


def _key(question_token: str) -> QuestionKey:
    return QuestionKey(question_token)


@router.post("")
def answer(
    request: Request,
    lang: Lang,
    question_token: str,
    key: Annotated[OpenedQuestion, later(_key)],
    session: Writing,
    typed: Typed,
) -> Response:
    def verb(said: KeyAnswerFields) -> str:
        actor = Actor(key.viewer, Via.MAIL_LINK)
        questions.answer(session, actor, key.action, key.question, text=said.text)
        return f"/{lang}/u/{question_token}/question?said=recorded"

    def again(form: Form[KeyAnswerFields]) -> Response:
        return _ask(request, lang, question_token, key, form)

    return Form.read(KeyAnswerFields, typed).carry_out(session, verb, again, hidden=question_token)


def _ask(request: Request, lang: str, token: str, key: OpenedQuestion, form: Form[Any]) -> Response:
    return page(request, "links/question.html", lang, status=form.status, token=token, key=key, form=form)
