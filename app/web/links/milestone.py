"""One milestone's own page from a mail: reached, on track or blocked; the action it belongs to stays where it is."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import InvalidQuery
from app.domain.messages import N_, Message
from app.domain.workflow import MilestoneWord, Verb
from app.models.actions import Milestone
from app.queries.followup import update_keys
from app.queries.followup.update_keys import Expired, OpenedKey
from app.routes import later
from app.services.followup import milestones
from app.web import mailed
from app.web.admission import MilestoneKey
from app.web.forms import Fields, Form
from app.web.page import local_today, page

router = routes.router("/{lang}/u/{milestone_token}/milestone")
_FIRST = frozenset({"", *MilestoneWord})
# Of an action whose key the mail carries; a milestone's own key opens that one alone.
Asked = Annotated[int | None, Query(ge=1, lt=2**31)]


class KeyMilestoneFields(Fields):
    s: MilestoneWord | None = None
    done_on: dt.date | None = None
    note: str = Field("", max_length=4000)


@router.api_route("", methods=["GET", "HEAD"])
def show(
    request: Request, lang: Lang, milestone_token: str, session: Reading, s: str = "", m: Asked = None
) -> Response:
    if s not in _FIRST:
        raise InvalidQuery(Message(N_("There is no such answer. Choose one on the page.")), {})
    try:
        key, milestone = update_keys.of_milestone(session, milestone_token, m)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=milestone_token, form=Form())
    return _ask(request, session, (lang, milestone_token), key, milestone, Form({"s": s}))


def _key(milestone_token: str, m: Asked = None) -> MilestoneKey:
    return MilestoneKey(milestone_token, m)


@router.post("")
def answer(
    request: Request,
    lang: Lang,
    milestone_token: str,
    opened: Annotated[tuple[OpenedKey, Milestone], later(_key)],
    session: Writing,
    typed: Typed,
) -> Response:
    way, (key, milestone) = (lang, milestone_token), opened

    def verb(said: KeyMilestoneFields) -> str:
        words = mailed.words(said.note, lang, of_milestone=said.s)
        done = milestones.answer(session, mailed.actor(key), key.action, milestone, words, said.done_on)
        return mailed.way_to_receipt(session, way, key, done)

    form = Form.read(KeyMilestoneFields, typed)
    return form.carry_out(
        session, verb, lambda form: _ask(request, session, way, key, milestone, form), hidden=milestone_token
    )


def _ask(
    request: Request, session: Reading, way: tuple[str, str], key: OpenedKey, milestone: Milestone, form: Form[Any]
) -> Response:
    lang, token = way
    is_open = milestone.done_on is None and Verb.REPORT in update_keys.possible(session, key)
    return page(
        request, "links/milestone.html", lang, status=form.status, token=token, key=key, form=form,
        choices=list(MilestoneWord) if is_open else [], latest=local_today(), **mailed.said(session, key),
    )  # fmt: skip
