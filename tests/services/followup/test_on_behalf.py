"""Recording what a post said elsewhere: by whom, of whom, from which day it counts, and who hears."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import schedule
from app.domain.errors import NotAllowed, Problems, Refused
from app.domain.on_behalf import CameBy
from app.domain.permissions import Role
from app.domain.schedule import Schedule
from app.domain.workflow import BlockReason, Evidence, PartState, State, Verb
from app.models.actions import Action, ActionSupport
from app.models.audit import AuditEvent
from app.models.evidence import EvidenceItem
from app.models.notifications import Envelope
from app.models.updates import Update, Via
from app.queries.followup import behalf
from app.services.followup import on_behalf, parts, updates, verifications
from app.services.followup.answers import Obstacle
from app.services.followup.evidence import Document
from app.services.followup.on_behalf import Arrival, Said
from app.services.followup.transitions import Words
from app.services.kernel import rollups
from tests import scenes
from tests.scenes import Scene

LETTER = Document("Lettre du centre", "n° 412/2026")
DONE = Words(note="Le guide est imprimé.", public_summary="Le guide est paru.")


def _today() -> dt.date:
    return clock.today(settings().zone)


def _ago(days: int) -> dt.date:
    return _today() - dt.timedelta(days)


def _old(made: Scene, state: State = State.IN_PROGRESS, days: int = 30, **changes: object) -> Action:
    """An action that was asked for that many days ago."""
    with clock.at(clock.now() - dt.timedelta(days)):
        return scenes.action(made, state, **changes)


def _letter(made: Scene, days: int = 10, post: str = "karim") -> Arrival:
    return Arrival(made.posts[post], CameBy.LETTER, _ago(days))


def _record(made: Scene, action: Action, verb: Verb, arrival: Arrival | None = None, **said: object) -> Update:
    told = Said(verb, **({"document": LETTER} | said))  # type: ignore[arg-type]
    return on_behalf.record(made.session, made.actor("amina"), action, arrival or _letter(made), told)


@pytest.mark.parametrize(
    ("start", "verb", "end"),
    [
        (State.ASSIGNED, Verb.ACKNOWLEDGE, State.ACKNOWLEDGED),
        (State.ASSIGNED, Verb.DECLINE, State.DECLINED),
        (State.ASSIGNED, Verb.REPORT, State.IN_PROGRESS),
        (State.IN_PROGRESS, Verb.ON_TRACK, State.IN_PROGRESS),
        (State.IN_PROGRESS, Verb.BLOCK, State.BLOCKED),
        (State.BLOCKED, Verb.UNBLOCK, State.IN_PROGRESS),
        (State.IN_PROGRESS, Verb.SUBMIT, State.SUBMITTED),
    ],
)
def test_each_answer_of_a_holder_can_be_recorded(session: Session, start: State, verb: Verb, end: State) -> None:
    made = scenes.scene(session)
    action = _old(made, start)

    update = _record(made, action, verb, words=DONE, obstacle=Obstacle(BlockReason.BUDGET, "Le ministère"))

    assert action.state == end
    assert (update.via, update.post_id, update.person_id) == (Via.ON_BEHALF, made.posts["karim"], made.people["amina"])
    assert (update.came_by, update.came_on) == (CameBy.LETTER, _ago(10))
    piece = session.scalars(sa.select(EvidenceItem).where(col(EvidenceItem.update_id) == update.id)).one()
    assert (piece.title, piece.location, piece.person_id) == (*_plain(LETTER), made.people["amina"])
    assert rollups.faults(session) == []


def _plain(document: Document) -> tuple[str, str]:
    return document.title, document.location


def test_silence_counts_from_the_day_it_came_and_an_old_letter_does_not_undo_a_newer_word(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    _record(made, action, Verb.ON_TRACK, _letter(made, 10))
    assert action.last_word_at
    assert clock.day(action.last_word_at, settings().zone) == _ago(10)

    _record(made, action, Verb.ON_TRACK, _letter(made, 20))

    assert clock.day(action.last_word_at, settings().zone) == _ago(10)


def test_what_was_said_in_time_is_done_in_time_whenever_it_was_recorded(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made, due_on=_ago(5))
    _record(made, action, Verb.SUBMIT, _letter(made, 6), words=DONE)
    verifications.verify(session, made.actor("youssef"), action)

    assert action.submitted_at
    assert clock.day(action.submitted_at, settings().zone) == _ago(6)
    assert _judged(action) == Schedule.DONE_ON_TIME


def _judged(action: Action) -> Schedule:
    zone = settings().zone
    return schedule.judge(
        action.state,
        baseline_on=action.baseline_on,
        due_on=action.due_on,
        submitted_on=clock.day(action.submitted_at, zone),
        today=_today(),
    ).schedule


def test_who_recorded_it_does_not_verify_it_and_is_not_asked_to(session: Session) -> None:
    made = scenes.scene(session)
    scenes.grant(session, made.people["amina"], Role.VERIFIER, made.programme)
    action = _old(made)
    _record(made, action, Verb.SUBMIT, words=DONE)

    asked = session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "action_submitted"))
    assert list(asked) == [made.people["youssef"]]
    with pytest.raises(NotAllowed):
        verifications.verify(session, made.actor("amina"), action)


def test_the_holder_hears_that_something_was_recorded_in_their_name(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    update = _record(made, action, Verb.ON_TRACK)

    found = session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "recorded_on_behalf")).one()
    assert (found.person_id, found.params["update_id"]) == (made.people["karim"], update.id)


def test_words_typed_by_the_secretariat_are_public_at_once(session: Session) -> None:
    made = scenes.scene(session)
    update = _record(made, _old(made), Verb.REPORT, words=DONE)

    assert update.released_at is not None


@pytest.mark.parametrize("name", ["karim", "salma", "leila", "youssef", "nadia", "omar"])
def test_nobody_but_its_secretariat_records_on_behalf(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action = _old(made)
    scenes.support(made, action)

    with pytest.raises(NotAllowed):
        on_behalf.record(session, made.actor(name), action, _letter(made), Said(Verb.ON_TRACK, document=LETTER))


@pytest.mark.parametrize(
    ("days", "field"), [(-1, "came_on"), (31, "came_on"), (30, ""), (0, "")], ids=["future", "before", "first", "today"]
)
def test_the_day_lies_between_the_assignment_and_today(session: Session, days: int, field: str) -> None:
    made = scenes.scene(session)
    action = _old(made)

    if not field:
        _record(made, action, Verb.ON_TRACK, _letter(made, days))
        return
    with pytest.raises(Refused) as refusal:
        _record(made, action, Verb.ON_TRACK, _letter(made, days))
    assert refusal.value.field == field


def test_after_a_return_no_older_letter_declares_it_done_again(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    updates.submit(session, made.actor("karim"), action, words=DONE)
    verifications.send_back(session, made.actor("youssef"), action, reason="Encore.")

    with pytest.raises(Refused) as refusal:
        _record(made, action, Verb.SUBMIT, _letter(made, 1), words=DONE)
    assert refusal.value.field == "came_on"


def test_a_supporting_post_speaks_for_its_part_alone(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    scenes.support(made, action)
    told = _record(made, action, Verb.SUBMIT, _letter(made, post="salma"), words=DONE)
    part = session.scalars(sa.select(ActionSupport)).one()

    assert (told.verb, told.post_id, told.part_of_id) == (Verb.PART_DONE, made.posts["salma"], part.organisation_id)
    assert (part.part_state, clock.day(part.done_at, settings().zone)) == (PartState.DONE, _ago(10))
    assert (action.state, clock.day(action.last_word_at, settings().zone)) == (State.IN_PROGRESS, _ago(30))
    with pytest.raises(Refused) as refusal:
        _record(made, action, Verb.BLOCK, _letter(made, post="salma"), words=DONE)
    assert refusal.value.field == "post_id"


def test_the_word_of_a_post_that_was_asked_later_is_no_older_than_that(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    with clock.at(clock.now() - dt.timedelta(5)):
        asker = made.actor("amina")
        parts.add(session, asker, action, post_id=made.posts["salma"], titles={}, due_on=None)

    with pytest.raises(Refused) as refusal:
        _record(made, action, Verb.ON_TRACK, _letter(made, 6, "salma"))
    assert refusal.value.field == "came_on"
    _record(made, action, Verb.ON_TRACK, _letter(made, 5, "salma"))


def test_everything_that_is_missing_is_said_at_once(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)

    with pytest.raises(Problems) as refusal:
        on_behalf.record(session, made.actor("amina"), action, Arrival(), Said())
    assert [one.field for one in refusal.value.problems] == ["said", "post_id", "came_by", "came_on"]


def test_a_letter_is_named_and_a_call_needs_none(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    with pytest.raises(Refused) as refusal:
        _record(made, action, Verb.ON_TRACK, document=Document())
    assert refusal.value.field == "evidence_title"

    _record(made, action, Verb.ON_TRACK, Arrival(made.posts["karim"], CameBy.PHONE, _today()), document=Document())

    assert action.evidence == Evidence.NONE


def test_the_record_keeps_how_it_came(session: Session) -> None:
    made = scenes.scene(session)
    _record(made, _old(made), Verb.ON_TRACK)

    event = session.scalars(
        sa.select(AuditEvent).where(col(AuditEvent.verb) == "on_track", col(AuditEvent.via) == Via.ON_BEHALF)
    ).one()
    assert (event.data["came_by"], event.data["came_on"]) == ("letter", _ago(10).isoformat())


def test_the_owner_is_offered_first_and_nobody_where_no_word_is_owed(session: Session) -> None:
    made = scenes.scene(session)
    action = _old(made)
    scenes.support(made, action)

    found = behalf.offered(session, action)

    assert found
    assert [post.id for post in found.posts] == [made.posts["karim"], made.posts["salma"]]
    updates.submit(session, made.actor("karim"), action, words=DONE)
    left = behalf.offered(session, action)
    assert left
    assert [post.id for post in left.posts] == [made.posts["salma"]], "its part is open still"
    _record(made, action, Verb.SUBMIT, _letter(made, post="salma"), words=DONE)
    assert behalf.offered(session, action) is None


def test_a_recorder_who_holds_the_owning_post_records_a_supporting_one_as_that_one_alone(session: Session) -> None:
    made = scenes.scene(session)
    own = scenes.post(session, "own", made.organisations["centre"])
    scenes.holds(session, made.people["amina"], own)
    action = _old(made, State.ASSIGNED, owner_post_id=own)
    scenes.support(made, action)

    told = _record(made, action, Verb.REPORT, _letter(made, post="salma"), words=DONE)

    assert told.post_id == made.posts["salma"]
