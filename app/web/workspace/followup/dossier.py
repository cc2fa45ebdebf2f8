"""The page of one action, and the one way in which every form on it is carried out or shown again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.config import settings
from app.deps import Lang, Typed
from app.domain import answers, permissions, verbs
from app.domain.messages import Message
from app.domain.on_behalf import CameBy
from app.domain.questions import ASKABLE, asks_as
from app.domain.sentences import parts
from app.domain.workflow import BlockReason, Part, Verb
from app.i18n import dates
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.queries.followup import actions, behalf, corrections, dossier, questions, undoing, voices, worklist
from app.queries.followup.actions import Judged
from app.queries.followup.dossier import Dossier, StoryAct
from app.queries.followup.questions import QuestionPage
from app.queries.followup.voices import NO_VOICES, Voices
from app.queries.mailing import outgoing, word_candidates
from app.queries.scope.viewers import SignedIn
from app.queries.setup import choices
from app.queries.setup.choices import PostChoice
from app.routes import Later, later
from app.services.kernel.audit import Actor
from app.signed_in import SessionHolder, Whoever
from app.web.forms import Fields, Form, is_looking, numbers, options
from app.web.page import led_to, local_today
from app.web.workspace.frame import FormRequest, PageRequest, frame
from app.web.workspace.places import LISTS, Place, back_to

M = TypeVar("M", bound="ActionFields")
Rights = tuple[Verb | Part, ...]
HOLDERS_VERBS = tuple(answers.VERBS.values())
_MAILS = 12


class ActionFields(Fields):
    """What every form about an action may carry: the version it was made from, and the room it came from."""

    version: int | None = None
    back: Place = ""


@dataclass(frozen=True)
class Act(FormRequest):
    """Somebody about to change an action, which was loaded and locked through their own scope."""

    action: Action

    @property
    def whom(self) -> tuple[Session, Actor, Action]:
        """What every service wants first."""
        return *self.by, self.action

    def carry_out(self, place: str, model: type[M], service: Callable[[M], object], said: str = "recorded") -> Response:
        """The form of that place, once; refused, the page comes again with what was typed."""

        def verb(sent: M) -> str:
            service(sent)
            return self._leads(sent, said)

        form = Form.read(model, self.typed, at=f"{place}-")
        if is_looking(self.typed):
            form.unread()
        return form.carry_out(self.session, verb, lambda form: show(self, self.action, form, place))

    def _leads(self, data: ActionFields, said: str) -> str:
        if data.back.startswith(LISTS):
            return back_to(self.lang, data.back, said)
        room = f"/{self.lang}/workspace/"
        if data.back == "review":
            meeting = self.session.get_one(Meeting, self.action.meeting_id)
            return led_to(f"{room}meetings/{meeting.slug}/review", said=said)
        if data.back == "recommendation":
            ref = self.session.get_one(Recommendation, self.action.recommendation_id).ref
            return led_to(f"{room}recommendations/{ref}", said=said)
        return led_to(f"{room}actions/{self.action.ref}", said=said)


Making = Callable[[SignedIn, Session, Action], Act]
Judging = Callable[[Session, SignedIn, Judged], None]  # of what a right alone does not tell


class _Acting(Later[Act]):
    """Judged by reading, whether it is one of these rights that is asked for; then taken with the action locked."""

    def __init__(self, make: Making, person: SessionHolder, ref: str, rights: Rights, judging: Judging) -> None:
        self._make, self._person, self._ref, self._rights, self._judging = make, person, ref, rights, judging

    def look(self, session: Session) -> Act:
        return self._of(session, lock=False)

    def judge(self, session: Session) -> None:
        person = self._person.look(session)
        action = actions.judged(session, person.viewer, self._ref)
        permissions.require_any(person.viewer, actions.facts(session, action), self._rights, action.state)
        self._judging(session, person, action)

    def take(self, session: Session) -> Act:
        return self._of(session, lock=True)

    def _of(self, session: Session, *, lock: bool) -> Act:
        person = self._person.look(session)
        return self._make(person, session, actions.get(session, person.viewer, self._ref, lock=lock))


def acting(*rights: Verb | Part, judged: Callable[[Request], Judging] | None = None) -> Any:
    """Somebody about to do one of these things, or in one of these capacities whatever it is called.

    `judged` asks more of the request than the action tells; it reads, and raises what is not allowed.
    """

    def made(request: Request, lang: Lang, ref: str, person: Whoever, typed: Typed) -> Later[Act]:
        def make(who: SignedIn, session: Session, action: Action) -> Act:
            return Act(request, lang, who, session, typed, action)

        return _Acting(make, person, ref, rights, judged(request) if judged else _nothing_more)

    return later(made)


def _nothing_more(_session: Session, _person: SignedIn, _action: Judged) -> None:
    """The right tells all."""


def show(asked: PageRequest, action: Action, form: Form[Any] | None = None, place: str = "") -> Response:
    """The whole page; `form` is the one that was refused, at its place."""
    today = local_today()
    found = dossier.of(asked.session, asked.viewer, action, today)
    marks, late, silence = worklist.line(action).marks(today, settings().zone)
    forms = FormsByPlace({place: form} if form else {})
    return frame(
        asked,
        "workspace/followup/dossier.html",
        status=form.status if form else 200,
        found=found,
        voices=_voices(asked, action) if found.is_secretariat else NO_VOICES,
        action=action,
        place=place,
        refused=form,
        fresh=Form[Any],
        forms_at=forms,
        shown=marks,
        shown_late=late,
        name_of=partial(_name_of, action),
        shown_silence=silence,
        **_second_thoughts(asked, action, found),
        **_talk(asked, action, found),
        behalf=behalf.offered(asked.session, action) if found.is_secretariat else None,
        **_chosen_from(asked.lang),
        answers=answers.offered(found.possible),
        parts_say=parts.together([row.situation for row in found.supports], today) if found.is_shared else [],
        **(_choosable(asked.session, action, forms) if found.is_secretariat else {}),
        messages=outgoing.ledger(asked.session, asked.viewer, ref=action.ref)[:_MAILS] if found.is_secretariat else [],
    )


def _second_thoughts(asked: PageRequest, action: Action, found: Dossier) -> dict[str, object]:
    """What of the answers can be undone or corrected."""
    is_concerned = bool(found.parts)
    return {
        "undoable": undoing.last(asked.session, asked.viewer, action.id),
        "corrections": corrections.of_action(asked.session, asked.viewer, action, is_concerned=is_concerned),
    }


def _chosen_from(lang: str) -> dict[str, object]:
    return {"reasons": options(BlockReason, lang), "ways": options(CameBy, lang)}


def _name_of(action: Action, told: StoryAct) -> Message:
    """As it was called on its day."""
    return verbs.name_of(told.verb, told.came_on or dates.day_of(told.at, settings().zone), action.due_on)


def _voices(asked: PageRequest, action: Action) -> Voices:
    """What who proposed it says, and who of them may still be recorded."""
    return Voices(voices.heard(asked.session, action), voices.silent(asked.session, action))


def _talk(asked: PageRequest, action: Action, found: Dossier) -> dict[str, object]:
    """The questions about it for who sees its notes, as which side the viewer may ask, and the word asked for."""
    told = questions.of_action(asked.session, asked.viewer, action, found.parts) if found.has_notes else QuestionPage()
    word = word_candidates.of_action(asked.session, action.id)
    return {"questions": told, "asks_as": asks_as(found.parts) if action.state in ASKABLE else None, "word": word}


class FormsByPlace(dict[str, Form[Any]]):
    """By their place on the page; every one that was not refused is a fresh one."""

    def __missing__(self, place: str) -> Form[Any]:
        self[place] = form = Form[Any](at=f"{place}-")
        return form


def _choosable(session: Session, action: Action, forms: "FormsByPlace") -> dict[str, Any]:
    """The posts that may own the action, and those that may support it."""
    return {
        "posts": _posts(session, action, forms["assignment"]),
        "supporters": _supporters(session, forms["part"]),
        "few": choices.FEW,
    }


def _supporters(session: Session, form: Form[Any]) -> list[PostChoice]:
    chosen = form.values.get("post_id", "")
    return choices.found(session, form.values.get("post_words", ""), numbers(chosen))


def _posts(session: Session, action: Action, form: Form[Any]) -> list[PostChoice]:
    """The few that the words find, the chosen one among them."""
    chosen = form.values.get("owner_post_id", str(action.owner_post_id or ""))
    return choices.found(session, form.values.get("post_words", ""), numbers(chosen))
