"""More time: asked for, endorsed, decided once, told; what is granted is counted, and no way leads round the table."""

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import DomainError, NotAllowed, Problems, Refused, Stale
from app.domain.extensions import RequestOutcome
from app.domain.permissions import Role
from app.domain.workflow import State, Verb
from app.models.actions import Action, ActionSupport
from app.models.audit import AuditEvent
from app.models.extensions import ExtensionRequest
from app.models.notifications import Envelope
from app.models.updates import Via
from app.queries.followup import extensions as requests
from app.services.followup import actions, closures, extensions, parts, updates
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.kernel import rollups
from tests import scenes
from tests.scenes import Scene

Ending = Callable[[Scene, Action], object]


def ask(made: Scene, action: Action, who: str = "karim", days: int = 60, **changes: object) -> ExtensionRequest:
    given: dict[str, object] = {"due_on": scenes.in_days(days), "reason": "L'imprimeur est fermé."}
    return extensions.ask(made.session, made.actor(who), action, **(given | changes))  # type: ignore[arg-type]


def grant(made: Scene, action: Action, asked: ExtensionRequest, who: str = "amina", **changes: object) -> object:
    return extensions.grant(made.session, made.actor(who), action, asked, reason="Le retard est réel.", **changes)  # type: ignore[arg-type]


def mails(session: Session, kind: str) -> set[int]:
    return set(session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == kind)))


def test_a_request_is_kept_as_its_post_asked_and_moves_nothing(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    before = action.due_on, action.extensions, action.deadline_version, action.last_word_at

    asked = ask(made, action)

    assert (asked.post_id, asked.person_id, asked.part_of_id) == (made.posts["karim"], made.people["karim"], None)
    assert (asked.from_on, asked.to_on, asked.outcome) == (scenes.in_days(20), scenes.in_days(60), "open")
    assert (action.due_on, action.extensions, action.deadline_version, action.last_word_at) == before
    assert mails(session, "extension_asked") == {made.people["amina"], made.people["leila"]}


@pytest.mark.parametrize("who", ["leila", "youssef", "nadia", "amina", "omar"])
def test_only_who_owes_it_asks(session: Session, who: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    with pytest.raises(NotAllowed):
        ask(made, action, who)


def test_a_date_and_a_reason_are_needed_and_the_date_is_later(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    with pytest.raises(Problems) as missing:
        ask(made, action, due_on=None, reason=" ")
    assert {problem.field for problem in missing.value.problems} == {"due_on", "reason"}
    for days in (-1, 10, 20):
        with pytest.raises(Refused):
            ask(made, action, days=days)


def test_one_request_of_a_post_is_open_at_a_time(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)
    first = ask(made, action)
    with pytest.raises(Refused):
        ask(made, action)
    ask(made, action, "salma")
    extensions.withdraw(session, made.actor("karim"), action, first)
    assert ask(made, action).id != first.id


def test_what_is_granted_is_counted_and_public_while_the_baseline_stays(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made)
    scenes.support(made, action)
    baseline, version = action.baseline_on, action.deadline_version
    asked = ask(made, action)

    update = extensions.grant(
        session, made.actor("amina"), action, asked, due_on=scenes.in_days(50), reason="Le marché est relancé."
    )

    assert (action.due_on, action.baseline_on, action.extensions) == (scenes.in_days(50), baseline, 1)
    assert action.deadline_version == version + 1
    assert (update.public_summary, update.released_at is not None) == ("Le marché est relancé.", True)
    assert (asked.outcome, asked.granted_on, asked.decided_by_id) == (
        RequestOutcome.GRANTED, scenes.in_days(50), made.people["amina"],
    )  # fmt: skip
    assert mails(session, "extension_decided") == {made.people["karim"]}
    assert mails(session, "deadline_moved") == {made.people["salma"]}


def test_a_refusal_keeps_the_date_and_says_why_to_who_asked(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)

    update = extensions.refuse(session, made.actor("amina"), action, asked, reason="Rien n'a commencé.")

    assert (action.due_on, action.extensions) == (scenes.in_days(20), 0)
    assert (update.note, update.public_summary) == ("Rien n'a commencé.", "")
    assert (asked.outcome, asked.decision) == ("refused", "Rien n'a commencé.")
    assert mails(session, "extension_decided") == {made.people["karim"]}


def test_it_is_decided_once(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)
    grant(made, action, asked)
    for again in (grant, lambda *given: extensions.refuse(session, made.actor("amina"), *given[1:], reason="Non.")):
        with pytest.raises(Refused):
            again(made, action, asked)
    assert action.extensions == 1


@pytest.mark.parametrize("who", ["karim", "leila", "youssef", "nadia", "omar"])
def test_only_the_secretariat_decides_where_the_programme_says_nothing(session: Session, who: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)
    with pytest.raises(NotAllowed):
        grant(made, action, asked, who)
    with pytest.raises(NotAllowed):
        extensions.refuse(session, made.actor(who), action, asked, reason="Non.")
    assert asked.outcome is RequestOutcome.OPEN


def test_a_manager_grants_two_and_no_third_where_the_programme_allows(session: Session) -> None:
    made = scenes.scene(session)
    made.programme.managers_decide = True
    action = scenes.action(made)
    for days in (60, 70):
        grant(made, action, ask(made, action, days=days), "leila")
    third = ask(made, action, days=80)
    with pytest.raises(NotAllowed):
        grant(made, action, third, "leila")
    grant(made, action, third)
    assert action.extensions == 3


def test_who_asked_decides_nothing_of_it_though_they_belong_to_the_secretariat(session: Session) -> None:
    made = scenes.scene(session)
    scenes.grant(session, made.people["karim"], Role.SECRETARIAT, made.programme)
    action = scenes.action(made)
    with pytest.raises(NotAllowed):
        grant(made, action, ask(made, action), "karim")


def test_a_manager_endorses_once_and_who_decides_sees_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)
    extensions.endorse(session, made.actor("leila"), action, asked)
    assert asked.endorsed_by_id == made.people["leila"]
    with pytest.raises(Refused):
        extensions.endorse(session, made.actor("leila"), action, asked)
    with pytest.raises(NotAllowed):
        extensions.endorse(session, made.actor("amina"), action, asked)


def test_a_supporting_post_asks_for_its_own_part_and_the_action_stays(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action, scenes.in_days(10))
    with pytest.raises(Refused):
        ask(made, action, "salma", days=21)
    asked = ask(made, action, "salma", days=18)
    assert (asked.part_of_id, asked.from_on) == (made.organisations["chamber"], scenes.in_days(10))

    update = grant(made, action, asked)

    part = session.scalars(sa.select(ActionSupport).where(col(ActionSupport.action_id) == action.id)).one()
    assert (part.due_on, action.due_on, action.extensions) == (scenes.in_days(18), scenes.in_days(20), 0)
    assert (part.baseline_on, part.extensions) == (scenes.in_days(10), 1)
    assert action.parts_due_on == scenes.in_days(18), "the desk looks after the new day"
    assert (update.public_summary, update.part_of_id) == ("Le retard est réel.", part.organisation_id)  # type: ignore[attr-defined]
    assert (update.verb.facts.is_told, rollups.faults(session)) == (True, [])  # type: ignore[attr-defined]
    assert mails(session, "extension_decided") == {made.people["salma"]}


def _submit(made: Scene, action: Action) -> None:
    words = Words(note="Fait.")
    updates.submit(made.session, made.actor("karim"), action, words=words, document=Document("Le guide"))


def _move(made: Scene, action: Action) -> None:
    closures.move_deadline(made.session, made.actor("amina"), action, due_on=scenes.in_days(90), reason="Le marché.")


def _cancel(made: Scene, action: Action) -> None:
    closures.cancel(made.session, made.actor("amina"), action, reason="Abandonné.")


def _reassign(made: Scene, action: Action) -> None:
    actions.reassign(
        made.session, made.actor("amina"), action, owner_post_id=made.posts["salma"], reason="Plus proche."
    )


@pytest.mark.parametrize("moves_on", [_submit, _move, _cancel, _reassign])
def test_an_open_request_lapses_when_its_action_moves_on_otherwise(session: Session, moves_on: Ending) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)

    moves_on(made, action)

    assert asked.outcome is RequestOutcome.LAPSED
    told = sa.select(col(AuditEvent.verb)).where(col(AuditEvent.subject_kind) == "extension_request")
    assert session.scalars(told).all() == ["lapse"]
    with pytest.raises((Refused, NotAllowed)):
        grant(made, action, asked)


def _move_part(made: Scene, action: Action, part: ActionSupport) -> None:
    parts.move(made.session, made.actor("amina"), action, part, due_on=scenes.in_days(15), reason="La foire.")


def _end_part(made: Scene, action: Action, part: ActionSupport) -> None:
    parts.end(made.session, made.actor("amina"), action, part, reason="Un autre s'en charge.")


def _part_done(made: Scene, action: Action, part: ActionSupport) -> None:
    parts.say(made.session, made.actor("salma"), action, Verb.PART_DONE, words=Words(note="Remis."))


@pytest.mark.parametrize("moves_on", [_move_part, _end_part, _part_done])
def test_what_a_part_asked_for_lapses_when_the_part_moves_on_otherwise_and_nothing_else_does(
    session: Session, moves_on: Callable[[Scene, Action, ActionSupport], None]
) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action, scenes.in_days(10))
    of_part, of_action = ask(made, action, "salma", days=18), ask(made, action)

    moves_on(made, action, session.scalars(sa.select(ActionSupport)).one())

    assert (of_part.outcome, of_action.outcome) == (RequestOutcome.LAPSED, RequestOutcome.OPEN)
    with pytest.raises(Refused):
        grant(made, action, of_part)


def test_with_the_support_lapses_what_its_post_asked_for_the_whole_action(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)
    asked = ask(made, action, "salma")
    part = session.scalars(sa.select(ActionSupport)).one()
    _move_part(made, action, part)
    assert requests.open_of(session, action.id, made.posts["salma"]), "it was never about the part"

    _end_part(made, action, part)
    assert asked.outcome is RequestOutcome.LAPSED


def test_every_extension_of_a_part_counts_before_its_manager_may_decide(session: Session) -> None:
    made = scenes.scene(session)
    made.programme.managers_decide = True
    action = scenes.action(made)
    scenes.support(made, action, scenes.in_days(10))
    part = session.scalars(sa.select(ActionSupport)).one()
    _move_part(made, action, part)
    asked = ask(made, action, "salma", days=18)
    grant(made, action, asked)

    assert requests.facts(session, ask(made, action, "salma", days=19), action.id).extensions == part.extensions == 2


def test_a_request_stands_while_its_post_reports_or_is_blocked(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)
    updates.on_track(session, made.actor("karim"), action)
    scenes._block(made, action)
    assert asked.outcome is RequestOutcome.OPEN


def test_what_somebody_else_changed_meanwhile_is_no_decision(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = ask(made, action)
    with pytest.raises(Stale):
        grant(made, action, asked, version=action.version - 1)


def test_the_holder_asks_from_a_mail_as_well(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    asked = extensions.ask(
        session, made.actor("karim", Via.MAIL_LINK), action, due_on=scenes.in_days(60), reason="L'imprimeur."
    )
    assert requests.open_of(session, action.id, made.posts["karim"]) == asked


PEOPLE = ("amina", "karim", "salma", "leila", "youssef", "nadia", "omar")


@pytest.mark.parametrize("seed", range(6))
def test_no_random_walk_finds_a_way_round(session: Session, seed: int) -> None:
    """Whatever is tried by whomever: each extension was somebody's decision who may, later than before, and counted."""
    made, chance = scenes.scene(session), random.Random(seed)
    made.programme.managers_decide = bool(seed % 2)
    action = scenes.action(made)
    scenes.support(made, action)
    baseline = action.baseline_on
    for _ in range(60):
        asked = session.scalars(sa.select(ExtensionRequest)).all()
        who, days = chance.choice(PEOPLE), chance.randrange(-10, 200)
        due_on, before, counted = scenes.in_days(days), action.due_on, action.extensions
        with suppress(DomainError):
            if not asked or chance.random() < 0.3:
                ask(made, action, who, days=days)
                continue
            one, act = chance.choice(asked), chance.choice(("grant", "refuse", "endorse", "withdraw"))
            was, given = one.outcome, dict[str, object]()
            given |= {} if act in ("endorse", "withdraw") else {"reason": "Vu."}
            given |= {"due_on": due_on} if act == "grant" else {}
            getattr(extensions, act)(session, made.actor(who), action, one, **given)
            assert was is RequestOutcome.OPEN
            assert one.person_id != made.people[who] or act == "withdraw"
            assert act == "withdraw" or who == "amina" or (who == "leila" and (act == "endorse" or _may(made, counted)))
            continue
        assert (action.due_on, action.extensions) == (before, counted), "what was refused changed nothing"
    granted = [one for one in session.scalars(sa.select(ExtensionRequest)) if one.outcome is RequestOutcome.GRANTED]
    assert action.extensions == len(granted)
    assert action.baseline_on == baseline
    assert all(one.granted_on and one.granted_on > (one.from_on or dt.date.max) for one in granted)
    assert action.state is State.IN_PROGRESS


def _may(made: Scene, counted: int) -> bool:
    return made.programme.managers_decide and counted < 2
