"""Lists with every section full, in the words that officials use: long titles, long names, all that a row can say."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.permissions import Role
from app.domain.progress import Status
from app.domain.questions import Side
from app.domain.translations import TextKind
from app.domain.workflow import BlockReason, Evidence, State
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.extensions import ExtensionRequest
from app.models.meetings import Meeting
from app.models.notifications import Delivery, Envelope
from app.models.people import Organisation, Post
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.models.translations import TranslationDue
from app.models.updates import Update
from tests import builders, scenes
from tests.builders import titled
from tests.house import House

ENOUGH = 21  # more than any section shows, alone too
LONG_AGO = dt.timedelta(days=400)
TITLE = titled(
    "تعميم الشباك الموحد لمواكبة المقاولات الصغرى نحو الأسواق",
    "Généraliser le guichet unique pour accompagner les petites entreprises",
    "One counter in every chamber for small firms on their way to markets",
)
BODY = titled(
    "المديرية الجهوية للتجارة - طنجة - تطوان - الحسيمة",
    "Direction régionale du commerce - Tanger - Tétouan - Al Hoceïma",
    "Regional directorate of trade - Tangier - Tetouan - Al Hoceima",
)
POST = titled("رئيس مصلحة التتبع والتقييم", "Chef du service du suivi et de l’évaluation", "Head of follow-up")
WORDS = "تم تجهيز الشباك وتكوين ستة أعوان، وسيفتح في وجه المرتفقين ابتداء من الشهر المقبل بثلاث جماعات."
REASON = "550 5.1.1 The email account that you tried to reach does not exist"


def desk(house: House) -> None:
    """Amina is its secretariat and verifies too: every section with every act."""
    for number in range(ENOUGH):
        on = scenes.in_days(number - 40)
        for state in (State.DRAFT, State.SUBMITTED, State.ASSIGNED, State.BLOCKED, State.IN_PROGRESS):
            house.action(state, due_on=on)
        house.action(State.ACKNOWLEDGED, due_on=on)  # its words wait
        house.action(State.ACKNOWLEDGED, due_on=scenes.in_days(number + 90), is_priority=True)  # to be published
    _leave(house)
    asked = [house.action(State.ACKNOWLEDGED, due_on=scenes.in_days(number - 40)) for number in range(ENOUGH)]
    done = [house.action(State.VERIFIED, due_on=scenes.in_days(number - 40)) for number in range(ENOUGH)]
    shared = [house.action(State.ACKNOWLEDGED, due_on=scenes.in_days(number + 90)) for number in range(ENOUGH)]
    with house.database.write() as session:
        _ask(session, house, asked)
        session.execute(sa.update(Action).where(col(Action.ref).in_(done)).values(evidence=Evidence.DISPUTED))
        session.execute(sa.update(Action).where(col(Action.ref).in_(shared)).values(parts_due_on=scenes.in_days(-3)))
        _wonder(session, house, asked, Side.OWNER)
        _reword(session, asked)
        _long_words(session)
        _say_little(session)
        _wait(session, house)
        _fail(session)
        scenes.grant(session, house.made.people["amina"], Role.VERIFIER, house.made.programme)


def _ask(session: Session, house: House, refs: list[str]) -> None:
    """More time, by the post that owns them."""
    for action in session.scalars(sa.select(Action).where(col(Action.ref).in_(refs))):
        session.add(
            ExtensionRequest(
                action_id=action.id, programme_id=action.programme_id, post_id=action.owner_post_id or 0,
                person_id=house.made.people["karim"], asked_at=clock.now(), from_on=action.due_on,
                to_on=scenes.in_days(90), reason="L'appel d'offres est relancé.",
            )
        )  # fmt: skip


def _wonder(session: Session, house: House, refs: list[str], side: Side) -> None:
    """A question about each."""
    for action in session.scalars(sa.select(Action).where(col(Action.ref).in_(refs))):
        session.add(
            QuestionNote(
                action_id=action.id, programme_id=action.programme_id, post_id=action.owner_post_id or 0, side=side,
                person_id=house.made.people["karim"], at=_before(), text=WORDS,
            )
        )  # fmt: skip


def _reword(session: Session, refs: list[str]) -> None:
    """Each has a translation that its original has left behind."""
    for action in session.scalars(sa.select(Action).where(col(Action.ref).in_(refs))):
        session.add(
            TranslationDue(
                kind=TextKind.ACTION, subject_id=action.id, lang="ar", programme_id=action.programme_id,
                is_missing=False, ref=action.ref, titles=TITLE, since_at=_before(),
            )
        )  # fmt: skip


def mine(house: House) -> None:
    """Karim holds two posts, and supports half of what he sees."""
    for number in range(ENOUGH):
        for state, days in ((State.IN_PROGRESS, -90), (State.BLOCKED, 1), (State.ASSIGNED, 9), (State.IN_PROGRESS, 40)):
            house.action(state, due_on=scenes.in_days(days + number % 3), is_priority=True)
        house.action(State.VERIFIED)
    asked = [house.action(State.SUBMITTED) for _ in range(ENOUGH)]
    with house.database.write() as session:
        _wonder(session, house, asked, Side.SECRETARIAT)
        _long_words(session)
        session.execute(_of(Action, State.IN_PROGRESS, State.BLOCKED, State.ASSIGNED).values(**_silent()))


def actions(house: House) -> None:
    """A page of the list in which everything is late, blocked and silent."""
    with house.database.write() as session:
        made = house.made.within(session)
        post, body = session.get_one(Post, made.posts["karim"]), made.recommendation
        for _ in range(60):
            builders.action(session, body, post, State.BLOCKED, due_on=scenes.in_days(-90), assigned_at=_before())
        session.execute(sa.update(Action).values(block_reason=BlockReason.LEGAL_TEXT))
        _long_words(session)


def meeting(house: House) -> None:
    """Recommendations that wait to be published, the first with many actions, the others with two."""
    with house.database.write() as session:
        made = house.made.within(session)
        post = session.get_one(Post, made.posts["karim"])
        for number in range(40):
            item = builders.recommendation(session, made.meeting, position=number + 10, published_at=None)
            item.status = Status.IN_PROGRESS
            for _ in range(9 if number < 2 else 2):
                builders.action(session, item, post, State.BLOCKED, due_on=scenes.in_days(-90), assigned_at=_before())
        _long_words(session)


def outgoing(house: House) -> None:
    """Mails that did not leave, a week of reminders, a ledger."""
    for number in range(30):
        house.action(State.ASSIGNED, due_on=scenes.in_days(number % 7))
    for number in range(70):
        house.action(due_on=scenes.in_days(number % 7 - 20))
    with house.database.write() as session:
        _long_words(session)
        _fail(session)


def _long_words(session: Session) -> None:
    for table, titles in (
        (Action, TITLE),
        (Recommendation, TITLE),
        (Organisation, BODY),
        (Post, POST),
        (Meeting, TITLE),
    ):
        session.execute(sa.update(table).values(titles=titles))
    session.execute(sa.update(EvidenceItem).values(title=TITLE["ar"], location="https://example.ma/documents/2026/17"))
    session.execute(sa.update(Update).values(note=WORDS))


def _say_little(session: Session) -> None:
    """What is awaited is silent, who was asked has not confirmed; blocked by somebody with a long name."""
    session.execute(_of(Action, State.ASSIGNED, State.IN_PROGRESS, State.BLOCKED).values(**_silent()))
    session.execute(sa.update(Action).where(col(Action.state) == State.BLOCKED).values(who_can_unblock=BODY["ar"]))


def _wait(session: Session, house: House) -> None:
    """Words that wait for their release, with submissions too; recommendations that wait for an answer or a plan."""
    spoken = col(Action.state).in_((State.SUBMITTED, State.ACKNOWLEDGED)), col(Action.due_on) < scenes.in_days(0)
    last = sa.select(sa.func.max(col(Update.id))).join(Action, col(Action.id) == col(Update.action_id)).where(*spoken)
    waiting = sa.update(Update).where(col(Update.id).in_(last.group_by(col(Update.action_id))))
    session.execute(waiting.values(public_summary=WORDS, released_at=None))
    for status in (Status.AWAITING_RESPONSE, Status.ACCEPTED_NO_ACTION):
        for _ in range(ENOUGH):
            builders.recommendation(session, house.made.within(session).meeting, status=status, titles=TITLE)


def _leave(house: House) -> None:
    """Posts that owe something and that nobody holds."""
    with house.database.write() as session:
        made = house.made.within(session)
        vacant = [scenes.post(session, f"vacant-{number}", made.organisations["centre"]) for number in range(ENOUGH)]
    for post_id in vacant:
        house.action(State.ASSIGNED, owner_post_id=post_id, due_on=scenes.in_days(9))


def _fail(session: Session) -> None:
    """Half of the mails did not leave, half did."""
    lost, now = col(Envelope.id) % 2 == 0, clock.now()
    ended: dict[str, Any] = {"address": "prenom.nom@commerce-tanger.example.ma", "subject": f"Rappel : {TITLE['fr']}"}
    session.execute(sa.update(Envelope).where(lost).values(state=Delivery.DEAD, ended_at=now, reason=REASON, **ended))
    session.execute(sa.update(Envelope).where(~lost).values(state=Delivery.SENT, sent_at=now, **ended))


def _of(table: Any, *states: State) -> sa.Update:
    return sa.update(table).where(col(table.state).in_(states))


def _silent() -> dict[str, Any]:
    return {"assigned_at": _before(), "last_word_at": None}


def _before() -> dt.datetime:
    return clock.now() - LONG_AGO
