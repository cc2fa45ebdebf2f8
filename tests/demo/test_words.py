"""The demonstration's words: in three languages, true to their reports, naming nobody, leading nowhere."""

from sqlmodel import Session

from app.demo import stage
from app.demo.cast import CAST
from app.demo.staged import parse
from app.domain.texts import LANGS
from app.models.evidence import EvidenceItem
from app.models.intake import Report
from app.models.meetings import Meeting
from app.models.people import Person
from app.models.recommendations import Recommendation
from tests.demo.reading import TITLED, every_action, public_words, rows

OFFICIALS = ("حجيرة", "الجامعي", "مزور", "أخنوش", "الأنصاري", "Hjira", "Jamaï", "Mezzour", "Akhannouch")


def test_texts_are_in_three_languages(record: Session) -> None:
    for table in TITLED:
        for item in rows(record, table):
            assert all(item.titles.get(lang, "").strip() for lang in LANGS), (table.__name__, item.titles)
    for meeting in rows(record, Meeting):
        for words in (meeting.place, meeting.convenor, meeting.chair, meeting.participants):
            assert not words or set(words) == set(LANGS)


def test_every_recommendation_stands_word_for_word_in_its_report(record: Session) -> None:
    reports = {report.meeting_id: report.text for report in rows(record, Report)}
    for item in rows(record, Recommendation):
        assert reports[item.meeting_id][item.source_start : item.source_end] == item.source_text, item.ref


def test_reports_have_the_length_of_an_article() -> None:
    for name in stage.STORIES:
        assert 350 <= len(stage.read(name)["meeting"]["report"].split()) <= 600, name


def test_no_name_of_a_person_is_in_what_the_public_may_read(record: Session) -> None:
    names = {part for member in CAST for part in (member.name, member.name.split(maxsplit=1)[1])}
    text = public_words(record)
    assert not [name for name in names if name in text]


def test_nobody_is_a_real_official(record: Session) -> None:
    words = public_words(record) + " ".join(person.name for person in rows(record, Person))
    assert not [name for name in OFFICIALS if name in words]


def test_addresses_lead_nowhere(record: Session) -> None:
    assert all(person.email.endswith(".invalid") for person in rows(record, Person))
    invited = {person.email for person in rows(record, Person) if not person.is_active}
    assert invited == {"widad@demo.invalid"}
    assert {member.email for member in CAST} | invited == {person.email for person in rows(record, Person)}
    places = [item.location for item in rows(record, EvidenceItem) if "://" in item.location]
    assert places
    assert all(".invalid/" in place for place in places)


def test_stories_rise_in_time_and_end_before_the_day_of_loading() -> None:
    for action in every_action():
        days = [parse(line).on for line in action["story"]]
        assert days == sorted(days), action["key"]
        assert not days or days[-1] <= -1, action["key"]


def test_keys_are_used_once() -> None:
    keys = [action["key"] for action in every_action()]
    assert len(keys) == len(set(keys))
