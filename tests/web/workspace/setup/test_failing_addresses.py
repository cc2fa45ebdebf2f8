"""An address from which mails come back is marked where people are set up, and cleared by whoever may read it."""

import pytest

from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.mail.inbound.outcomes import TakenAs
from app.services.kernel.audit import SERVICE
from app.services.setup import access
from tests import builders
from tests.fixtures.pages import TestClient
from tests.mail.inbound import dsns
from tests.services.mailing.test_bounces import House

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
PEOPLE = "/fr/workspace/setup/people"


def test_a_failing_address_is_marked_with_the_servers_words_until_it_is_cleared(
    database: Database, client: TestClient
) -> None:
    with database.write() as session:
        house = House(session)
        assert house.came_back(house.sent(), dsns.exchange()) is TakenAs.RECORDED
        builders.person(session, "Sara", Role.ADMINISTRATOR, email="sara@exemple.ma", locale="fr")
    page = f"{PEOPLE}/{house.karim.id}"
    with database.write() as session:
        address = access.issue_link(session, SERVICE, "sara@exemple.ma")
    client.post(address.removeprefix(settings().base), headers=HOME)

    assert "Les courriels reviennent" in client.get(PEOPLE).text
    assert "RecipientNotFound" in client.get(page).text

    answer = client.post(f"{page}/working-address", headers=HOME)

    assert answer.status_code == 303
    assert "est oublié" in client.get(answer.headers["location"]).text
    assert "reviennent" not in client.get(page).text
    assert "reviennent" not in client.get(PEOPLE).text
