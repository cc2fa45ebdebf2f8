"""Second thoughts about an answer: undone within minutes, or its words corrected."""

from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from app import routes
from app.domain.workflow import Part
from app.queries.followup import actions
from app.services.followup import corrections, undoing
from app.web.workspace.followup.dossier import Act, ActionFields, acting

router = routes.router("/{lang}/workspace/actions/{ref}/updates/{update_id}")
Id = Annotated[int, Path(ge=1, lt=2**31)]
Text = Annotated[str, Field(max_length=8000)]
_HOLDERS = (Part.OWNER, Part.CONTRIBUTOR)


class CorrectionFields(ActionFields):
    public_summary: Text = ""
    note: Text | None = None


@router.post("/undoing")
def undo(act: Annotated[Act, acting(*_HOLDERS)], update_id: Id) -> Response:
    return act.carry_out("undoing", ActionFields, lambda _: undoing.undo(*act.whom, update_id), said="undone")


@router.post("/correction")
def correct(act: Annotated[Act, acting(*_HOLDERS, Part.MANAGER, Part.SECRETARIAT)], update_id: Id) -> Response:
    found = actions.update(act.session, act.action, update_id)

    def service(sent: CorrectionFields) -> None:
        words = {"public_summary": sent.public_summary, "note": sent.note, "lang": act.lang, "seen": sent.version}
        corrections.correct(*act.whom, found, **words)  # type: ignore[arg-type]

    return act.carry_out(f"correction{update_id}", CorrectionFields, service, said="corrected")
