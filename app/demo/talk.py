"""The acts of a story in which others than the owner speak: who proposed it, who supports it, who asks and answers."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.config import settings
from app.demo.staged import Scene, StagedAct
from app.domain.questions import Side
from app.domain.workflow import Verb
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.queries.followup import voices
from app.queries.followup.voices import VoiceKey
from app.services.followup import (
    parts,
    questions,
    updates,
)
from app.services.followup import voices as services
from app.services.followup.transitions import Words
from app.services.meetings import proposers


def dispute(scene: Scene, act: StagedAct) -> None:
    """`dispute | who | words`: by the key in their mail; the secretariat releases the words."""
    _say(scene, act, is_so=False)


def confirm(scene: Scene, act: StagedAct) -> None:
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


def not_upheld(scene: Scene, act: StagedAct) -> None:
    services.not_uphold(scene.session, scene.players.secretariat, scene.action, words=_public(scene, act))


def _public(scene: Scene, act: StagedAct) -> Words:
    return Words(public_summary=act.rest[0], lang=scene.lang)


def part(scene: Scene, act: StagedAct) -> None:
    """`part POST -5 | words in Arabic | in French`: its part, due so many days from the day of loading."""
    post, days = act.argument.split()
    titles = dict(zip(("ar", "fr"), act.rest, strict=True))
    due_on = scene.today + dt.timedelta(days=int(days))
    parts.add(
        scene.session, scene.players.secretariat, scene.action, post_id=scene.post(post), titles=titles, due_on=due_on
    )


def part_receipt(scene: Scene, act: StagedAct) -> None:
    parts.acknowledge(scene.session, scene.players.of_post(act.argument), scene.action)


def part_report(scene: Scene, act: StagedAct) -> None:
    """`part_report POST | note | public words`."""
    speaker, words = scene.players.of_post(act.argument), act.words(scene.lang)
    parts.say(scene.session, speaker, scene.action, Verb.REPORT_PART, words=words)


def question(scene: Scene, act: StagedAct) -> None:
    """`question | text`: by the secretariat to the owner."""
    questions.ask(scene.session, scene.players.secretariat, scene.action, text=act.rest[0])


def inquire(scene: Scene, act: StagedAct) -> None:
    """`inquire | text`: by the owner to the secretariat."""
    questions.ask(scene.session, scene.players.owner, scene.action, text=act.rest[0])


def reply(scene: Scene, act: StagedAct) -> None:
    """`reply | text`: to the last question, by the side that was asked."""
    asked = sa.select(QuestionNote).where(
        col(QuestionNote.action_id) == scene.action.id, col(QuestionNote.question_id).is_(None)
    )
    question = scene.session.scalars(asked.order_by(col(QuestionNote.id).desc()).limit(1)).one()
    answerer = scene.players.owner if question.side is Side.SECRETARIAT else scene.players.secretariat
    questions.answer(scene.session, answerer, scene.action, question, text=act.rest[0])
