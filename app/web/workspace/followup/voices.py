"""What a proposer said on paper, and the answer to a dispute, on the page of its action."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.on_behalf import CameBy
from app.domain.workflow import Verb
from app.models.updates import Update
from app.services.followup import closures, voices
from app.services.followup.transitions import Words
from app.services.followup.voices import Spoken
from app.web.workspace.followup.dossier import Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}")
Text = Annotated[str, Field(max_length=8000)]


class DisputeAnswer(StrEnum):
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class DisputeFields(ActionFields):
    answer: DisputeAnswer | None = None
    reason: Text = ""


class SpokenFields(ActionFields):
    proposer_id: int | None = None
    is_so: Literal["", "yes", "no"] = ""
    came_by: CameBy | None = None
    came_on: dt.date | None = None
    text: Text = ""


@router.post("/dispute")
def settle(act: Annotated[Act, acting(Verb.NOT_UPHELD)]) -> Response:
    return act.carry_out("dispute", DisputeFields, lambda said: _settle(act, said))


@router.post("/voices")
def record(act: Annotated[Act, acting(Verb.NOT_UPHELD)]) -> Response:
    def spoken(said: SpokenFields) -> Update:
        is_so = None if not said.is_so else said.is_so == "yes"
        words = Words(public_summary=said.text, lang=act.lang)
        return voices.record(*act.whom, Spoken(said.proposer_id, is_so, said.came_by, said.came_on, words))

    return act.carry_out("voice", SpokenFields, spoken)


def _settle(act: Act, said: DisputeFields) -> Update:
    """Upheld, it is to be done again, and its holder hears why."""
    if said.answer is None:
        raise Refused(N_("Choose one answer: upheld, or not upheld"), "answer")
    if said.answer is DisputeAnswer.UPHELD:
        return closures.reopen(*act.whom, reason=said.reason, version=said.version)
    return voices.not_uphold(*act.whom, words=Words(public_summary=said.reason, lang=act.lang), version=said.version)
