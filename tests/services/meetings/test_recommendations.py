"""Recommendations: permanent references, honest translations, reasons given, what the public sees of them."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.domain.errors import NotAllowed, Refused, Stale
from app.domain.permissions import Role
from app.domain.progress import Closure, Response, Status
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, TranslationFlag
from app.models.rollups import Scope, Tallied, Tally
from app.queries.scope import viewers
from app.services.kernel import counts
from app.services.kernel.audit import Actor
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes
from app.services.upkeep import integrity
from tests import builders
from tests.actors import acting

SENTENCE = "دعا المشاركون إلى إحداث شباك لمواكبة المصدرين"


@pytest.fixture
def home(session: Session) -> Meeting:
    return builders.meeting(session, builders.programme(session), prefix="FM", region="FM")


@pytest.fixture
def amina(session: Session, home: Meeting) -> Actor:
    return acting(builders.person(session, "Amina"), Role.SECRETARIAT, at=home.programme_id)


def taken_in(session: Session, amina: Actor, home: Meeting, **values: object) -> Recommendation:
    facts = {"titles": {"ar": "شباك لمواكبة المصدرين", "fr": "Guichet"}, "source_text": SENTENCE, "source_lang": "ar"}
    return recommendations.create(session, amina, home, **(facts | values))  # type: ignore[arg-type]


def verbs(session: Session, item: Recommendation) -> list[str]:
    about = col(AuditEvent.subject_kind) == "recommendation", col(AuditEvent.subject_id) == item.id
    return list(session.scalars(sa.select(col(AuditEvent.verb)).where(*about).order_by(col(AuditEvent.id))))


def counted(session: Session, home: Meeting) -> dict[str, int]:
    counts.settle(session)
    mine = col(Tally.scope) == Scope.MEETING, col(Tally.scope_id) == home.id, col(Tally.is_public)
    query = sa.select(col(Tally.status), col(Tally.count)).where(*mine, col(Tally.counted) == Tallied.RECOMMENDATIONS)
    return {row[0]: row[1] for row in session.execute(query)}


def test_references_count_up_within_a_prefix_and_year(session: Session, amina: Actor, home: Meeting) -> None:
    other = builders.meeting(
        session, session.get_one(type(builders.programme(session)), home.programme_id), prefix="OR"
    )
    refs = [taken_in(session, amina, where).ref for where in (home, home, other, home)]
    assert refs == ["FM-2024-01", "FM-2024-02", "OR-2024-01", "FM-2024-03"]


@pytest.mark.slow
def test_two_secretariats_accepting_at_once_never_get_one_number(database: Database) -> None:
    with database.write() as session:
        home_id = builders.meeting(session, prefix="FM").id
    refs: list[str] = []

    def accept() -> None:
        for _ in range(5):
            with database.write() as session:
                meeting = session.get_one(Meeting, home_id)
                refs.append(taken_in(session, acting(None, Role.SECRETARIAT), meeting).ref)

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refs) == [f"FM-2024-{number:02}" for number in range(1, 21)]


def test_a_translation_is_a_courtesy_until_somebody_says_official(
    session: Session, amina: Actor, home: Meeting
) -> None:
    item = taken_in(session, amina, home)
    assert item.title_flags == {"fr": TranslationFlag.COURTESY}
    recommendations.edit(session, amina, item, titles=item.titles, title_flags={"fr": "official"})
    assert item.title_flags == {"fr": "official"}


def test_a_changed_original_makes_its_translations_outdated_until_they_follow(
    session: Session, amina: Actor, home: Meeting
) -> None:
    item = taken_in(session, amina, home)
    recommendations.edit(session, amina, item, title_flags={"fr": "official"}, titles=item.titles)
    before = item.titles["ar"]
    recommendations.edit(session, amina, item, titles=item.titles | {"ar": "شباك جهوي"})
    session.flush()
    assert (item.made_of, item.title_flags) == ({"titles": {"fr": ["ar", before]}}, {"fr": "official"})
    recommendations.edit(session, amina, item, titles=item.titles | {"fr": "Guichet régional"})
    session.flush()
    assert (item.made_of, item.title_flags) == ({}, {"fr": TranslationFlag.COURTESY})


def test_a_stale_edit_is_refused_with_what_stands_now(session: Session, amina: Actor, home: Meeting) -> None:
    item = taken_in(session, amina, home)
    recommendations.edit(session, amina, item, version=1, done_when="12 firms")
    with pytest.raises(Stale) as stale:
        recommendations.edit(session, amina, item, version=1, done_when="20 firms")
    assert (stale.value.current["done_when"], item.done_when) == ("12 firms", "12 firms")


@pytest.mark.parametrize(
    ("response", "missing"),
    [
        (Response.NOT_ACCEPTED, "reason"),
        (Response.ACCEPTED_IN_PART, "reason"),
        (Response.REFERRED, "referred_to"),
        (Response.MERGED, "merged_into"),
    ],
)
def test_a_response_that_ends_or_limits_something_says_why(
    session: Session, amina: Actor, home: Meeting, response: Response, missing: str
) -> None:
    item = taken_in(session, amina, home)
    with pytest.raises(Refused) as refused:
        recommendations.respond(session, amina, item, response)
    assert refused.value.field == missing
    assert (item.response, item.status) == (Response.PENDING, Status.AWAITING_RESPONSE)


def test_every_answer_shows_in_the_status_and_leaves_its_event(session: Session, amina: Actor, home: Meeting) -> None:
    item, other = taken_in(session, amina, home), taken_in(session, amina, home)
    recommendations.respond(session, amina, item, Response.ACCEPTED)
    assert (item.status, item.responded_at is not None) == (Status.ACCEPTED_NO_ACTION, True)
    recommendations.respond(session, amina, item, Response.MERGED, merged_into=other)
    assert (item.status, item.merged_into_id) == (Status.MERGED, other.id)
    recommendations.respond(session, amina, other, Response.REFERRED, referred_to="وزارة المالية")
    assert other.status == Status.REFERRED
    recommendations.close(session, amina, other, Closure.NO_LONGER_APPLICABLE, reason="صدر القانون")
    assert verbs(session, item) == ["create", "respond", "respond"]
    assert verbs(session, other) == ["create", "respond", "close"]


def test_it_is_public_only_below_a_public_meeting_and_programme(session: Session, amina: Actor, home: Meeting) -> None:
    home.published_at, home.is_public = None, False
    item = taken_in(session, amina, home)
    action = builders.action(session, item, state=State.IN_PROGRESS, is_public=False)
    recommendations.publish(session, amina, item)
    assert (item.is_public, action.is_public, counted(session, home)) == (False, False, {})
    meetings.publish(session, amina, home)
    assert (item.is_public, action.is_public) == (True, True)
    assert counted(session, home) == {"in_progress": 1}


def test_withdrawing_takes_it_and_its_actions_off_every_count(session: Session, amina: Actor, home: Meeting) -> None:
    item = taken_in(session, amina, home)
    action = builders.action(session, item)
    integrity.rebuild(session)  # the builder counts nothing
    recommendations.publish(session, amina, item)
    assert action.is_public
    with pytest.raises(Refused):
        recommendations.withdraw(session, amina, item, reason=" ")
    recommendations.withdraw(session, amina, item, reason="نشرت خطأ")
    assert (item.is_public, action.is_public, counted(session, home)) == (False, False, {})
    assert integrity.differences(session) == []


def test_a_programme_that_is_withdrawn_hides_all_that_hangs_on_it(
    session: Session, amina: Actor, home: Meeting
) -> None:
    item = taken_in(session, amina, home)
    recommendations.publish(session, amina, item)
    programme = session.get_one(type(builders.programme(session)), home.programme_id)
    programmes.withdraw(session, amina, programme, reason="مراجعة")
    assert (home.is_public, item.is_public) == (False, False)
    programmes.publish(session, amina, programme)
    assert (home.is_public, item.is_public, counted(session, home)) == (True, True, {"awaiting_response": 1})


def test_only_the_secretariat_of_its_programme_touches_it(session: Session, amina: Actor, home: Meeting) -> None:
    item = taken_in(session, amina, home)
    omar = acting(builders.person(session, "Omar"), Role.SECRETARIAT, at=builders.programme(session))
    nadia = acting(builders.person(session, "Nadia"), Role.VERIFIER, at=home.programme_id)
    for actor in (omar, nadia):
        for attempt in (
            lambda who: recommendations.edit(session, who, item, done_when="x"),
            lambda who: recommendations.publish(session, who, item),
            lambda who: recommendations.respond(session, who, item, Response.ACCEPTED),
            lambda who: taken_in(session, who, home),
        ):
            with pytest.raises(NotAllowed):
                attempt(actor)
    assert verbs(session, item) == ["create"]


def test_a_recommendation_without_a_sentence_or_a_title_is_refused(
    session: Session, amina: Actor, home: Meeting
) -> None:
    with pytest.raises(Refused):
        taken_in(session, amina, home, source_text="  ")
    with pytest.raises(Refused) as refused:
        taken_in(session, amina, home, titles={"ar": "\u202e", "xx": "titre"})
    assert refused.value.field == "titles.ar"


def test_the_verbatim_sentence_is_kept_to_the_letter(session: Session, amina: Actor, home: Meeting) -> None:
    sentence = "  نص\nبسطرين  "
    item = taken_in(session, amina, home, source_text=sentence, place=(4, 18))
    assert (item.source_text, item.source_start, item.source_end) == (sentence, 4, 18)


def test_only_what_is_merged_points_to_another_and_only_what_is_referred_to_somebody(
    session: Session, amina: Actor, home: Meeting
) -> None:
    item, other = (taken_in(session, amina, home) for _ in range(2))
    given = {"reason": "Voir l'autre.", "referred_to": "Le ministère", "merged_into": other}
    for response in Response:
        recommendations.respond(session, amina, item, response, **given)  # type: ignore[arg-type]
        assert item.merged_into_id == (other.id if response is Response.MERGED else None)
        assert item.referred_to == ("Le ministère" if response is Response.REFERRED else "")
        assert (item.responded_at is None) == (response is Response.PENDING)


def test_a_meeting_keeps_its_prefix_once_a_reference_carries_it(session: Session, amina: Actor, home: Meeting) -> None:
    meetings.edit(session, amina, home, prefix="fes")
    assert home.prefix == "FES"
    assert taken_in(session, amina, home).ref.startswith("FES-2024-")
    with pytest.raises(Refused) as refused:
        meetings.edit(session, amina, home, prefix="FM")
    assert (refused.value.field, home.prefix) == ("prefix", "FES")
    meetings.edit(session, amina, home, prefix="")
    assert home.prefix == "FES"


def test_a_meeting_needs_one_of_the_twelve_regions(session: Session, amina: Actor, home: Meeting) -> None:
    with pytest.raises(Refused) as refused:
        meetings.edit(session, amina, home, region="XX")
    assert refused.value.field == "region"


def test_who_makes_a_programme_is_its_secretariat(session: Session) -> None:
    sara = builders.person(session, "Sara", Role.ADMINISTRATOR)
    programme = programmes.create(session, acting(sara, Role.ADMINISTRATOR), titles={"fr": "Export 2025"})
    viewer = viewers.by_person(session, sara.id)
    assert viewer is not None
    meeting = meetings.create(
        session, Actor(viewer), programme, titles={"fr": "Oujda"}, held_on=dt.date(2026, 4, 9), region="OR"
    )
    assert (programme.slug, meeting.slug, meeting.prefix) == ("export-2025", "oujda", "OR")


def test_equal_titles_get_different_addresses(session: Session) -> None:
    sara = acting(builders.person(session, "Sara"), Role.ADMINISTRATOR)
    slugs = [programmes.create(session, sara, titles={"ar": "برنامج التصدير"}).slug for _ in range(3)]
    assert slugs[1:] == [f"{slugs[0]}-2", f"{slugs[0]}-3"]
    with pytest.raises(Refused) as refused:
        programmes.create(session, sara, titles={"ar": "آخر"}, slug=slugs[0])
    assert refused.value.field == "slug"
