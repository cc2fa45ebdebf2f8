"""One change on many actions: all or none, each recorded by itself, one mail a person; a preview tells the same."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Problems, Refused, Stale
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.rollups import PublicChange
from app.models.updates import Update
from app.services.followup import actions, bulk, bulk_edits, updates
from app.services.followup.bulk_edits import BulkChange, BulkEdit
from app.services.kernel.audit import SERVICE
from app.services.meetings import meetings, recommendations
from app.services.setup import themes
from tests import scenes
from tests.scenes import Scene

LATER = dt.date(2027, 12, 31)
MOVE = BulkEdit(BulkChange.DEADLINE, due_on=LATER, reason="Le budget arrive plus tard.")


def queued(session: Session) -> list[Envelope]:
    return list(session.scalars(sa.select(Envelope).order_by(col(Envelope.id))))


def three(made: Scene) -> list[Action]:
    """Under way, so that a deadline that moves is an extension; nothing of their making is in the queue."""
    items = [scenes.action(made) for _ in range(3)]
    made.session.execute(sa.delete(Envelope))
    return items


def test_a_deadline_is_moved_for_each_with_its_own_entry_and_one_mail_a_person(session: Session) -> None:
    made = scenes.scene(session, published=True)
    items = three(made)
    scenes.support(made, items[0])
    scenes.support(made, items[1])

    outcome = bulk_edits.make(session, made.actor("amina"), items, MOVE)

    assert [(item.due_on, item.extensions, item.baseline_on != LATER) for item in items] == [(LATER, 1, True)] * 3
    told = session.scalars(sa.select(Update).where(col(Update.public_summary) == MOVE.reason)).all()
    assert {update.action_id for update in told} == {item.id for item in items}
    recorded = session.scalars(sa.select(col(AuditEvent.subject_id)).where(col(AuditEvent.verb) == "move_deadline"))
    assert sorted(recorded) == sorted(item.id for item in items)
    assert [(one.kind, one.person_id, len(one.params["changes"])) for one in queued(session)] == [  # type: ignore[arg-type]
        ("changed_together", made.people["karim"], 3),
        ("changed_together", made.people["salma"], 2),
    ]
    assert [(mail.name, mail.changes) for mail in outcome.mails] == [("Karim", 3), ("Salma", 2)]
    assert [(line.after, line.is_changed) for line in outcome.lines] == [(LATER, True)] * 3


def test_a_single_change_for_somebody_is_told_by_the_letter_of_its_kind(session: Session) -> None:
    made = scenes.scene(session)
    items = three(made)[:1]

    bulk_edits.make(session, made.actor("amina"), items, MOVE)

    assert [one.kind for one in queued(session)] == ["deadline_moved"]


def test_an_owner_is_changed_old_keys_die_and_drafts_are_assigned(session: Session) -> None:
    made = scenes.scene(session)
    items = [*three(made)[:2], scenes.draft(made)]
    token = scenes.link(made, items[0])
    edit = BulkEdit(BulkChange.OWNER, owner_post_id=made.posts["salma"], reason="Elle a plus de moyens.")

    outcome = bulk_edits.make(session, made.actor("amina"), items, edit)

    assert {(item.owner_post_id, item.state) for item in items} == {(made.posts["salma"], State.ASSIGNED)}
    assert scenes.is_revoked(session, token)
    assert {(mail.name, mail.changes) for mail in outcome.mails} == {("Salma", 3), ("Karim", 2)}
    assert outcome.lines[2].before is None


def test_publication_withdrawal_and_theme(session: Session) -> None:
    made = scenes.scene(session, published=True)
    items, amina = three(made), made.actor("amina")
    theme = themes.create(session, SERVICE, titles={"fr": "Marchés"})

    assert bulk_edits.make(session, amina, items, BulkEdit(BulkChange.PUBLISH)).mails == []
    assert all(item.is_public for item in items)
    with pytest.raises(Refused):
        bulk_edits.make(session, amina, items, BulkEdit(BulkChange.PUBLISH))
    bulk_edits.make(session, amina, items, BulkEdit(BulkChange.WITHDRAW, reason="Une erreur."))
    assert not any(item.is_public for item in items)
    themed = bulk_edits.make(session, amina, items, BulkEdit(BulkChange.THEME, theme_id=theme.id))
    assert [line.is_changed for line in themed.lines] == [True, False, False]


def test_what_is_as_wanted_already_stays_and_is_not_counted(session: Session) -> None:
    made = scenes.scene(session)
    items = three(made)
    bulk_edits.make(session, made.actor("amina"), items[:1], MOVE)

    outcome = bulk_edits.make(session, made.actor("amina"), items, MOVE)

    assert [line.is_changed for line in outcome.lines] == [False, True, True]
    assert items[0].extensions == 1


def test_all_that_stands_in_the_way_is_named_and_nothing_is_done(session: Session) -> None:
    made = scenes.scene(session)
    good, done, ended = scenes.action(made), scenes.action(made, State.VERIFIED), scenes.action(made, State.CANCELLED)
    before = good.due_on
    session.commit()

    with pytest.raises(Problems) as refused:
        bulk_edits.make(session, made.actor("amina"), [good, done, ended], MOVE)
    session.rollback()

    assert [str(problem).partition(":")[0] for problem in refused.value.problems] == [done.ref, ended.ref]
    assert session.get_one(Action, good.id, populate_existing=True).due_on == before
    updates.on_track(session, made.actor("karim"), good)
    actions.reassign(session, made.actor("amina"), good, owner_post_id=made.posts["salma"], reason="Oui.")
    assert {one.kind for one in queued(session)} >= {"action_reassigned", "link_moved"}, "nothing is held back any more"


def test_what_moved_since_it_was_seen_is_named(session: Session) -> None:
    made = scenes.scene(session)
    items = three(made)
    versions = {item.ref: item.version for item in items}
    updates.on_track(session, made.actor("karim"), items[1])

    with pytest.raises(Stale) as stale:
        bulk_edits.make(session, made.actor("amina"), items, MOVE, versions)

    assert stale.value.current == {"refs": [items[1].ref]}
    with pytest.raises(Stale):
        bulk_edits.make(session, made.actor("amina"), items[:1], MOVE, {})


def test_nobody_changes_what_is_not_of_their_programme(session: Session) -> None:
    made = scenes.scene(session)
    items = three(made)

    for name in ("omar", "karim", "leila", "youssef", "nadia"):
        with pytest.raises(NotAllowed):
            bulk_edits.make(session, made.actor(name), items, MOVE)


@pytest.mark.parametrize("change", [BulkChange.OWNER, BulkChange.DEADLINE, BulkChange.PUBLISH, BulkChange.WITHDRAW])
def test_nothing_of_another_programme_goes_along_not_even_where_it_stays_as_it_is(
    session: Session, change: BulkChange
) -> None:
    made = scenes.scene(session, published=True)
    mine, foreign = scenes.action(made, due_on=LATER), _foreign(made)
    edit = BulkEdit(change, owner_post_id=foreign.owner_post_id, due_on=foreign.due_on, reason="Oui.")
    if change is BulkChange.WITHDRAW:
        scenes.publish(made, mine)  # and the other is not public

    for name, other in (("amina", foreign), ("omar", mine)):
        with pytest.raises(NotAllowed):
            bulk_edits.make(session, made.actor(name), [mine, foreign], edit)
        for several in (bulk.publish, bulk.verify):
            with pytest.raises(Refused):
                several(session, made.actor(name), [other])

    assert (mine.due_on, mine.owner_post_id, foreign.published_at) == (LATER, made.posts["karim"], None)


def _foreign(made: Scene) -> Action:
    """Of Omar's programme, assigned to his post."""
    session, omar = made.session, made.actor("omar")
    held = meetings.create(
        session, omar, made.other, titles={"fr": "Rencontre"}, held_on=scenes.in_days(-90), region="FM"
    )
    parent = recommendations.create(session, omar, held, titles={"fr": "Aider"}, source_text="Aider.", source_lang="fr")
    due_on = scenes.in_days(30)
    found = actions.create(session, omar, parent, titles=scenes.TITLES, owner_post_id=made.posts["omar"], due_on=due_on)
    actions.assign(session, omar, found)
    return found


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (BulkEdit(BulkChange.OWNER, reason="Oui."), "owner_post_id"),
        (BulkEdit(BulkChange.OWNER, owner_post_id=10_000, reason="Oui."), "owner_post_id"),
        (BulkEdit(BulkChange.DEADLINE, reason="Oui."), "due_on"),
        (BulkEdit(BulkChange.DEADLINE, due_on=LATER), "reason"),
        (BulkEdit(BulkChange.THEME, theme_id=10_000), "theme_id"),
        (BulkEdit(BulkChange.WITHDRAW), "reason"),
    ],
)
def test_what_is_missing_for_all_is_said_once_at_its_field(session: Session, edit: BulkEdit, field: str) -> None:
    made = scenes.scene(session)

    with pytest.raises(Problems) as refused:
        bulk_edits.make(session, made.actor("amina"), three(made), edit)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_date_in_the_past_is_asked_back_once_for_all(session: Session) -> None:
    made = scenes.scene(session)
    past = BulkEdit(BulkChange.DEADLINE, due_on=scenes.in_days(-9), reason="Oubli.")

    with pytest.raises(Refused) as refused:
        bulk_edits.make(session, made.actor("amina"), three(made), past)

    assert refused.value.field == "is_past"


def test_none_and_too_many_are_refused(session: Session) -> None:
    made = scenes.scene(session)
    item = scenes.action(made)

    for items in ([], [item] * (bulk_edits.MOST + 1)):
        with pytest.raises(Refused):
            bulk_edits.make(session, made.actor("amina"), items, MOVE)


def test_each_change_is_a_public_revision(session: Session) -> None:
    made = scenes.scene(session, published=True)
    items = three(made)
    for item in items:
        actions.publish(session, made.actor("amina"), item)
    session.commit()
    session.execute(sa.delete(PublicChange))

    bulk_edits.make(session, made.actor("amina"), items, MOVE)
    session.commit()

    scopes = session.scalars(sa.select(col(PublicChange.scopes))).one()
    assert f"recommendation:{made.recommendation.id}" in scopes or "all" in scopes
