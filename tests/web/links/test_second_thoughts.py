"""On the receipt behind a mailed key: the answer is undone within minutes, or its words are corrected."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.undoing import GRACE
from app.domain.workflow import PartState, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.notifications import Delivery, Envelope
from app.models.updates import Update
from app.services.followup import milestones, updates
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only


class House:
    def __init__(self, database: Database, client: TestClient) -> None:
        self.database, self.client = database, client
        with database.write() as session:
            self.made = scenes.scene(session, published=True)
            action = scenes.action(self.made)
            scenes.publish(self.made, action)
            stone = milestones.add(session, self.made.actor("amina"), action, titles={"fr": "Imprimé"})
            self.id, self.ref, self.stone = action.id, action.ref, stone.id
            self.home = f"/fr/u/{scenes.link(self.made, action)}"
            self.of_stone = f"/fr/u/{scenes.link(self.made, action, milestone_id=stone.id)}"
            self.stone_id = stone.id

    def answer(self, home: str = "", **typed: str) -> str:
        """The way to the receipt."""
        location = self.client.post(home or self.home, data=typed).headers["location"]
        assert "/receipts/" in location
        return str(location)

    def read(self, session: Session) -> tuple[Action, Update]:
        last = sa.select(Update).where(col(Update.action_id) == self.id).order_by(col(Update.id).desc()).limit(1)
        return session.get_one(Action, self.id), session.scalars(last).one()


@pytest.fixture
def house(database: Database, client: TestClient) -> House:
    return House(database, client)


def test_another_key_opens_neither_door(house: House) -> None:
    receipt = house.answer(s="done", note="Imprimé.")
    with house.database.write() as session:
        other = f"/fr/u/{scenes.link(house.made.within(session), scenes.action(house.made))}"
    elsewhere = receipt.replace(house.home, other)
    for door in ("undoing", "correction"):
        assert house.client.post(f"{elsewhere}/{door}", data={"words": "X"}).status_code == 404
        assert house.client.post(f"/fr/u/{'x' * 43}/receipts/1/{door}").status_code == 404


def test_done_by_mistake_is_undone_from_the_receipt_and_no_mail_ever_leaves(house: House) -> None:
    receipt = house.answer(s="done", note="Le guide est chez Benjelloun.")
    page = house.client.get(receipt).text
    assert f'action="{receipt}/undoing"' in page
    assert "Annuler ma réponse" in page
    assert re.search(r"Jusqu’à .*vous pouvez annuler", page)

    left = house.client.post(f"{receipt}/undoing")

    assert (left.status_code, left.headers["location"]) == (303, f"{house.home}?said=undone")
    assert "c’est comme si vous n’aviez pas répondu" in house.client.get(left.headers["location"]).text
    with house.database.read() as session:
        action, last = house.read(session)
        assert (action.state, last.public_summary, last.note) == (State.IN_PROGRESS, "", "")
        mail = session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "action_submitted")).one()
        assert mail.state is Delivery.CANCELLED
    again = house.client.get(receipt)
    assert (again.status_code, again.headers["location"]) == (303, f"{house.home}?said=undone")
    assert house.client.post(f"{receipt}/undoing").status_code in {303, 404, 409}


def test_too_late_is_said_on_the_receipt(house: House) -> None:
    receipt = house.answer(s="on_track")
    with clock.at(clock.now() + GRACE):
        page = house.client.get(receipt).text
        assert "/undoing" not in page
        late = house.client.post(f"{receipt}/undoing")
    assert late.status_code == 409
    assert "Cinq minutes sont passées" in late.text


def test_a_milestone_that_was_called_reached_is_not(house: House) -> None:
    receipt = house.answer(f"{house.of_stone}/milestone", s="reached")
    left = house.client.post(f"{receipt}/undoing")

    assert left.headers["location"] == f"{house.of_stone}/milestone?m={house.stone_id}&said=undone"
    assert house.client.get(left.headers["location"]).status_code == 200
    with house.database.read() as session:
        assert session.get_one(Milestone, house.stone).done_on is None


def test_what_a_supporting_post_said_of_its_part_is_undone_and_corrected_likewise(house: House) -> None:
    with house.database.write() as session:
        made, action = house.made.within(session), session.get_one(Action, house.id)
        scenes.support(made, action)
        home = f"/fr/u/{scenes.link(made, action, 'salma')}"
    public = f"/fr/actions/{house.ref}"
    receipt = house.answer(home, s="done", note="Notre part est chez Benjelloun.")
    assert "Part déclarée terminée" in house.client.get(public).text

    left = house.client.post(f"{receipt}/undoing")

    assert left.headers["location"] == f"{home}?said=undone"
    assert "Part déclarée terminée" not in house.client.get(public).text
    with house.database.read() as session:
        support = session.scalars(sa.select(ActionSupport).where(col(ActionSupport.action_id) == house.id)).one()
        assert (support.part_state, support.done_at) == (PartState.UNDER_WAY, None)
    receipt = house.answer(home, s="on_track", note="Chez Benjelloun.")
    house.client.post(f"{receipt}/correction", data={"words": "À l’impression.", "version": "0"})
    assert "À l’impression." in house.client.get(receipt).text


def test_words_are_corrected_and_wait_for_their_release_as_the_first_ones_did(house: House) -> None:
    receipt = house.answer(s="on_track", note="Le guide est chez Benjelloun.")
    with house.database.write() as session:
        made = house.made.within(session)
        updates.release(session, made.actor("amina"), house.read(session)[1])
    public = f"/fr/actions/{house.ref}"
    assert "Benjelloun" in house.client.get(public).text

    left = house.client.post(f"{receipt}/correction", data={"words": "Le guide est chez l’imprimeur.", "version": "0"})

    assert (left.status_code, left.headers["location"]) == (303, f"{receipt}?said=corrected")
    page = house.client.get(left.headers["location"]).text
    assert "Le guide est chez l’imprimeur." in page
    assert "Benjelloun" not in page + house.client.get(public).text
    assert "imprimeur" not in house.client.get(public).text, "it waits for its release"
    stale = house.client.post(f"{receipt}/correction", data={"words": "Autre", "version": "0"})
    assert stale.status_code == 409


def test_empty_words_are_refused_where_some_are_needed(house: House) -> None:
    receipt = house.answer(s="done", note="Imprimé.")
    refused = house.client.post(f"{receipt}/correction", data={"words": "", "version": "0"})
    assert refused.status_code == 422
    assert "ne peut se dire sans un mot" in refused.text
