"""My actions: what is urgent first, each line answered in place; nothing to learn."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain import list_heads
from app.domain.answers import Answer
from app.domain.workflow import BlockReason, Verb
from app.queries.followup import mine, questions, undoing
from app.queries.followup import replies as waiting_replies
from app.queries.followup.owed_actions import MineSection
from app.queries.scope import ranges
from app.services.followup import answers, updates
from app.services.followup.answers import Obstacle
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.mailing import replies
from app.web.forms import Fields, Form, options
from app.web.page import led_to, local_today
from app.web.workspace.followup.dossier import HOLDERS_VERBS, Act, acting
from app.web.workspace.frame import Asked, PageRequest, frame

router = routes.router("/{lang}/workspace/mine")
M = TypeVar("M", bound="LineFields")
Text = Annotated[str, Field(max_length=8000)]
Line = Annotated[str, Field(max_length=1000)]


class LineFields(Fields):
    next: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,40}$")] = ""  # what comes to be answered after it


class LineRefusalFields(LineFields):
    reason: Text = ""


class LineUpdateFields(LineFields):
    s: Answer | None = None
    note: Text = ""
    public_summary: Text = ""
    percent: int | None = Field(None, ge=0, le=100)
    block_reason: BlockReason | None = None
    who_can_unblock: Line = ""
    evidence_title: Line = ""
    evidence_location: Line = ""


class LineReplyFields(LineFields):
    reply_id: Annotated[int, Field(ge=1, lt=2**31)]
    choice: Literal["confirm", "discard"]


@router.get("")
def show(asked: Asked, recorded: str = "") -> Response:
    return _page(asked, recorded=recorded)


@router.post("/{ref}/updates")
def answer(act: Annotated[Act, acting(*HOLDERS_VERBS)]) -> Response:
    return _carry_out(
        act,
        LineUpdateFields,
        lambda said: answers.give(
            *act.whom,
            said.s,
            words=Words(said.note, said.public_summary, said.percent, act.lang),
            obstacle=Obstacle(said.block_reason, said.who_can_unblock),
            document=Document(said.evidence_title, said.evidence_location),
        ),
    )


@router.post("/{ref}/acknowledgement")
def acknowledge(act: Annotated[Act, acting(Verb.ACKNOWLEDGE, Verb.ACKNOWLEDGE_PART)]) -> Response:
    return _carry_out(act, LineFields, lambda _: answers.acknowledge(*act.whom))


@router.post("/{ref}/refusal")
def decline(act: Annotated[Act, acting(Verb.DECLINE)]) -> Response:
    return _carry_out(act, LineRefusalFields, lambda said: updates.decline(*act.whom, reason=said.reason))


@router.post("/{ref}/reply")
def settle_reply(act: Annotated[Act, acting(*HOLDERS_VERBS)]) -> Response:
    """What came by mail becomes a note, or is thrown away: the same as behind the key of the mail that asked."""
    settle = {"confirm": replies.confirm, "discard": replies.discard}
    return _carry_out(act, LineReplyFields, lambda said: settle[said.choice](*act.whom, said.reply_id))


def _carry_out(act: Act, model: type[M], service: Callable[[M], object]) -> Response:
    """The form in the line of that action; refused, the whole list comes again with what was typed."""
    ref = act.action.ref

    def verb(sent: M) -> str:
        service(sent)
        at = f"act-{sent.next}" if sent.next else f"a-{ref}"
        return led_to(f"/{act.lang}/workspace/mine#{at}", recorded=ref, **_cursors(act.request))

    form = Form.read(model, act.typed, at=f"{ref}-")
    return form.carry_out(act.session, verb, lambda form: _page(act, refused=form, at=ref))


def _cursors(request: Request) -> dict[str, str]:
    """From where the sections are shown: each goes on by itself, and they keep each other."""
    return {part.value: cursor for part in MineSection if (cursor := request.query_params.get(part))}


def _page(asked: PageRequest, *, recorded: str = "", refused: Form[Any] | None = None, at: str = "") -> Response:
    cursors = _cursors(asked.request)
    waiting = questions.of_posts(asked.session, asked.viewer.post_ids)
    few = mine.FEW - 1 if waiting.lines else mine.FEW  # where questions stand above them, there is less room
    return frame(
        asked,
        "workspace/followup/mine.html",
        status=refused.status if refused else 200,
        cursors=cursors,
        owed=mine.of(asked.session, asked.viewer, local_today(), cursors, few),
        waiting=waiting,
        replies=waiting_replies.own(asked.session, asked.viewer),
        fresh=Form[Any],
        heads=list_heads,
        most=ranges.MOST,
        recorded=recorded,
        undoable=undoing.last_of(asked.session, asked.viewer, recorded) if recorded else None,
        refused=refused,
        at=at,
        form_at=lambda ref: refused if refused and ref == at else Form[Any](at=f"{ref}-"),
        reasons=options(BlockReason, asked.lang),
    )
