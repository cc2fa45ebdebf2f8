"""What goes out: failures first, then the next seven days, then the ledger of what went."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query
from sqlmodel import Session
from starlette.responses import Response

from app import clock, routes, signed_in
from app.domain import list_heads
from app.domain.errors import InvalidQuery, NotFound
from app.domain.messages import N_, Message
from app.domain.permissions import Role, Viewer, has_role, require_administrator
from app.domain.references import parse
from app.queries.mailing import health, outgoing, previews
from app.queries.mailing.outgoing import FEW, PAGE, LedgerLine
from app.queries.mailing.previews import ComingMail, Preview
from app.queries.scope import cursors, ranges
from app.services.kernel import outbox
from app.services.mailing.delivery import channel
from app.services.mailing.letters import KINDS
from app.web.forms import Fields, Form
from app.web.workspace.frame import Asked, FormRequest, PageRequest, Press, frame
from app.web.workspace.places import Place, back_to

router = routes.router("/{lang}/workspace/outgoing")
_NAMED = 10  # recipients of mails of one kind on one day, of which nothing else is known yet
Id = Annotated[int, Path(ge=1, lt=2**31)]


def _require(viewer: Viewer) -> None:
    if not has_role(viewer, Role.SECRETARIAT, Role.ADMINISTRATOR):
        raise NotFound


def _require_administrator(viewer: Viewer) -> None:
    _require(viewer)
    require_administrator(viewer)


def _known(session: Session, viewer: Viewer, message_id: int, *, lock: bool = False) -> None:
    _require(viewer)
    outgoing.require(session, viewer, message_id)


class ListedFields(Fields):
    """A button, which stands on the desk too."""

    back: Place = ""


@router.get("")
def show(
    asked: Asked,
    ref: str = "",
    kind: str = "",
    who: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    after: str = "",
    ahead: str = "",
    lost: str = "",
) -> Response:
    _require(asked.viewer)
    chosen = _checked({name: value for name, value in (("ref", ref), ("kind", kind), ("who", str(who or ""))) if value})
    then = cursors.moment(after, **chosen)
    went = outgoing.ledger(asked.session, asked.viewer, after=then, person_id=who or None, ref=ref.upper(), kind=kind)
    coming = previews.preview(asked.session, asked.viewer, clock.now(), ahead)
    failed = _failed(asked, lost)
    return frame(
        asked,
        "workspace/mailing/outgoing.html",
        **_leads_to(asked, [*went[:PAGE], *failed], coming.mails),
        **_coming(coming, ahead),
        went=went[:PAGE],
        chosen=chosen,
        after=after,
        fresh=Form[ListedFields],
        next=_next(went, chosen),
        lost=lost,
        **_queued(asked, failed),
    )


def _coming(coming: Preview, ahead: str) -> dict[str, Any]:
    return {
        "coming": _by_day(coming.mails),
        "head": list_heads.leaving(len(coming.mails)),
        "ahead": ahead,
        "next_ahead": coming.next,
    }


def _failed(asked: PageRequest, lost: str) -> list[LedgerLine]:
    """From a place on, one more than is shown."""
    before = cursors.number(lost)
    return outgoing.failed(asked.session, asked.viewer, clock.now(), before[1] if before else None, FEW + 1)


def _queued(asked: PageRequest, failed: list[LedgerLine]) -> dict[str, Any]:
    """What did not leave or is kept back, and what can be done about it."""
    count = outgoing.how_many_failed(asked.session, asked.viewer, clock.now())
    return {
        "failed": failed[:FEW],
        "failed_head": list_heads.section("failed", count, ranges.MOST),
        "next_failed": cursors.following(failed, FEW, lambda last: (last.id, last.id)),
        "held": health.held(asked.session),
        "may_release": has_role(asked.viewer, Role.ADMINISTRATOR),
        "uncertain": outgoing.count_uncertain(asked.session, asked.viewer),
    }


def _leads_to(asked: PageRequest, listed: list[LedgerLine], coming: list[ComingMail]) -> dict[str, Any]:
    """What may be a link: the actions that the viewer may open, and the texts that they may read."""
    refs = {mail.ref for mail in listed if mail.ref} | {line.ref for mail in coming for line in mail.lines}
    return {
        "opens": outgoing.opens(asked.session, asked.viewer, refs),
        "reads": outgoing.reads(asked.session, asked.viewer, [mail.id for mail in listed]),
    }


@router.get("/{message_id}")
def letter(asked: Asked, message_id: Id) -> Response:
    went, text = outgoing.text(asked.session, asked.viewer, message_id)
    return frame(asked, "workspace/mailing/letter.html", went=went, text=text)


@router.post("/release")
def release(press: Press, _may: Annotated[None, signed_in.right(_require_administrator)]) -> Response:
    """Let go what has been held since a backup was restored."""
    return _queue(press, lambda: channel.release(*press.by))


@router.post("/uncertain")
def uncertain(press: Press, _may: Annotated[None, signed_in.right(_require)]) -> Response:
    """Send again all of which nobody knows whether they arrived."""
    return _queue(press, lambda: outbox.requeue_uncertain(*press.by))


@router.post("/{message_id}/again")
def again(press: Press, message_id: Id, _may: Annotated[None, signed_in.item(_known, "message_id")]) -> Response:
    return _queue(press, lambda: outbox.requeue(*press.by, message_id))


def _queue(press: FormRequest, requeue: Callable[[], object]) -> Response:
    def verb(sent: ListedFields) -> str:
        requeue()
        return back_to(press.lang, sent.back or "outgoing", "queued")

    def refused(form: Form[ListedFields]) -> Response:
        return frame(press, "workspace/mailing/refused.html", status=form.status, form=form)

    return press.attempt(ListedFields, verb, refused)


def _checked(chosen: dict[str, str]) -> dict[str, str]:
    """Raises InvalidQuery for a kind or a reference that there never was."""
    known = {"kind": chosen.get("kind") in (None, *KINDS), "ref": parse(chosen.get("ref", "FM-2024-01")) is not None}
    for name in (name for name, is_known in known.items() if not is_known):
        kept = {key: value for key, value in chosen.items() if key != name}
        raise InvalidQuery(Message(N_("There is no such filter. The others are kept.")), kept)
    return chosen


def _by_day(coming: list[ComingMail]) -> list[tuple[dt.date, list[tuple[ComingMail, int]]]]:
    """By day; mails of one kind to one person, of which nothing else is known yet, stand as one line with a count."""
    return [(day, _counted(list(mails))) for day, mails in groupby(coming, key=lambda one: one.on)]


def _counted(mails: list[ComingMail]) -> list[tuple[ComingMail, int]]:
    alike = Counter((mail.person_id, mail.kind) for mail in mails if not mail.lines and not mail.subject)
    lines = [(mail, 1) for mail in mails if mail.lines or mail.subject]
    firsts = {(mail.person_id, mail.kind): mail for mail in reversed(mails)}
    return lines + _folded([(firsts[key], count) for key, count in alike.items()])


def _folded(mails: list[tuple[ComingMail, int]]) -> list[tuple[ComingMail, int]]:
    """Digests to a whole ministry are one line, which names nobody."""
    kinds = Counter(mail.kind for mail, _ in mails)
    single = [(mail, count) for mail, count in mails if kinds[mail.kind] <= _NAMED]
    many = {mail.kind: replace(mail, name="") for mail, _ in mails if kinds[mail.kind] > _NAMED}
    return single + [(mail, sum(count for one, count in mails if one.kind == kind)) for kind, mail in many.items()]


def _next(went: list[LedgerLine], chosen: dict[str, str]) -> str:
    after = cursors.following(went, PAGE, lambda last: (last.created_at, last.id))
    return f"?{urlencode(chosen | {'after': after})}" if after else ""
