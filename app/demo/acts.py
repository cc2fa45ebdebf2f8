"""One act of a story: a line such as `-40 submit | what was done | public words`, and the verb that it is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.on_behalf import CameBy
from app.domain.questions import Side
from app.domain.workflow import BlockReason, Verb
from app.models.actions import Action
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.queries.followup import voices
from app.queries.followup.voices import VoiceKey
from app.services.followup import (
    actions,
    closures,
    evidence,
    extensions,
    on_behalf,
    parts,
    questions,
    updates,
    verifications,
)
from app.services.followup import voices as services
from app.services.followup.evidence import Document
from app.services.followup.on_behalf import Arrival, Said
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor
from app.services.meetings import proposers


@dataclass(frozen=True)
class StagedAct:
    """`on` counts days from the day of loading; `rest` are the parts after the bars."""

    on: int
    verb: str
    argument: str
    rest: tuple[str, ...]

    def words(self, lang: str) -> Words:
        percent = 100 if self.verb == "submit" else int(self.argument) if self.argument.isdigit() else None
        note, public = (*self.rest, "", "")[:2]
        return Words(note=note, public_summary=public, percent=percent, lang=lang)


@dataclass(frozen=True)
class Players:
    """Who acts on one action: its secretariat, its owner, its verifier."""

    secretariat: Actor
    owner: Actor
    verifier: Actor
    of_post: Callable[[str], Actor]  # whoever holds it


@dataclass(frozen=True)
class Scene:
    """Where an act happens."""

    session: Session
    action: Action
    players: Players
    find: Callable[[str], Action]  # another action by its place, for what takes its place
    post: Callable[[str], int]
    lang: str
    today: dt.date


def parse(line: str) -> StagedAct:
    """`-40 report 30 | note | public words` → Act(-40, "report", "30", ("note", "public words"))."""
    head, *rest = (part.strip() for part in line.split("|"))
    on, verb, *argument = head.split()
    return StagedAct(int(on), verb, " ".join(argument), tuple(rest))


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


def _dispute(scene: Scene, act: StagedAct) -> None:
    """`dispute | who | words`: by the key in their mail; the secretariat releases the words."""
    _say(scene, act, is_so=False)


def _confirm(scene: Scene, act: StagedAct) -> None:
    """`confirm | who | words`."""
    _say(scene, act, is_so=True)


def _say(scene: Scene, act: StagedAct, *, is_so: bool) -> None:
    session, secretariat, action = scene.session, scene.players.secretariat, scene.action
    item = session.get_one(Recommendation, action.recommendation_id)
    email = f"proposer{item.id}@tatbiq.invalid"
    contact = proposers.Contact(act.rest[0], email, scene.lang, agreed_on=clock.today(settings().zone))
    proposer = proposers.add(session, secretariat, item, contact)
    key = VoiceKey(action, item, proposer, voices.verification(session, action) or 0)
    update = services.answer(session, key, is_so=is_so, text=act.rest[1], lang=scene.lang)
    updates.release(session, secretariat, update)


def _not_upheld(scene: Scene, act: StagedAct) -> None:
    services.not_uphold(scene.session, scene.players.secretariat, scene.action, words=_public(scene, act))


def _public(scene: Scene, act: StagedAct) -> Words:
    return Words(public_summary=act.rest[0], lang=scene.lang)


def _extend(scene: Scene, act: StagedAct) -> None:
    """`extend 60 | reason`: that many days after the present deadline."""
    due_on = (scene.action.due_on or scene.today) + dt.timedelta(days=int(act.argument))
    closures.move_deadline(scene.session, scene.players.secretariat, scene.action, due_on=due_on, reason=act.rest[0])


def _ask(scene: Scene, act: StagedAct) -> None:
    """`ask 30 | reason`: for so many days more, by the owner; nobody has decided yet."""
    due_on = (scene.action.due_on or scene.today) + dt.timedelta(days=int(act.argument))
    extensions.ask(scene.session, scene.players.owner, scene.action, due_on=due_on, reason=act.rest[0])


def _part(scene: Scene, act: StagedAct) -> None:
    """`part POST -5 | words in Arabic | in French`: its part, due so many days from the day of loading."""
    post, days = act.argument.split()
    titles = dict(zip(("ar", "fr"), act.rest, strict=True))
    due_on = scene.today + dt.timedelta(days=int(days))
    parts.add(
        scene.session, scene.players.secretariat, scene.action, post_id=scene.post(post), titles=titles, due_on=due_on
    )


def _part_receipt(scene: Scene, act: StagedAct) -> None:
    parts.acknowledge(scene.session, scene.players.of_post(act.argument), scene.action)


def _part_report(scene: Scene, act: StagedAct) -> None:
    """`part_report POST | note | public words`."""
    speaker, words = scene.players.of_post(act.argument), act.words(scene.lang)
    parts.say(scene.session, speaker, scene.action, Verb.REPORT_PART, words=words)


def _question(scene: Scene, act: StagedAct) -> None:
    """`question | text`: by the secretariat to the owner."""
    questions.ask(scene.session, scene.players.secretariat, scene.action, text=act.rest[0])


def _inquire(scene: Scene, act: StagedAct) -> None:
    """`inquire | text`: by the owner to the secretariat."""
    questions.ask(scene.session, scene.players.owner, scene.action, text=act.rest[0])


def _reply(scene: Scene, act: StagedAct) -> None:
    """`reply | text`: to the last question, by the side that was asked."""
    asked = sa.select(QuestionNote).where(
        col(QuestionNote.action_id) == scene.action.id, col(QuestionNote.question_id).is_(None)
    )
    question = scene.session.scalars(asked.order_by(col(QuestionNote.id).desc()).limit(1)).one()
    answerer = scene.players.owner if question.side is Side.SECRETARIAT else scene.players.secretariat
    questions.answer(scene.session, answerer, scene.action, question, text=act.rest[0])


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
    "verify": _verify,
    "return": _return,
    "dispute": _dispute,
    "confirm": _confirm,
    "not_upheld": _not_upheld,
    "extend": _extend,
    "ask": _ask,
    "part": _part,
    "part_receipt": _part_receipt,
    "part_report": _part_report,
    "question": _question,
    "inquire": _inquire,
    "reply": _reply,
    "cancel": _cancel,
    "not_applicable": _not_applicable,
    "supersede": _supersede,
    "reopen": _reopen,
}
