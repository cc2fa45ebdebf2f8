"""Changing many actions together: ticked, seen before it is done with the mails that follow, then done as a whole."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app import routes
from app.deps import Typed
from app.domain.errors import NotFound, Refused
from app.domain.messages import N_
from app.domain.permissions import Role, Viewer, has_role, require_secretariat
from app.models.actions import Action
from app.queries.followup import actions, bulk_lines
from app.queries.followup.bulk_lines import BulkCandidate
from app.queries.setup import choices
from app.routes import Later, later
from app.services.followup import bulk_edits
from app.services.followup.bulk_edits import MOST, BulkChange, BulkEdit, BulkOutcome
from app.signed_in import SessionHolder, Whoever
from app.web.forms import Fields, Form, is_looking, numbers
from app.web.page import led_to, local_today
from app.web.workspace.followup.narrowed import Narrowed
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/actions/bulk-edits")
References = Annotated[list[str], Query(max_length=MOST)]


class BulkFields(Fields):
    """`ref` are the ticked ones; `item` those that were shown before, each with the version that was shown."""

    ref: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    change: BulkChange | None = None
    owner_post_id: int | None = None
    post_words: Annotated[str, Field(max_length=1000)] = ""
    due_on: dt.date | None = None
    is_past: bool = False
    theme_id: int | None = None
    reason: str = ""


@router.get("")
def choose(asked: Asked, filters: Narrowed, ref: References = []) -> Response:  # noqa: B006
    _require(asked.viewer)
    if ref:
        lines = bulk_lines.ticked(asked.session, asked.viewer, ref, MOST)
    else:
        lines = bulk_lines.listed(asked.session, asked.viewer, filters.checked(), local_today(), MOST)
    return _choose(asked, lines, Form[BulkFields]())


class _Changing(Later[list[Action]]):
    """What was ticked or shown, each of a programme of one's own, in one order for everybody who changes at once."""

    def __init__(self, person: SessionHolder, typed: FormData) -> None:
        self._person, self._refs = person, sorted(_versions(typed) or {str(ref) for ref in typed.getlist("ref")})

    def look(self, session: Session) -> list[Action]:
        viewer = self._person.look(session).viewer
        _require(viewer)
        items = actions.several(session, viewer, self._refs) if len(self._refs) <= MOST else []
        for item in items:
            require_secretariat(viewer, item.programme_id)
        return items

    def take(self, session: Session) -> list[Action]:
        if len(self._refs) > MOST:
            return []
        return actions.several(session, self._person.look(session).viewer, self._refs, lock=True)


def _items(person: Whoever, typed: Typed) -> _Changing:
    return _Changing(person, typed)


Ticked = Annotated[list[Action], later(_items)]


@router.post("/preview")
def preview(press: Press, items: Ticked) -> Response:
    """Done and undone: what is shown is what would be."""
    form = Form.read(BulkFields, press.typed)
    if is_looking(press.typed):
        return _again(press, items, form.unread())
    versions = {item.ref: item.version for item in items}
    outcome = form.look_ahead(press.session, lambda sent: _make(press, items, sent))
    if outcome is None:
        return _again(press, items, form)
    return frame(
        press,
        "workspace/followup/bulk_preview.html",
        form=Form[Any](form.values),
        outcome=outcome,
        versions=versions,
        edit=form.data,
    )


@router.post("")
def carry_out(press: Press, items: Ticked) -> Response:
    def verb(sent: BulkFields) -> str:
        _make(press, items, sent, _versions(press.typed))
        return led_to(f"/{press.lang}/workspace/actions", said="changed_together")

    form = Form.read(BulkFields, press.typed)
    return form.carry_out(press.session, verb, lambda refused: _again(press, items, refused))


def _make(
    press: FormRequest, items: list[Action], sent: BulkFields, versions: dict[str, int] | None = None
) -> BulkOutcome:
    bulk_edits.require_room(max(len(set(sent.ref)), len(sent.item)))
    if sent.change is None:
        raise Refused(N_("Choose what is to become of them"), "change")
    edit = BulkEdit(sent.change, sent.owner_post_id, sent.due_on, sent.is_past, sent.theme_id, sent.reason)
    return bulk_edits.make(*press.by, items, edit, versions)


def _versions(typed: FormData) -> dict[str, int]:
    """`FM-2024-03.2@7`: what the preview was made from."""
    found = {}
    for item in typed.getlist("item"):
        ref, _, version = str(item).rpartition("@")
        found[ref] = int(version) if version.isdecimal() and len(version) < 10 else 0
    return found


def _again(press: FormRequest, items: list[Action], form: Form[BulkFields]) -> Response:
    """As they stand now, with what was typed."""
    refs = [item.ref for item in items]
    return _choose(press, bulk_lines.ticked(press.session, press.viewer, refs, MOST), form)


def _choose(asked: PageRequest, lines: list[BulkCandidate], form: Form[BulkFields]) -> Response:
    chosen = numbers(form.values.get("owner_post_id", ""))
    return frame(
        asked,
        "workspace/followup/bulk_edit.html",
        status=form.status,
        lines=lines,
        form=form,
        moved=(form.current or {}).get("refs", []),
        most=MOST,
        posts=choices.found(asked.session, form.values.get("post_words", ""), chosen),
        few=choices.FEW,
        themes=bulk_lines.themes(asked.session),
    )


def _require(viewer: Viewer) -> None:
    """It exists for secretariats alone."""
    if not has_role(viewer, Role.SECRETARIAT):
        raise NotFound
