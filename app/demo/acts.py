"""One act of a story: a line such as `-40 submit | what was done | public words`, and the verb that it is."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.config import settings
from app.demo import talk
from app.demo.staged import Scene, StagedAct
from app.domain.on_behalf import CameBy
from app.domain.workflow import BlockReason, Verb
from app.models.updates import Update
from app.services.followup import (
    actions,
    closures,
    corrections,
    evidence,
    extensions,
    on_behalf,
    updates,
    verifications,
)
from app.services.followup.evidence import Document
from app.services.followup.on_behalf import Arrival, Said
from app.services.followup.transitions import Words


def perform(scene: Scene, act: StagedAct) -> None:
    _VERBS[act.verb](scene, act)


def _assign(scene: Scene, act: StagedAct) -> None:
    """`assign`, or `assign POST` after a post has declined."""
    post_id = scene.post(act.argument) if act.argument else None
    actions.assign(scene.session, scene.players.secretariat, scene.action, owner_post_id=post_id)


def _reassign(scene: Scene, act: StagedAct) -> None:
    post_id = scene.post(act.argument)
    actions.reassign(scene.session, scene.players.secretariat, scene.action, owner_post_id=post_id, reason=act.rest[0])


def _publish(scene: Scene, _act: StagedAct) -> None:
    actions.publish(scene.session, scene.players.secretariat, scene.action)


def _acknowledge(scene: Scene, _act: StagedAct) -> None:
    updates.acknowledge(scene.session, scene.players.owner, scene.action)


def _decline(scene: Scene, act: StagedAct) -> None:
    updates.decline(scene.session, scene.players.owner, scene.action, reason=act.rest[0])


def _report(scene: Scene, act: StagedAct) -> None:
    updates.report(scene.session, scene.players.owner, scene.action, words=act.words(scene.lang))


def _correct(scene: Scene, act: StagedAct) -> None:
    """`correct | public words`, in the place of those said last."""
    said = col(Update.action_id) == scene.action.id, col(Update.public_summary) != ""
    last = scene.session.scalars(sa.select(Update).where(*said).order_by(col(Update.id).desc()).limit(1)).one()
    corrections.correct(scene.session, scene.players.owner, scene.action, last, public_summary=act.rest[0])


def _letter(scene: Scene, act: StagedAct) -> None:
    """`letter 30 | note | public words | letter`: progress reported by post, recorded three days later."""
    arrival = Arrival(scene.action.owner_post_id, CameBy.LETTER, clock.today(settings().zone) - dt.timedelta(days=3))
    said = Said(Verb.REPORT, act.words(scene.lang), document=Document(act.rest[2]))
    on_behalf.record(scene.session, scene.players.secretariat, scene.action, arrival, said)


def _on_track(scene: Scene, act: StagedAct) -> None:
    updates.on_track(scene.session, scene.players.owner, scene.action, words=act.words(scene.lang))


def _block(scene: Scene, act: StagedAct) -> None:
    """`block budget | who can unblock | note`."""
    updates.block(
        scene.session,
        scene.players.owner,
        scene.action,
        block_reason=BlockReason(act.argument),
        who_can_unblock=act.rest[0],
        words=Words(note=act.rest[1] if len(act.rest) > 1 else "", lang=scene.lang),
    )


def _unblock(scene: Scene, _act: StagedAct) -> None:
    updates.unblock(scene.session, scene.players.owner, scene.action)


def _evidence(scene: Scene, act: StagedAct) -> None:
    """`evidence | title | where`."""
    title, location = (*act.rest, "")[:2]
    evidence.attach(scene.session, scene.players.owner, scene.action, title=title, location=location)


def _submit(scene: Scene, act: StagedAct) -> None:
    updates.submit(scene.session, scene.players.owner, scene.action, words=act.words(scene.lang))


def _verify(scene: Scene, act: StagedAct) -> None:
    note = act.rest[0] if act.rest else ""
    verifications.verify(scene.session, scene.players.verifier, scene.action, note=note)


def _return(scene: Scene, act: StagedAct) -> None:
    verifications.send_back(scene.session, scene.players.verifier, scene.action, reason=act.rest[0])


def _extend(scene: Scene, act: StagedAct) -> None:
    """`extend 60 | reason`: that many days after the present deadline."""
    due_on = (scene.action.due_on or scene.today) + dt.timedelta(days=int(act.argument))
    closures.move_deadline(scene.session, scene.players.secretariat, scene.action, due_on=due_on, reason=act.rest[0])


def _ask(scene: Scene, act: StagedAct) -> None:
    """`ask 30 | reason`: for so many days more, by the owner; nobody has decided yet."""
    due_on = (scene.action.due_on or scene.today) + dt.timedelta(days=int(act.argument))
    extensions.ask(scene.session, scene.players.owner, scene.action, due_on=due_on, reason=act.rest[0])


def _cancel(scene: Scene, act: StagedAct) -> None:
    closures.cancel(scene.session, scene.players.secretariat, scene.action, reason=act.rest[0])


def _not_applicable(scene: Scene, act: StagedAct) -> None:
    closures.not_applicable(scene.session, scene.players.secretariat, scene.action, reason=act.rest[0])


def _supersede(scene: Scene, act: StagedAct) -> None:
    """`supersede KEY | reason`: by the action of that key."""
    successor = scene.find(act.argument)
    closures.supersede(scene.session, scene.players.secretariat, scene.action, reason=act.rest[0], successor=successor)


def _reopen(scene: Scene, act: StagedAct) -> None:
    closures.reopen(scene.session, scene.players.secretariat, scene.action, reason=act.rest[0])


_VERBS: dict[str, Callable[[Scene, StagedAct], None]] = {
    "assign": _assign,
    "reassign": _reassign,
    "publish": _publish,
    "acknowledge": _acknowledge,
    "decline": _decline,
    "report": _report,
    "letter": _letter,
    "on_track": _on_track,
    "block": _block,
    "unblock": _unblock,
    "evidence": _evidence,
    "submit": _submit,
    "correct": _correct,
    "verify": _verify,
    "return": _return,
    "dispute": talk.dispute,
    "confirm": talk.confirm,
    "not_upheld": talk.not_upheld,
    "extend": _extend,
    "ask": _ask,
    "part": talk.part,
    "part_receipt": talk.part_receipt,
    "part_report": talk.part_report,
    "question": talk.question,
    "inquire": talk.inquire,
    "reply": talk.reply,
    "cancel": _cancel,
    "not_applicable": _not_applicable,
    "supersede": _supersede,
    "reopen": _reopen,
}
