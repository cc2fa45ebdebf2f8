"""Undone from the workspace within minutes; corrected there, and the old words gone from every public byte at once."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.progress import Closure, Response
from app.domain.undoing import GRACE
from app.domain.workflow import State
from app.models.actions import Action
from app.services.followup import actions, recommendation_closures, updates, verifications
from app.services.followup.transitions import Words
from app.services.meetings import recommendations
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
OLD, NEW = "Le guide est chez Benjelloun.", "Le guide est imprimé."
SAID = Words(note=OLD, public_summary=OLD)


class House:
    def __init__(self, database: Database, client: TestClient) -> None:
        self.database, self.client = database, client
        with database.write() as session:
            self.made = scenes.scene(session, published=True)
            action = scenes.action(self.made)
            scenes.publish(self.made, action)
            self.ref, self.rec = action.ref, self.made.recommendation.ref
            self.update_id = self.said(session)
            self.cookies = {name: scenes.signed_in(self.made, name) for name in ("karim", "amina", "omar", "youssef")}

    def action(self, session: Session) -> Action:
        return session.scalars(sa.select(Action).where(col(Action.ref) == self.ref)).one()

    def said(self, session: Session) -> int:
        return updates.submit(session, self.made.actor("karim"), self.action(session), words=SAID).id

    def within(self, session: Session) -> Scene:
        return self.made.within(session)

    def state(self) -> State:
        with self.database.read() as session:
            return self.action(session).state

    def get(self, path: str, who: str = "") -> str:
        self._as(who)
        return str(self.client.get(path).text)

    def post(self, what: str, who: str, **typed: object) -> tuple[int, str]:
        self._as(who)
        path = f"/fr/workspace/actions/{self.ref}/updates/{self.update_id}/{what}"
        answer = self.client.post(path, data=typed, headers=HOME)
        return answer.status_code, answer.headers.get("location", "") or answer.text

    def _as(self, who: str) -> None:
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies.get(who, {}))

    def public(self) -> str:
        pages = (
            f"/fr/recommendations/{self.rec}",
            f"/fr/actions/{self.ref}",
            "/fr/",
            "/ar/",
            f"/ar/actions/{self.ref}",
        )
        return "\n".join(self.get(page) for page in pages)


@pytest.fixture
def house(database: Database, client: TestClient) -> House:
    return House(database, client)


def test_a_stranger_finds_neither_button_nor_door(house: House) -> None:
    with house.database.write() as session:
        made = house.within(session)
        actions.withdraw(session, made.actor("amina"), house.action(session), reason="Trop tôt")
    assert house.post("undoing", "omar")[0] == 404
    assert house.post("correction", "omar", public_summary=NEW)[0] == 404
    assert house.state() is State.SUBMITTED


def test_the_answer_of_a_moment_ago_is_undone_and_gone_from_every_public_byte(house: House) -> None:
    page = f"/fr/workspace/actions/{house.ref}"
    assert f"updates/{house.update_id}/undoing" in house.get(page, "karim")
    assert f"updates/{house.update_id}/undoing" not in house.get(page, "amina")
    assert OLD in house.public()

    status, location = house.post("undoing", "karim")

    assert (status, location) == (303, f"{page}?said=undone")
    assert house.state() is State.IN_PROGRESS
    assert "Benjelloun" not in house.public()
    assert "Déclarée réalisée" not in house.get(f"/fr/actions/{house.ref}")
    assert "undoing" not in house.get(page, "karim")


def test_after_the_verifier_the_button_is_gone_and_the_press_is_answered_in_words(house: House) -> None:
    with house.database.write() as session:
        made = house.within(session)
        verifications.verify(session, made.actor("youssef"), house.action(session))

    assert "/undoing" not in house.get(f"/fr/workspace/actions/{house.ref}", "karim")
    status, text = house.post("undoing", "karim")
    assert (status, house.state()) == (409, State.VERIFIED)
    assert "ne peut plus être annulée" in text


def test_after_five_minutes_the_press_is_answered_in_words(house: House) -> None:
    with clock.at(clock.now() + GRACE):
        status, text = house.post("undoing", "karim")
    assert (status, house.state()) == (409, State.SUBMITTED)
    assert "Cinq minutes sont passées" in text


def test_what_was_just_answered_in_my_actions_is_undone_from_there(house: House) -> None:
    page = house.get(f"/fr/workspace/mine?recorded={house.ref}", "karim")
    assert f"/fr/workspace/actions/{house.ref}/updates/{house.update_id}/undoing" in page


def test_a_sentence_corrected_is_gone_from_every_public_byte_in_the_next_answer(house: House) -> None:
    assert OLD in house.public()

    status, location = house.post("correction", "karim", public_summary=NEW, version="0")

    assert (status, location) == (303, f"/fr/workspace/actions/{house.ref}?said=corrected")
    public = house.public()
    assert "Benjelloun" not in public
    assert NEW in public
    assert "termes corrigés le" in public
    assert "Benjelloun" not in house.get(f"/fr/workspace/actions/{house.ref}", "karim")
    assert OLD in house.get(f"/fr/workspace/actions/{house.ref}", "amina"), "the record keeps it"


def test_a_sentence_withdrawn_is_gone_too(house: House) -> None:
    house.post("correction", "karim", public_summary="", note="Remis en main propre.")
    public = house.public()
    assert "Benjelloun" not in public
    assert "termes corrigés le" in public


def test_a_correction_made_before_another_is_shown_beside_it(house: House) -> None:
    house.post("correction", "amina", public_summary="Autre", version="0")
    status, text = house.post("correction", "karim", public_summary=NEW, version="0")
    assert status == 409
    assert "Autre" in text
    assert NEW in text


def test_who_sees_the_action_but_did_not_say_it_corrects_nothing(house: House) -> None:
    assert house.post("correction", "youssef", public_summary=NEW)[0] == 403
    assert "/correction" not in house.get(f"/fr/workspace/actions/{house.ref}", "youssef")


def test_a_response_taken_back_leaves_its_reason_in_public_and_none_of_its_words(house: House) -> None:
    with house.database.write() as session:
        made = house.within(session)
        other = scenes.recommendation(made)
        recommendations.publish(session, made.actor("amina"), other)
        respond = {"response": Response.NOT_ACCEPTED, "reason": "Hors de notre compétence."}
        recommendations.respond(session, made.actor("amina"), other, **respond)  # type: ignore[arg-type]
        ref = other.ref
    public, home = f"/fr/recommendations/{ref}", f"/fr/workspace/recommendations/{ref}"
    assert "Hors de notre compétence." in house.get(public)
    assert f"{home}/response/withdrawal" in house.get(home, "amina")
    house.get(f"{home}/response/withdrawal", "amina")

    assert house.client.post(f"{home}/response/withdrawal", data={"reason": ""}, headers=HOME).status_code == 422
    sent = {"reason": "Une erreur de saisie."}
    assert house.client.post(f"{home}/response/withdrawal", data=sent, headers=HOME).status_code == 303
    assert house.client.post(f"{home}/response/withdrawal", data=sent, headers=HOME).status_code == 409

    page = house.get(public)
    assert "Une erreur de saisie." in page
    assert "Hors de notre compétence." not in page


def test_a_closure_taken_back_names_the_actions_that_ended_with_it(house: House) -> None:
    with house.database.write() as session:
        made = house.within(session)
        fates = {house.ref: recommendation_closures.Fate.CANCELLED}
        recommendation_closures.close(
            session, made.actor("amina"), made.recommendation, Closure.CLOSED_NOT_IMPLEMENTED,
            reason="Le budget est supprimé.", fates=fates,
        )  # fmt: skip
    home = f"/fr/workspace/recommendations/{house.rec}"
    page = house.get(f"{home}/reopening", "amina")
    assert f'value="{house.ref}"' in page

    sent = {"reason": "Le budget est rétabli.", "reopened": house.ref}
    stale = house.client.post(f"{home}/reopening", data=sent | {"version": "1"}, headers=HOME)
    assert stale.status_code == 409
    assert house.client.post(f"{home}/reopening", data=sent, headers=HOME).status_code == 303

    assert house.state() is State.IN_PROGRESS
    assert "Le budget est rétabli." in house.get(f"/fr/recommendations/{house.rec}")
    assert "Le budget est rétabli." in house.get(f"/fr/actions/{house.ref}")
