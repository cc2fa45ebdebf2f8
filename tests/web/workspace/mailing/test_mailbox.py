"""The demo's mailbox: its files, its links, and no way to any other file; elsewhere it doesn't exist."""

from pathlib import Path

import pytest
from starlette.types import ASGIApp

from app.config import settings
from app.db import Database
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure
from tests.house import House

pytestmark = pytest.mark.sqlite_only
BOX = "/fr/workspace/mailbox"
NAME = "20261123T104200.000001Z-0a1b2c3d.eml"
MAIL = """From: tatbiq@localhost.invalid
To: Karim <karim@tatbiq.invalid>
Subject: =?utf-8?b?2KPYrNmEINio2LnYryA3INij2YrYp9mF?=
Content-Language: ar
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Bonjour <b>Karim</b>
http://127.0.0.1:8000/fr/u/abc?s=done
https://elsewhere.example/x
"""


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def box(configure: Configure) -> Path:
    configure(demo="1")
    directory = settings().data_dir / "mail"
    directory.mkdir(parents=True)
    (directory / NAME).write_text(MAIL)
    (directory.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    return directory


def test_outside_the_demo_there_is_none(house: House) -> None:
    assert house.browser("amina").get(BOX).status_code == 404
    assert house.browser("amina").get(f"{BOX}/{NAME}").status_code == 404


def test_with_a_relay_there_is_none(house: House, box: Path, configure: Configure) -> None:
    configure(smtp_url="smtp://127.0.0.1:2525")

    assert house.browser("amina").get(BOX).status_code == 404


def test_it_is_for_somebody(client: TestClient, box: Path) -> None:
    assert client.get(BOX).status_code == 303


def test_a_mail_is_read_and_only_our_own_links_are_followed(house: House, box: Path) -> None:
    amina = house.browser("amina")

    assert "أجل بعد 7 أيام" in amina.get(BOX).text
    page = amina.get(f"{BOX}/{NAME}").text

    assert 'href="http://127.0.0.1:8000/fr/u/abc?s=done"' in page
    assert 'href="https://elsewhere.example' not in page
    assert "&lt;b&gt;Karim" in page
    whole = amina.get(f"{BOX}/{NAME}/file")
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.text.replace("\r\n", "\n") == MAIL


@pytest.mark.parametrize(
    "name", ["secret.eml", "..%2Fsecret.eml", "%2e%2e%2fsecret.eml", "20261123T104200.000001Z-0a1b2c3e.eml", "x" * 300]
)
def test_no_other_file_is_shown(house: House, box: Path, name: str) -> None:
    amina = house.browser("amina")

    assert amina.get(f"{BOX}/{name}").status_code == 404
    assert amina.get(f"{BOX}/{name}/file").status_code == 404
