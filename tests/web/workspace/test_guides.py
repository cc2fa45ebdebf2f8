"""The guides in the workspace: one for each role, from every page, with a picture of the real page in each language."""

import re

import pytest

from app import assets
from app.config import STATIC
from app.db import Database
from app.domain import guides
from app.domain.permissions import Role
from app.i18n.locales import LANGS
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.pictures.scenes import PICTURES

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def karim(client: TestClient, database: Database) -> TestClient:
    """An owner, signed in."""
    with database.write() as session:
        client.cookies.update(scenes.signed_in(scenes.scene(session), "karim"))
    return client


def test_ones_own_guide_is_one_press_from_every_page(karim: TestClient) -> None:
    page = karim.get("/fr/workspace/mine").text

    assert 'href="/fr/workspace/guide/owner#mine"' in page
    assert karim.get("/fr/workspace/guide").headers["location"] == "/fr/workspace/guide/owner"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", guides.TITLES)
def test_each_guide_shows_the_pictures_of_its_role_in_its_language(karim: TestClient, role: Role, lang: str) -> None:
    page = karim.get(f"/{lang}/workspace/guide/{role}")
    shown = re.findall(r'<li id="(\w+)">', page.text)

    assert page.status_code == 200
    assert shown == list(guides.PICTURES[role])
    for picture in shown:
        address = assets.url(f"guide/{picture}-{lang}.webp")
        assert f'src="{address}"' in page.text
        served = karim.get(address)
        assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")


@pytest.mark.parametrize("role", ["contributor", "nobody", "base", "step"])
def test_another_word_is_no_guide(karim: TestClient, role: str) -> None:
    assert karim.get(f"/fr/workspace/guide/{role}").status_code == 404


def test_the_command_takes_every_picture_and_no_other() -> None:
    shown = {picture for pictures in guides.PICTURES.values() for picture in pictures}
    kept = {path.name for path in (STATIC / "guide").iterdir()}

    assert set(PICTURES) == shown
    assert kept == {f"{picture}-{lang}.webp" for picture in shown for lang in LANGS}
