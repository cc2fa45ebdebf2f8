"""The pages on which an administrator words the mails: found, changed, looked at, refused in place, taken back."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.mail import sayings
from app.models.wordings import Wording
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
PAGES = "/fr/workspace/setup/wordings"
MAIL = f"{PAGES}/fr/action_returned"
SUBJECT = f"{MAIL}/{next(one.key for one in sayings.of('action_returned') if one.text.startswith('Returned to you'))}"
WORDS = {"forms.0": "À revoir : %(title)s", "version": "0"}


@pytest.fixture
def sara(client: TestClient, database: Database) -> TestClient:
    with database.write() as session:
        made = scenes.scene(session)
        scenes.administrator(session, made)
        client.cookies.update(scenes.signed_in(made, "sara"))
    return client


def press(client: TestClient, address: str, **typed: str) -> tuple[int, str]:
    answer = client.post(address, data=typed, headers=HOME)
    return answer.status_code, answer.text


def own(database: Database) -> list[list[str]]:
    with database.read() as session:
        return list(session.scalars(sa.select(col(Wording.forms)).order_by(col(Wording.id))))


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("of", ["ar", "fr", "en"])
def test_every_mail_is_listed_and_its_sentences_lead_to_themselves(sara: TestClient, lang: str, of: str) -> None:
    pages = f"/{lang}/workspace/setup/wordings"
    assert f'href="{pages}"' in sara.get(f"/{lang}/workspace/setup").text
    listed = sara.get(pages).text
    assert [name for name in sayings.names() if f'href="{pages}/{lang}/{name}"' not in listed] == []

    page = sara.get(f"{pages}/{of}/escalation").text

    keys = [one.key for one in sayings.of("escalation")]
    assert [key for key in keys if f'href="{pages}/{of}/escalation/{key}"' not in page] == []
    assert sara.get(f"{pages}/{of}/escalation/{keys[0]}").status_code == 200
    assert sara.get(f"{pages}/{of}/{sayings.COMMON}").status_code == 200


def test_what_is_previewed_is_shown_and_not_saved(sara: TestClient, database: Database) -> None:
    status, page = press(sara, SUBJECT, **WORDS, find="1")

    assert status == 200
    assert "À revoir : Ouvrir un guichet" in page
    assert own(database) == []
    assert "À revoir" not in sara.get(MAIL).text


def test_what_is_saved_is_in_the_example_and_counted_in_the_list(sara: TestClient, database: Database) -> None:
    answer = sara.post(SUBJECT, data=WORDS, headers=HOME)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{MAIL}?said=reworded")
    assert own(database) == [["À revoir : %(title)s"]]
    assert "À revoir : Ouvrir un guichet" in sara.get(MAIL).text
    assert "1 phrase reformulée" in sara.get(PAGES).text
    assert "À revoir" not in sara.get(f"{PAGES}/en/action_returned").text


@pytest.mark.parametrize("look", [{}, {"find": "1"}])
def test_what_is_unfit_is_marked_and_what_was_typed_stays(
    sara: TestClient, database: Database, look: dict[str, str]
) -> None:
    status, page = press(sara, SUBJECT, **{"forms.0": "À revoir <b>", "version": "0"}, **look)

    assert status == 422
    assert 'aria-invalid="true"' in page
    assert "À revoir &lt;b&gt;</textarea>" in page
    assert "doit rester dans la phrase" in page
    assert own(database) == []


def test_a_form_that_does_not_exist_and_one_with_too_many_words_are_refused_in_place(sara: TestClient) -> None:
    assert press(sara, SUBJECT, **WORDS, **{"forms.7": "Trop"})[0] == 422
    assert press(sara, SUBJECT, **{"forms.0": "%(title)s" + "x" * 900, "version": "0"})[0] == 422
    assert press(sara, SUBJECT, **{"forms": "x", "version": "0"})[0] == 422
    assert press(sara, SUBJECT, version="0")[0] == 422


def test_whoever_comes_second_sees_both_and_may_save_then(sara: TestClient, database: Database) -> None:
    press(sara, SUBJECT, **WORDS)
    status, page = press(sara, SUBJECT, **{"forms.0": "Encore : %(title)s", "version": "0"})

    assert status == 409
    assert "Encore : %(title)s" in page
    assert re.search(r"<td[^>]*>À revoir : %\(title\)s</td>", page)
    assert press(sara, SUBJECT, **{"forms.0": "Encore : %(title)s", "version": "1"})[0] == 303
    assert press(sara, f"{SUBJECT}/withdrawal", version="1")[0] == 409
    assert own(database) == [["Encore : %(title)s"]]


def test_one_sentence_and_a_whole_mail_go_back_to_the_original(sara: TestClient, database: Database) -> None:
    press(sara, SUBJECT, **WORDS)
    assert press(sara, f"{SUBJECT}/withdrawal", version="1")[0] == 303
    assert own(database) == [[]]

    press(sara, SUBJECT, **WORDS | {"version": "2"})
    assert press(sara, f"{MAIL}/withdrawal")[0] == 303
    assert own(database) == [[]]
    assert f"{MAIL}/withdrawal" not in sara.get(MAIL).text


def test_words_that_nothing_says_any_more_are_shown_and_removed(sara: TestClient, database: Database) -> None:
    with database.write() as session:
        session.add(Wording(lang="ar", text="As it was", forms=["كما كان"], edited_at=clock.now(), version=1))
    page = sara.get(PAGES).text
    assert "كما كان" in page
    [address] = re.findall(rf'action="({PAGES}/unused/\d+/removal)"', page)

    assert press(sara, address)[0] == 303
    assert "كما كان" not in sara.get(PAGES).text
    assert press(sara, address)[0] == 404


def test_the_html_part_may_use_its_styles_and_nothing_else(sara: TestClient) -> None:
    answer = sara.get(f"{MAIL}/preview")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert '<table class="sheet"' in answer.text
    assert 'lang="ar" dir="rtl"' in sara.get(f"{PAGES}/ar/action_returned/preview").text


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGES}/de/action_returned",
        f"{PAGES}/fr/nothing",
        f"{PAGES}/fr/nothing/preview",
        f"{MAIL}/nothing",
        f"{MAIL}?example=99",
        f"{MAIL}/preview?example=99",
        f"{PAGES}/fr/reminder/{SUBJECT.rpartition('/')[2]}",
    ],
)
def test_what_there_is_not_is_not_found(sara: TestClient, address: str) -> None:
    assert sara.get(address).status_code == 404


def test_the_situations_of_a_mail_follow_one_another(sara: TestClient) -> None:
    first = sara.get(f"{PAGES}/fr/extension_decided").text
    assert 'extension_decided?example=1"' in first
    last = sara.get(f"{PAGES}/fr/extension_decided?example=2").text
    assert "refusée" in last
    assert "example=3" not in last


def test_words_that_fail_leave_the_pages_standing(sara: TestClient, database: Database) -> None:
    press(sara, SUBJECT, **WORDS)
    with database.write() as session:
        session.execute(sa.update(Wording).values(forms=["%(nothing)s"]))

    assert sara.get(PAGES).status_code == 200
    assert sara.get(MAIL).status_code == 200
    assert sara.get(SUBJECT).status_code == 200
