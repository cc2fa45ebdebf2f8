"""What the public pages say: numbers that agree with each other, the story in order, what comes next."""

import html
import re

import pytest

from app.db import Database
from app.domain.workflow import State, Verb
from tests import builders, published
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure
from tests.published import SENTENCE, Record

pytestmark = pytest.mark.sqlite_only


def words(client: TestClient, path: str) -> str:
    """The page as it is read: no tags, single spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    body = re.sub(r"</(?:p|h1|h2|h3|li|td|th|dt|dd)>", " ", answer.text.partition("<main")[2])
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


def test_the_first_page_says_how_much_is_implemented_and_overdue(client: TestClient, record: Record) -> None:
    said = words(client, "/en/")

    assert "Neither recommendation is implemented yet; 1 action is overdue." in said
    assert "1 more recommendation is partially implemented." in said
    assert "As of 23 November 2026." in said
    assert "Regional investment centre No update for 61 days 1 action overdue" in said


def test_the_sentence_and_the_table_give_the_same_numbers(client: TestClient, database: Database) -> None:
    with database.write() as session:
        record = published.write(session)
        published.dispute(session, record)

    said = words(client, "/en/")

    assert "1 of 4 recommendations is implemented" in said
    assert "1 more recommendation was verified, but is disputed and not counted." in said
    assert re.search(r"Implemented, verified ?1", said)
    assert re.search(r"Implemented, but disputed ?1", said)
    assert re.search(r"All recommendations ?4", said)
    assert "1 of 4 recommendations is implemented 1 disputed" in said


def test_an_empty_record_says_what_will_stand_there(client: TestClient) -> None:
    assert "No meeting is published yet." in words(client, "/en/")
    assert "No meeting is published yet." in words(client, "/en/meetings/")


def test_the_story_leads_with_what_comes_next_and_goes_on_from_the_sentence(client: TestClient, record: Record) -> None:
    said = words(client, "/en/recommendations/FM-2024-03")
    places = [
        said.index(part)
        for part in ("What comes next", "Awaited", "Said", SENTENCE, "Answered", "Planned", "الدليل منشور")
    ]

    assert places == sorted(places)
    assert "1 of its 2 actions is verified. 1 action is overdue. Last word from an owner: 23 September 2026." in said
    assert "1 deadline was moved, by 72 days" in said
    assert "Guide.pdf" in said
    assert "Blocked: Budget" in said


def test_what_was_said_again_without_a_word_is_one_line_that_opens(
    client: TestClient, record: Record, database: Database
) -> None:
    with database.write() as session:
        record.late = session.merge(record.late)
        record.late.due_on = published.TODAY
        for day in ("2026-11-02", "2026-11-09", "2026-11-16"):
            published.act(session, record.late, *_ON_TRACK, day)
        published.act(session, record.late, *_ON_TRACK, "2026-11-18", "Le cahier est prêt.")
        published.act(session, record.late, *_ON_TRACK, "2026-11-20")
    page = client.get("/en/actions/FM-2024-03.2").text
    said = words(client, "/en/actions/FM-2024-03.2")

    assert "Reported on track 3 times" in said
    assert said.count("Reported on track") == 3
    assert page.count('<details class="more">') == 1
    assert said.index("9 November 2026") < said.index("Le cahier est prêt.")


def test_nobody_is_said_to_be_on_track_after_the_deadline(
    client: TestClient, record: Record, database: Database
) -> None:
    with database.write() as session:
        published.act(session, record.late, *_ON_TRACK, "2026-11-20")
        published.act(session, record.late, *_ON_TRACK, "2026-11-23")
    for path in ("/en/actions/FM-2024-03.2", "/en/recommendations/FM-2024-03"):
        said = words(client, path)
        assert "on track" not in said
        assert "Reported under way twice, after the deadline" in said


def test_an_action_shows_its_clock(client: TestClient, record: Record) -> None:
    said = words(client, "/en/actions/FM-2024-03.2")

    assert "12 days overdue" in said
    assert "No word for 61 days" in said
    assert "Original deadline" in said
    assert "31 August 2026" in said
    assert "11 November 2026" in said


def test_a_recommendation_without_an_answer_says_since_when(client: TestClient, record: Record) -> None:
    said = words(client, "/en/recommendations/FM-2024-04")

    assert "Awaiting a response for 322 days" in said
    assert "since 5 January 2026" in said


def test_a_long_story_comes_in_pages_and_loses_nothing(client: TestClient, record: Record, database: Database) -> None:
    with database.write() as session:
        for day in range(1, 31):
            published.act(session, record.late, *_REPORT, f"2026-10-{day:02}", f"Semaine {day:02}.")
    page = client.get("/fr/recommendations/FM-2024-03").text
    seen = re.findall(r"Semaine \d\d", page)
    assert len(seen) == 20
    assert seen == sorted(seen)

    while earlier := re.search(r'href="([^"]+\?before=[^"]+)"[^>]*>(?:Mises à jour antérieures|Suivant)', page):
        page = client.get(html.unescape(earlier.group(1))).text
        seen = re.findall(r"Semaine \d\d", page) + seen

    assert seen == [f"Semaine {day:02}" for day in range(1, 31)]


def test_the_meeting_gives_each_sentence_and_its_place(client: TestClient, record: Record) -> None:
    page = client.get("/ar/meetings/fez").text

    assert f'id="{record.recommendation.ref}"' in page
    assert SENTENCE in page
    assert published.BEFORE not in page
    assert f'<small dir="ltr">{len(published.BEFORE) + 1}–{len(published.BEFORE + SENTENCE)}</small>' in page


def test_a_public_report_is_shown_round_its_marks(client: TestClient, database: Database) -> None:
    with database.write() as session:
        published.write(session, is_report_public=True)

    said = words(client, "/ar/meetings/fez")

    assert published.BEFORE + SENTENCE in said
    assert published.AFTER.strip() in said


def test_meetings_come_by_pages(client: TestClient, record: Record, database: Database) -> None:
    with database.write() as session:
        for number in range(30):
            builders.meeting(session, record.programme, slug=f"round-{number:02}", region="FM")
    first = client.get("/fr/meetings/").text
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = client.get(html.unescape(further.group(1))).text

    slugs = [re.findall(r"/fr/meetings/(round-\d\d|fez)\"", page) for page in (first, second)]
    assert (len(slugs[0]), len(slugs[1])) == (15, 15)
    assert not set(slugs[0]) & set(slugs[1])


def test_an_organisation_says_what_it_owes(client: TestClient, record: Record) -> None:
    said = words(client, "/en/organisations/centre")

    assert "Leads 2 actions, 1 verified; 1 action is overdue." in said
    assert "FM-2024-03.2" in said
    assert "Verified lately" in said


def test_addresses_in_what_people_typed_are_followed_only_over_http(
    client: TestClient, record: Record, database: Database
) -> None:
    with database.write() as session:
        published.prove(session, record, title="<b>Note</b>", location="javascript:alert(1)")
    page = client.get("/fr/actions/FM-2024-03.1").text

    assert 'href="javascript' not in page
    assert "&lt;b&gt;Note&lt;/b&gt;" in page


@pytest.mark.parametrize("path", ["", "meetings/fez", "recommendations/FM-2024-03", "about", "never-existed"])
def test_every_page_says_who_publishes_it_and_how_to_write_to_them(
    client: TestClient, record: Record, configure: Configure, path: str
) -> None:
    configure(publisher="Secrétariat <exports>", contact="suivi@example.ma")
    foot = client.get(f"/fr/{path}").text.partition("<footer")[2]

    assert "Publié par <bdi>Secrétariat &lt;exports&gt;</bdi>." in foot
    assert '<a href="mailto:suivi@example.ma"><bdi dir="ltr">suivi@example.ma</bdi></a>' in foot


def test_where_nobody_is_named_as_publisher_no_page_does(client: TestClient, record: Record) -> None:
    assert "Publié par" not in client.get("/fr/").text
    assert "mailto:" not in client.get("/fr/").text


def test_a_publisher_may_be_written_to_on_a_page(client: TestClient, record: Record, configure: Configure) -> None:
    configure(contact="https://example.ma/contact?a=1&b=2")

    assert 'href="https://example.ma/contact?a=1&amp;b=2"' in client.get("/ar/about").text


def test_what_is_printed_carries_the_address_of_its_page(
    client: TestClient, record: Record, configure: Configure
) -> None:
    configure(base_url="https://suivi.example.ma", secret_key="k" * 32)

    foot = client.get("/ar/actions/FM-2024-03.2").text.partition('class="printed"')[2]
    assert '<bdi dir="ltr">https://suivi.example.ma/ar/actions/FM-2024-03.2</bdi>' in foot


_REPORT = (Verb.REPORT, State.IN_PROGRESS)
_ON_TRACK = (Verb.ON_TRACK, State.IN_PROGRESS)
