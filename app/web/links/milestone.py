"""One milestone's own page from a mail: reached, on track or blocked; the action it belongs to stays where it is."""

import datetime as dt
from typing import Any

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading, Typed, Writing
from app.domain.errors import Senseless
from app.domain.messages import N_, Message
from app.domain.workflow import MilestoneWord, Verb
from app.models.actions import Milestone
from app.queries.followup import update_keys
from app.queries.followup.update_keys import Expired, Opened
from app.services.followup import milestones
from app.web import mailed
from app.web.admission import MilestoneKey
from app.web.forms import Fields, Form
from app.web.page import local_today, page

router = routes.router("/{lang}/u/{milestone_token}/milestone")
_FIRST = frozenset({"", *MilestoneWord})


class Said(Fields):
    s: MilestoneWord | None = None
    done_on: dt.date | None = None
    note: str = Field("", max_length=4000)


@router.api_route("", methods=["GET", "HEAD"])
def show(request: Request, lang: Lang, milestone_token: str, session: Reading, s: str = "") -> Response:
    if s not in _FIRST:
        raise Senseless(Message(N_("There is no such answer. Choose one on the page.")), {})
    try:
        key, milestone = update_keys.of_milestone(session, milestone_token)
    except Expired:
        return page(request, "links/expired.html", lang, status=410, token=milestone_token, form=Form())
    return _ask(request, session, (lang, milestone_token), key, milestone, Form({"s": s}))


@router.post("")
def answer(
    request: Request, lang: Lang, milestone_token: str, opened: MilestoneKey, session: Writing, typed: Typed
) -> Response:
    form, (key, milestone) = Form.read(Said, typed), opened
    if (said := form.data) is None:
        return _ask(request, session, (lang, milestone_token), key, milestone, form)
    words = mailed.words(said.note, lang, of_milestone=said.s)
    about = session, mailed.actor(key), key.action, milestone
    done = form.attempt(session, milestones.answer, *about, words, said.done_on)
    if done is None:
        return _ask(request, session, (lang, milestone_token), key, milestone, form)
    return mailed.to_receipt(form, session, (lang, milestone_token), key, done)


def _ask(
    request: Request, session: Reading, way: tuple[str, str], key: Opened, milestone: Milestone, form: Form[Any]
) -> Response:
    lang, token = way
    is_open = milestone.done_on is None and Verb.REPORT in update_keys.possible(session, key)
    return page(
        request, "links/milestone.html", lang, status=form.status, token=token, key=key, form=form,
        choices=list(MilestoneWord) if is_open else [], latest=local_today(), **mailed.said(session, key),
    )  # fmt: skip
