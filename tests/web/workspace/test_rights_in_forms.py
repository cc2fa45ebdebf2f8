"""Forms that ask back, and what a page in the workspace shows to somebody without a part in it."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.progress import Closure
from app.domain.workflow import BlockReason, State
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.recommendations import Recommendation
from app.models.updates import Via
from app.services.followup import evidence, milestones, updates
from app.services.kernel.audit import Actor
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
ROOM = "/fr/workspace"


def opened(application: ASGIApp, cookie: dict[str, str]) -> TestClient:
    client = TestClient(application, base_url="http://127.0.0.1", follow_redirects=False)
    client.cookies.update(cookie)
    return client


def laid(session: Session, *, published: bool = False) -> tuple[Scene, dict[str, dict[str, str]]]:
    made = scenes.scene(session, published=published)
    return made, {name: scenes.signed_in(made, name) for name in ("amina", "karim", "youssef", "omar")}


def test_a_date_in_the_past_comes_back_with_a_tick_and_is_taken_with_it(
    database: Database, application: ASGIApp
) -> None:
    with database.write() as session:
        made, cookies = laid(session)
        draft, ref = scenes.draft(made).ref, made.recommendation.ref
    past = str(scenes.in_days(-3))
    forms = (
        (f"{ROOM}/actions/{draft}/assignment", {"owner_post_id": str(made.posts["karim"]), "due_on": past}),
        (f"{ROOM}/actions/{draft}/deadline", {"due_on": str(scenes.in_days(-5)), "reason": "Erreur de saisie."}),
        (f"{ROOM}/recommendations/{ref}/actions", {"titles.fr": "Neuf", "due_on": past}),
    )
    with opened(application, cookies["amina"]) as amina:
        for path, typed in forms:
            asked = amina.post(path, data=typed, headers=HOME)
            assert asked.status_code == 422
            assert 'name="is_past"' in asked.text
            assert amina.post(path, data=typed | {"is_past": "1"}, headers=HOME).status_code == 303, path


def test_the_closing_form_asks_for_each_open_action_and_can_be_undone(database: Database, application: ASGIApp) -> None:
    with database.write() as session:
        made, cookies = laid(session)
        ref, owed = made.recommendation.ref, scenes.action(made).ref
    home = f"{ROOM}/recommendations/{ref}"
    typed = {"closure": "no_longer_applicable", "reason": "La loi a changé."}
    with opened(application, cookies["amina"]) as amina:
        assert f'name="fates.{owed}"' in amina.get(f"{home}/closure").text
        refused = amina.post(f"{home}/closure", data=typed, headers=HOME)
        assert refused.status_code == 422
        assert f"e-fates.{owed}" in refused.text
        assert amina.post(f"{home}/closure", data=typed | {f"fates.{owed}": "cancelled"}, headers=HOME).is_redirect
        assert _closure(database) == Closure.NO_LONGER_APPLICABLE
        assert f"{home}/reopening" in amina.get(home).text
        assert amina.post(f"{home}/reopening", data={"reason": ""}, headers=HOME).status_code == 422
        assert amina.post(f"{home}/reopening", data={"reason": "Erreur."}, headers=HOME).is_redirect
        assert _closure(database) is None


def test_the_secretariat_releases_and_withholds_a_document_on_the_page_of_its_action(
    database: Database, application: ASGIApp
) -> None:
    with database.write() as session:
        made, cookies = laid(session)
        action = scenes.action(made)
        item = evidence.attach(session, Actor(made.viewer("karim"), Via.MAIL_LINK), action, title="La photo")
        page, piece = f"{ROOM}/actions/{action.ref}", f"{ROOM}/actions/{action.ref}/evidence/{item.id}"
    with opened(application, cookies["amina"]) as amina:
        assert f"{piece}/release" in amina.get(page).text
        assert amina.post(f"{piece}/release", headers=HOME).is_redirect
        assert _is_released(database)
        assert amina.post(f"{piece}/withholding", data={"reason": " "}, headers=HOME).status_code == 422
        assert amina.post(f"{piece}/withholding", data={"reason": "Un nom."}, headers=HOME).is_redirect
        assert not _is_released(database)
        assert "Un nom." in amina.get(page).text


def test_somebody_without_a_part_sees_of_a_public_action_what_the_public_sees(
    database: Database, application: ASGIApp
) -> None:
    with database.write() as session:
        made, cookies = laid(session, published=True)
        action = scenes.action(made, State.ASSIGNED, description="Pour la maison")
        scenes.support(made, action, due_on=scenes.in_days(11))
        updates.block(
            session, made.actor("karim"), action, block_reason=BlockReason.BUDGET, who_can_unblock="Le wali en personne"
        )
        milestones.add(session, made.actor("karim"), action, titles={"fr": "Première maquette"})
        scenes.publish(made, action)
        ref = action.ref
    inner = ("Le wali en personne", "Première maquette", "Pour la maison")
    seen = {}
    for name in ("amina", "omar"):
        with opened(application, cookies[name]) as client:
            text = client.get(f"{ROOM}/actions/{ref}").text
            seen[name] = [words for words in inner if words in text]
    with opened(application, {}) as nobody:
        public = nobody.get(f"/fr/actions/{ref}").text

    assert seen == {"amina": list(inner), "omar": []}
    assert not [words for words in inner if words in public]


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("assignment", {}),
        ("deadline", {"due_on": "2020-01-01"}),
        ("ending", {"ending": "superseded"}),
        ("updates", {}),
        ("updates", {"s": "blocked"}),
        ("updates", {"s": "done"}),
        ("evidence", {}),
        ("milestones", {}),
        ("reopening", {}),
        ("withdrawal", {}),
    ],
)
def test_who_may_not_is_told_so_before_what_is_missing(
    path: str, typed: dict[str, str], database: Database, application: ASGIApp
) -> None:
    with database.write() as session:
        made, cookies = laid(session)
        ref = scenes.action(made).ref
        session.execute(sa.update(Action).where(col(Action.ref) == ref).values(is_priority=True))
    with opened(application, cookies["youssef"]) as youssef:
        assert youssef.post(f"{ROOM}/actions/{ref}/{path}", data=typed, headers=HOME).status_code == 403


def _closure(database: Database) -> Closure | None:
    with database.read() as session:
        return session.scalars(sa.select(col(Recommendation.closure))).one()


def _is_released(database: Database) -> bool:
    with database.read() as session:
        return session.scalars(sa.select(col(EvidenceItem.released_at))).one() is not None
