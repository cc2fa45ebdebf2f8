"""What a holder says: receipt, progress, obstacles, done; who hears of it, and when its words are released."""

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Problems, Refused
from app.domain.workflow import BlockReason, Evidence, State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.evidence import EvidenceItem
from app.models.meetings import ReleasePolicy
from app.models.notifications import Envelope
from app.models.updates import Update, Via
from app.queries.public import story_entries
from app.services.followup import closures, updates
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from tests import scenes
from tests.fixtures.settings import Configure
from tests.scenes import Scene

SAID = Words(note="Le guide est imprimé.", public_summary="Le guide est paru.")


def heard(made: Scene, kind: str) -> list[int]:
    query = sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == kind).order_by(col(Envelope.person_id))
    return list(made.session.scalars(query))


def mailed(made: Scene, item_words: Words = SAID) -> Update:
    return updates.report(
        made.session, made.actor("karim", Via.MAIL_LINK), scenes.action(made, State.IN_PROGRESS), words=item_words
    )


def test_the_secretariat_hears_why_an_action_is_declined(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.ASSIGNED)

    update = updates.decline(session, made.actor("karim"), action, reason="Le port en est chargé.")

    assert (action.state, update.note) == (State.DECLINED, "Le port en est chargé.")
    assert heard(made, "action_declined") == [made.people["amina"]]


def test_a_block_says_what_and_who_and_the_managers_hear(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS)

    updates.block(
        session, made.actor("karim"), action, block_reason=BlockReason.LAND, who_can_unblock="La commune \u202e"
    )

    assert (action.block_reason, action.who_can_unblock) == (BlockReason.LAND, "La commune")
    assert heard(made, "action_blocked") == [made.people["leila"]]


def test_a_block_without_reason_or_helper_names_both(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(Problems) as several:
        updates.block(session, made.actor("karim"), scenes.action(made), block_reason=None, who_can_unblock=" ")

    assert [problem.field for problem in several.value.problems] == ["block_reason", "who_can_unblock"]


def test_a_declared_action_is_told_to_the_verifiers(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)

    updates.submit(session, made.actor("karim"), action, words=SAID)

    assert (action.state, action.evidence) == (State.SUBMITTED, Evidence.DECLARED)
    assert action.submitted_by_id == made.people["karim"]
    assert heard(made, "action_submitted") == [made.people["youssef"]]


def test_a_priority_action_is_not_done_without_a_document(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, is_priority=True)

    with pytest.raises(Refused) as refused:
        updates.submit(session, made.actor("karim"), action, words=SAID)
    updates.submit(session, made.actor("karim"), action, words=SAID, document=Document("Le guide", "https://a.ma/g"))

    assert refused.value.field == "evidence_title"
    assert (action.state, action.evidence) == (State.SUBMITTED, Evidence.DOCUMENTED)
    [item] = session.scalars(sa.select(EvidenceItem)).all()
    assert (item.title, item.location, item.person_id) == ("Le guide", "https://a.ma/g", made.people["karim"])


def test_percent_is_kept_with_the_update_and_the_action(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)

    update = updates.report(session, made.actor("karim"), action, words=Words(note="À mi-chemin.", percent=50))

    assert (action.percent, update.percent) == (50, 50)

    updates.report(session, made.actor("karim"), action, words=Words(note="Sans estimation."))
    assert action.percent == 50
    updates.report(session, made.actor("karim"), action, words=Words(note="Tout est à refaire.", percent=0))
    assert action.percent == 0


def test_only_the_secretariat_releases_and_the_record_says_so(session: Session) -> None:
    made = scenes.scene(session)
    update = mailed(made)

    with pytest.raises(NotAllowed):
        updates.release(session, made.actor("karim"), update)
    updates.release(session, made.actor("amina"), update)
    first = update.released_at
    updates.release(session, made.actor("amina"), update)

    assert first
    assert update.released_at == first
    assert update.released_by_id == made.people["amina"]
    assert _records(session, update) == ["release"]


def test_words_without_a_public_part_have_nothing_to_release(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(Refused):
        updates.release(session, made.actor("amina"), mailed(made, Words(note="Entre nous.")))


def test_withheld_words_need_a_reason_and_leave_the_public_page(session: Session) -> None:
    made = scenes.scene(session)
    update = mailed(made)
    updates.release(session, made.actor("amina"), update)

    with pytest.raises(Refused):
        updates.withhold(session, made.actor("amina"), update, reason=" ")
    updates.withhold(session, made.actor("amina"), update, reason="Il nomme une personne.")

    assert update.released_at is None
    assert update.withheld_reason == "Il nomme une personne."
    assert update.public_summary == SAID.public_summary
    assert _records(session, update) == ["release", "withhold"]


@pytest.mark.parametrize("is_reopened", [False, True])
def test_the_withheld_reason_of_an_ending_leaves_the_action_too(session: Session, is_reopened: bool) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    first = closures.cancel(session, made.actor("amina"), action, reason="M. Alami refuse de signer.")
    if is_reopened:
        closures.reopen(session, made.actor("amina"), action, reason="Il signe.")
        closures.cancel(session, made.actor("amina"), action, reason="Le projet est abandonné.")

    updates.withhold(session, made.actor("amina"), first, reason="Il nomme une personne.")
    assert action.end_reason == ("Le projet est abandonné." if is_reopened else "")

    updates.release(session, made.actor("amina"), first)
    assert action.end_reason == ("Le projet est abandonné." if is_reopened else first.public_summary)


def test_the_policy_releases_by_itself_on_its_day_and_not_what_was_withheld(session: Session) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        made = scenes.scene(session)
        made.programme.release_policy, made.programme.release_days = ReleasePolicy.AFTER_DAYS, 2
        kept, let_go = mailed(made), mailed(made)
        updates.withhold(session, made.actor("amina"), kept, reason="Il nomme une personne.")
        early = updates.release_due(session)
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False):
        on_time, again = updates.release_due(session), updates.release_due(session)

    assert (early, on_time, again) == (0, 1, 0)
    assert let_go.released_at
    assert kept.released_at is None
    assert _records(session, let_go) == ["release"]


def test_words_that_wait_for_their_day_are_not_public_the_day_before(session: Session) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        made = scenes.scene(session, published=True)
        made.programme.release_policy, made.programme.release_days = ReleasePolicy.AFTER_DAYS, 2
        waiting = mailed(made)
        scenes.publish(made, session.get_one(Action, waiting.action_id))
    for day, said in ((24, ""), (25, "Le guide est paru.")):
        with time_machine.travel(dt.datetime(2026, 11, day, 23, 59, tzinfo=dt.UTC), tick=False):
            updates.release_due(session)
            session.flush()
            told = {entry.id: entry.summary for entry in story_entries.newest(session, action_id=waiting.action_id)}
            assert told[waiting.id] == said


def test_the_day_of_the_release_is_the_installation_s(session: Session, configure: Configure) -> None:
    """Tuesday evening in Greenwich is Wednesday in Auckland."""
    configure(timezone="Pacific/Auckland")
    with time_machine.travel(dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC), tick=False):
        made = scenes.scene(session)
        made.programme.release_policy, made.programme.release_days = ReleasePolicy.AFTER_DAYS, 2
        assert mailed(made).release_on == dt.date(2026, 11, 25)
    with time_machine.travel(dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC), tick=False):
        assert updates.release_due(session) == 0
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False):
        assert updates.release_due(session) == 1


def _records(session: Session, update: Update) -> list[str]:
    query = sa.select(col(AuditEvent.verb)).where(
        col(AuditEvent.subject_kind) == "update", col(AuditEvent.subject_id) == update.id
    )
    return list(session.scalars(query.order_by(col(AuditEvent.id))))
