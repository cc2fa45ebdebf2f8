"""What a proposer says of a verified action: once for each verification, with equal weight, and answered."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.db import Database
from app.domain import on_behalf
from app.domain.errors import Gone, NotAllowed, NotFound, Refused
from app.domain.on_behalf import CameBy
from app.domain.workflow import Evidence, State, Verb
from app.models.actions import Action
from app.models.meetings import ReleasePolicy
from app.models.notifications import Delivery, Envelope
from app.models.proposers import Proposer, Voice
from app.models.updates import Update
from app.queries.followup import search_filters, searches
from app.queries.followup import voices as queries
from app.queries.followup.search_filters import SearchFilters
from app.services.followup import closures, updates, verifications, voices
from app.services.followup.transitions import Words
from app.services.followup.voices import Spoken
from app.services.kernel import proposer_news
from app.services.mailing import letters
from app.services.mailing.delivery import failure_notices
from app.services.mailing.letters import proposals
from app.services.meetings import proposers, recommendations
from tests import scenes
from tests.builders import instant
from tests.scenes import Scene

WORDS = "Le guichet est fermé depuis mars."


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session, published=True)


def verified(made: Scene) -> tuple[Action, Proposer]:
    one = scenes.proposer(made.session, made.recommendation.id)
    action = scenes.action(made, State.SUBMITTED)
    scenes.publish(made, action)
    verifications.verify(made.session, made.actor("youssef"), action)
    return action, one


def opened(made: Scene, action: Action, one: Proposer) -> queries.VoiceKey:
    return queries.opened(made.session, scenes.voice_link(made.session, one, action), lock=True)


def test_a_dispute_waits_for_its_release_and_is_not_counted_as_implemented(session: Session, made: Scene) -> None:
    action, one = verified(made)
    made.programme.release_policy = ReleasePolicy.BY_HAND

    update = voices.answer(session, opened(made, action, one), is_so=False, text=WORDS, lang="fr")

    assert (action.state, action.evidence) == (State.VERIFIED, Evidence.DISPUTED)
    assert made.recommendation.is_disputed
    assert (update.person_id, update.public_summary, update.released_at) == (None, WORDS, None)


def test_that_it_is_not_so_needs_words_and_that_it_is_needs_none(session: Session, made: Scene) -> None:
    action, one = verified(made)
    key = opened(made, action, one)

    with pytest.raises(Refused):
        voices.answer(session, key, is_so=False)
    with pytest.raises(Refused):
        voices.answer(session, key, is_so=None, text=WORDS)
    assert voices.answer(session, key, is_so=True).verb is Verb.CONFIRM
    assert action.evidence is Evidence.VERIFIED


def test_they_answer_once_and_again_only_after_another_verification(session: Session, made: Scene) -> None:
    action, one = verified(made)
    key = opened(made, action, one)
    voices.answer(session, key, is_so=False, text=WORDS)

    with pytest.raises(Refused):
        voices.answer(session, key, is_so=True)
    with pytest.raises(queries.Answered):
        opened(made, action, one)
    closures.reopen(session, made.actor("amina"), action, reason="Le guichet doit rouvrir.")
    scenes.declare(made, action)
    verifications.verify(session, made.actor("youssef"), action)

    assert voices.answer(session, opened(made, action, one), is_so=True)
    assert len(session.scalars(sa.select(Voice)).all()) == 2


def test_of_many_who_press_at_once_one_answers(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        action, one = verified(made)
        token = scenes.voice_link(session, one, action)

    def press(number: int) -> bool:
        try:
            with database.write() as session:
                key = queries.opened(session, token, lock=True)
                voices.answer(session, key, is_so=False, text=f"{WORDS} {number}")
        except queries.Answered:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answered = sum(pool.map(press, range(40)))

    assert answered == 1
    with database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Voice)).one() == 1


def test_a_confirmation_leaves_the_dispute_of_another_standing(session: Session, made: Scene) -> None:
    action, one = verified(made)
    other = scenes.proposer(session, made.recommendation.id)
    voices.answer(session, opened(made, action, one), is_so=False, text=WORDS)

    voices.answer(session, opened(made, action, other), is_so=True)

    assert action.evidence is Evidence.DISPUTED


def test_upheld_it_is_open_again_and_its_holder_hears(session: Session, made: Scene) -> None:
    action, one = verified(made)
    voices.answer(session, opened(made, action, one), is_so=False, text=WORDS)

    closures.reopen(session, made.actor("amina"), action, reason="Le guichet doit rouvrir.")

    assert (action.state, made.recommendation.is_disputed) == (State.IN_PROGRESS, False)
    told = session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "action_reopened"))
    assert made.people["karim"] in set(told)


def test_not_upheld_it_is_verified_and_both_texts_stay(session: Session, made: Scene) -> None:
    action, one = verified(made)
    voices.answer(session, opened(made, action, one), is_so=False, text=WORDS)

    with pytest.raises(Refused):
        voices.not_uphold(session, made.actor("amina"), action, words=Words(public_summary=""))
    with pytest.raises(NotAllowed):
        voices.not_uphold(session, made.actor("karim"), action, words=Words(public_summary="Non."))
    voices.not_uphold(session, made.actor("amina"), action, words=Words(public_summary="Il a rouvert lundi."))

    assert (action.evidence, made.recommendation.is_disputed) == (Evidence.VERIFIED, False)
    assert {WORDS, "Il a rouvert lundi."} <= set(session.scalars(sa.select(col(Update.public_summary))))
    with pytest.raises(Refused):
        voices.not_uphold(session, made.actor("amina"), action, words=Words(public_summary="Encore."))


def test_whoever_recorded_a_dispute_may_not_turn_it_down(session: Session, made: Scene) -> None:
    action, _ = verified(made)
    scenes.dispute(session, made.actor("amina"), action, text=WORDS)

    with pytest.raises(Refused):
        voices.not_uphold(session, made.actor("amina"), action, words=Words(public_summary="Non."))
    closures.reopen(session, made.actor("amina"), action, reason="C'est juste.")


def test_a_key_ends_with_its_verification_its_proposer_and_the_publication(session: Session, made: Scene) -> None:
    action, one = verified(made)
    token = scenes.voice_link(session, one, action)
    with clock.at(clock.now() + dt.timedelta(days=61)), pytest.raises(Gone):
        queries.opened(session, token)
    recommendations.withdraw(session, made.actor("amina"), made.recommendation, reason="Erreur")
    with pytest.raises(Gone):
        queries.opened(session, token)
    recommendations.publish(session, made.actor("amina"), made.recommendation)
    assert queries.opened(session, token)
    proposers.remove(session, made.actor("amina"), made.recommendation, one)
    with pytest.raises(Gone):
        queries.opened(session, token)
    with pytest.raises(NotFound):
        queries.opened(session, "never")
    assert (one.name, one.email) == ("", None)


def test_a_key_of_an_earlier_verification_opens_nothing_once_there_is_another(session: Session, made: Scene) -> None:
    action, one = verified(made)
    first = scenes.voice_link(session, one, action)
    closures.reopen(session, made.actor("amina"), action, reason="Le guichet doit rouvrir.")
    with pytest.raises(Gone):
        queries.opened(session, first)
    scenes.declare(made, action)
    verifications.verify(session, made.actor("youssef"), action)

    with pytest.raises(Gone):
        queries.opened(session, first)
    assert queries.opened(session, scenes.voice_link(session, one, action))


def test_what_came_on_paper_says_how_and_when_and_is_not_older_than_what_it_is_about(
    session: Session, made: Scene
) -> None:
    action, one = verified(made)
    amina, today = made.actor("amina"), scenes.in_days(0)

    for came_by, came_on in ((None, today), (CameBy.LETTER, None), (CameBy.LETTER, scenes.in_days(1))):
        with pytest.raises(Refused):
            voices.record(session, amina, action, Spoken(one.id, True, came_by, came_on))
    with pytest.raises(Refused):
        voices.record(session, amina, action, Spoken(one.id, True, CameBy.LETTER, scenes.in_days(-1)))
    with pytest.raises(NotAllowed):
        voices.record(session, made.actor("karim"), action, Spoken(one.id, True, CameBy.LETTER, today))
    voices.record(session, amina, action, Spoken(one.id, True, CameBy.LETTER, today))

    [heard] = queries.heard(session, action)
    assert (heard.verb, heard.came) == (Verb.CONFIRM, on_behalf.told(CameBy.LETTER, today))


def test_the_words_are_found_by_everybody_once_released_and_the_name_by_nobody(session: Session, made: Scene) -> None:
    action, one = verified(made)
    voices.answer(session, opened(made, action, one), is_so=False, text=WORDS, lang="fr")
    update = session.scalars(sa.select(Update).where(col(Update.verb) == Verb.DISPUTE)).one()

    before = {name for name in ("amina", "youssef", "omar") if found(made, name, "guichet")}
    updates.release(session, made.actor("amina"), update)

    assert before == {"amina", "youssef"}
    assert found(made, "omar", "guichet") == [action.ref]
    assert not [name for name in ("amina", "omar") if found(made, name, "zarqa")]


def found(made: Scene, name: str, words: str) -> list[str]:
    made.session.commit()
    filters = SearchFilters(words).checked()
    within = search_filters.narrowed(made.session, made.viewer(name), filters)
    return [
        hit.path.rpartition("/")[2] for hit in searches.page(made.session, made.viewer(name), filters, within, "").hits
    ]


def test_a_morning_brings_one_mail_whatever_moved_to_who_agreed(session: Session, made: Scene) -> None:
    action, one = verified(made)
    scenes.proposer(session, made.recommendation.id, agreed_on=None)
    voices.answer(session, opened(made, action, one), is_so=False, text=WORDS)
    voices.not_uphold(session, made.actor("amina"), action, words=Words(public_summary="Il a rouvert."))

    [mail] = session.scalars(sa.select(Envelope).where(col(Envelope.kind) == proposer_news.KIND)).all()

    assert (mail.proposer_id, mail.person_id, mail.state) == (one.id, None, Delivery.QUEUED)


@pytest.mark.parametrize(
    ("at", "morning", "since"),
    [
        ("2026-12-03T07:00", "2026-12-03", "2026-12-02"),
        ("2026-12-03T09:00", "2026-12-04", "2026-12-03"),
        ("2026-12-04T09:00", "2026-12-07", "2026-12-04"),  # a Friday: they rest until Monday
        ("2026-12-05T07:00", "2026-12-07", "2026-12-04"),
        ("2026-11-17T12:00", "2026-11-19", "2026-11-17"),  # the 18th is Independence Day
    ],
)
def test_days_off_bring_no_mail_and_what_moved_on_them_is_told_after(
    session: Session, at: str, morning: str, since: str
) -> None:
    found = proposer_news.next_morning(session, instant(at))

    days = [
        clock.day(one, settings().zone)
        for one in (found, *proposer_news.told_of(session, dt.date.fromisoformat(morning)))
    ]
    assert days == [dt.date.fromisoformat(day) for day in (morning, since, morning)]


def test_of_who_was_removed_neither_name_nor_address_is_kept_in_the_ledger(session: Session, made: Scene) -> None:
    _, one = verified(made)
    [mail] = session.scalars(sa.select(Envelope).where(col(Envelope.proposer_id) == one.id)).all()
    mail.address, mail.shown = one.email or "", f"{one.name}, est-ce le cas ?"
    failure_notices.tell(session, mail.id, clock.now())
    notices = sa.select(Envelope).where(col(Envelope.about_kind) == "message", col(Envelope.about_id) == mail.id)
    for notice in session.scalars(notices).all():
        notice.shown = f"{one.name} {one.email}"
    session.flush()

    proposers.remove(session, made.actor("amina"), made.recommendation, one)

    kept = session.execute(sa.select(col(Envelope.address), col(Envelope.shown)))
    assert not [row for row in kept if "zarqa" in f"{row[0]} {row[1]}".lower()]
    assert session.scalars(notices.with_only_columns(sa.func.count())).one() > 0


def test_a_mail_says_what_stands_when_it_is_written(session: Session, made: Scene) -> None:
    action, one = verified(made)
    [mail] = session.scalars(sa.select(Envelope).where(col(Envelope.proposer_id) == one.id)).all()
    case = scenes.case_of(session, mail)

    assert [move.verb for move in proposals.load(case).moves] == [Verb.VERIFY]
    assert "/voice/" in proposals.load(case).moves[0].ask
    closures.reopen(session, made.actor("amina"), action, reason="Le guichet doit rouvrir.")
    assert [move.ask for move in proposals.load(case).moves] == [""]
    recommendations.withdraw(session, made.actor("amina"), made.recommendation, reason="Erreur")
    with pytest.raises(letters.NoLongerWanted):
        proposals.still_wanted(case)
