"""What a verifier decides of a declared action, on its page or from the desk."""

from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.workflow import Verb
from app.services.followup import verifications
from app.web.workspace.followup.dossier import Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}")


class VerificationFields(ActionFields):
    note: Annotated[str, Field(max_length=8000)] = ""


class ReturnFields(ActionFields):
    reason: Annotated[str, Field(max_length=8000)] = ""


@router.post("/verification")
def verify(act: Annotated[Act, acting(Verb.VERIFY)]) -> Response:
    return act.carry_out(
        "verification",
        VerificationFields,
        lambda said: verifications.verify(*act.whom, note=said.note, version=said.version),
    )


@router.post("/return")
def send_back(act: Annotated[Act, acting(Verb.RETURN)]) -> Response:
    return act.carry_out(
        "return",
        ReturnFields,
        lambda said: verifications.send_back(*act.whom, reason=said.reason, version=said.version),
    )
