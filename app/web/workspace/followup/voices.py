"""What a proposer said on paper, and the answer to a dispute, on the page of its action."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.workflow import Verb
from app.models.proposers import SaidBy
from app.models.updates import Update
from app.services.followup import closures, voices
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
    said_by: SaidBy | None = None
    text: Text = ""


@router.post("/dispute")
def settle(act: Annotated[Act, acting(Verb.NOT_UPHELD)]) -> Response:
    return act.carry_out("dispute", DisputeFields, lambda said: _settle(act, said))


@router.post("/voices")
def record(act: Annotated[Act, acting(Verb.NOT_UPHELD)]) -> Response:
    def spoken(said: SpokenFields) -> Update:
        is_so = None if not said.is_so else said.is_so == "yes"
        return voices.record(*act.whom, Spoken(said.proposer_id, is_so, said.said_by, said.text))

    return act.carry_out("voice", SpokenFields, spoken)


def _settle(act: Act, said: DisputeFields) -> Update:
    """Upheld, it is to be done again, and its holder hears why."""
    if said.answer is None:
        raise Refused(N_("Choose one answer: upheld, or not upheld"), "answer")
    if said.answer is DisputeAnswer.UPHELD:
        return closures.reopen(*act.whom, reason=said.reason, version=said.version)
    return voices.not_uphold(*act.whom, reason=said.reason, version=said.version)
