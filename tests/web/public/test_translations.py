"""What the public reads beside a translation that its original has left behind, on every page that says such words."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.base import TranslatedTable
from app.models.indicators import Indicator
from app.models.people import Organisation
from app.models.recommendations import Theme
from app.services.followup import indicators, translations
from app.services.kernel.audit import SERVICE
from app.services.meetings import meetings, outcomes, recommendation_themes
from app.services.setup import themes
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
NOTE = "L’original en arabe a changé depuis cette traduction"
OLD = {"ar": "قديم", "fr": "ancien"}


@pytest.fixture
def made(database: Database) -> Scene:
    """All that is public, said in Arabic and French: the Arabic is the original."""
    with database.write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.VERIFIED, titles=OLD)
        scenes.publish(made, action)
        amina = made.actor("amina")
        theme = themes.create(session, SERVICE, titles=OLD)
        recommendation_themes.set_themes(session, amina, made.recommendation, [theme.id])
        outcomes.name(session, amina, made.recommendation, words=OLD, on=scenes.in_days(0))
        meetings.edit(session, amina, made.meeting, chair=OLD)
        aim: Any = {"titles": OLD, "unit": OLD, "target": Decimal(3), "target_on": dt.date(2030, 1, 1)}
        indicators.publish(session, amina, indicators.create(session, amina, made.programme.id, **aim))
        session.flush()
        made.ids |= {"action": action.id, "theme": theme.id, "organisation": made.organisations["centre"]}
    return made


def _reworded(session: Session, made: Scene, kind: str, field: str) -> None:
    """Its Arabic alone."""
    models: dict[str, type[TranslatedTable]] = {"action": Action, "theme": Theme, "organisation": Organisation}
    within = made.within(session)
    row: Any = within.__dict__.get(kind) or (
        session.scalars(sa.select(Indicator)).one()
        if kind == "indicator"
        else session.get_one(models[kind], made.ids[kind])
    )
    row.original_lang = "ar"
    session.flush()
    translations.translate(session, SERVICE_OR[kind](within), row, words={field: getattr(row, field) | {"ar": "جديد"}})


SERVICE_OR: dict[str, Any] = {
    **dict.fromkeys(("theme", "organisation"), lambda _made: SERVICE),
    **dict.fromkeys(
        ("programme", "meeting", "recommendation", "action", "indicator"), lambda made: made.actor("amina")
    ),
}


@pytest.mark.parametrize(
    ("kind", "field", "page", "lists"),
    [
        ("programme", "titles", "programmes/programme-de-fes", ""),
        ("meeting", "titles", "meetings/rencontre-de-fes", "meetings/"),
        ("meeting", "chair", "meetings/rencontre-de-fes", ""),
        ("recommendation", "titles", "recommendations/FM-2026-01", "meetings/rencontre-de-fes"),
        ("recommendation", "outcome", "recommendations/FM-2026-01", ""),
        ("action", "titles", "actions/FM-2026-01.1", "recommendations/FM-2026-01"),
        ("theme", "titles", "themes/ancien", ""),
        ("organisation", "titles", "organisations/centre", ""),
        ("indicator", "titles", "programmes/programme-de-fes", ""),
        ("indicator", "unit", "programmes/programme-de-fes", ""),
    ],
)
def test_the_note_stands_once_in_the_next_answer_and_a_mark_in_lists(
    database: Database, client: TestClient, made: Scene, kind: str, field: str, page: str, lists: str
) -> None:
    assert NOTE not in client.get(f"/fr/{page}").text
    with database.write() as session:
        _reworded(session, made, kind, field)
    shown = client.get(f"/fr/{page}").text
    assert shown.count(NOTE) == 1
    assert '<bdi lang="ar"' in shown
    assert "جديد" in shown
    if lists:
        assert client.get(f"/fr/{lists}").text.count(NOTE) == 1
    for other in ("ar", "en"):
        assert NOTE not in client.get(f"/{other}/{page}").text
