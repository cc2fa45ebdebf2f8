"""Many actions changed together by pages: ticked, previewed without a trace, then done as a whole or not at all."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from app.models.access import FormOnce
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.rollups import PublicChange
from app.models.updates import Update
from app.services.followup import bulk_edits, updates
from tests.house import House

pytestmark = pytest.mark.sqlite_only
ROOM = "/fr/workspace/actions/bulk-edits"
MOVE = {"change": "deadline", "due_on": "2027-12-31", "reason": "Le budget arrive plus tard."}


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def traces(house: House) -> list[int]:
    """How many rows there are of all that an act leaves behind."""
    with house.database.read() as session:
        tables = (Update, AuditEvent, Envelope, PublicChange, FormOnce)
        return [session.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in tables]


def shown(page: str) -> list[str]:
    """What the preview would send."""
    return re.findall(r'name="item" value="([^"]+)"', page)


def test_it_exists_for_secretariats_and_of_their_own_programmes(house: House) -> None:
    ref = house.action()
    pages = {name: house.browser(name).get(ROOM) for name in house.cookies}

    assert {name for name, page in pages.items() if page.status_code == 200} == {"amina", "omar"}
    assert {name for name, page in pages.items() if ref in page.text} == {"amina"}
    assert f'value="{ref}"' not in house.browser("omar").get(ROOM, params={"ref": ref}).text
    for path in (ROOM, f"{ROOM}/preview"):
        assert house.browser("omar").post(path, data={"ref": ref, **MOVE}).status_code == 404
        assert house.browser("karim").post(path, data={"ref": ref, **MOVE}).status_code == 404


def test_public_actions_of_others_are_not_theirs_to_change(house: House) -> None:
    ref = house.action()
    house.browser("amina").post(f"/fr/workspace/actions/{ref}/publication")

    assert house.browser("omar").post(ROOM, data={"ref": ref, **MOVE}).status_code == 403


def test_the_list_leads_there_with_its_filters(house: House) -> None:
    one, two = house.action(State.BLOCKED), house.action()
    amina = house.browser("amina")

    assert f"{ROOM}?state=blocked" in amina.get("/fr/workspace/actions?state=blocked").text
    found = amina.get(f"{ROOM}?state=blocked").text
    assert one in found
    assert two not in found
    by_words = amina.get(f"{ROOM}?text={two}").text
    assert two in by_words
    assert one not in by_words
    assert "bulk-edits" not in house.browser("leila").get("/fr/workspace/actions").text


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_a_preview_shows_what_changes_and_who_is_written_to_and_leaves_no_trace(house: House, lang: str) -> None:
    refs = [house.action() for _ in range(3)]
    before, due = traces(house), house.row(refs[0]).due_on

    page = house.browser("amina").post(f"/{lang}/workspace/actions/bulk-edits/preview", data={"ref": refs[:2], **MOVE})

    assert page.status_code == 200
    assert shown(page.text) == [f"{ref}@{house.row(ref).version}" for ref in refs[:2]]
    assert "2027" in page.text
    assert all(name in page.text for name in ("Karim", "Salma"))
    assert traces(house) == before
    assert house.row(refs[0]).due_on == due


def test_what_was_previewed_is_done_and_the_same_form_twice_is_once(house: House) -> None:
    refs = [house.action() for _ in range(3)]
    amina = house.browser("amina")
    page = amina.post(f"{ROOM}/preview", data={"ref": refs, **MOVE}).text
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    sent = {"item": shown(page), "once": once[1], **MOVE}

    answers = [amina.post(ROOM, data=sent) for _ in range(2)]

    assert [answer.headers["location"] for answer in answers] == ["/fr/workspace/actions?said=changed_together"] * 2
    assert [(str(house.row(ref).due_on), house.row(ref).extensions) for ref in refs] == [("2027-12-31", 1)] * 3
    with house.database.read() as session:
        kinds = session.scalars(sa.select(col(Envelope.kind)).where(col(Envelope.kind) == "changed_together")).all()
    assert len(kinds) == 2


def test_what_moved_since_the_preview_is_named_and_nothing_is_half_written(house: House) -> None:
    refs = [house.action() for _ in range(3)]
    amina = house.browser("amina")
    items = shown(amina.post(f"{ROOM}/preview", data={"ref": refs, **MOVE}).text)
    with house.database.write() as session:
        made = house.made.within(session)
        moved = session.scalars(sa.select(Action).where(col(Action.ref) == refs[1])).one()
        updates.on_track(session, made.actor("karim"), moved)
    before = traces(house)

    answer = amina.post(ROOM, data={"item": items, **MOVE})

    assert answer.status_code == 409
    warned = answer.text.partition('id="moved"')[2].partition("</div>")[0]
    assert [ref for ref in refs if ref in warned] == [refs[1]]
    assert traces(house) == before
    assert [house.row(ref).extensions for ref in refs] == [0, 0, 0]
    assert 'value="2027-12-31"' in answer.text


def test_one_that_can_t_be_changed_stops_all_and_is_named_in_preview_and_after(house: House) -> None:
    good, bad = house.action(), house.action(State.VERIFIED)
    before = traces(house)
    amina = house.browser("amina")

    items = [f"{ref}@{house.row(ref).version}" for ref in (good, bad)]
    for path, what in ((f"{ROOM}/preview", {"ref": [good, bad]}), (ROOM, {"item": items})):
        answer = amina.post(path, data={**what, **MOVE})
        problems = answer.text.partition('class="problems"')[2].partition("</div>")[0]
        assert answer.status_code == 422
        assert [ref for ref in (good, bad) if ref in problems] == [bad]
    assert traces(house) == before
    assert amina.post(ROOM, data={"ref": good, **MOVE}).status_code == 409, "what nobody has seen in a preview"


def test_a_choice_is_asked_for_and_more_than_two_hundred_are_refused(house: House) -> None:
    refs = [house.action() for _ in range(2)]
    amina = house.browser("amina")

    assert amina.post(f"{ROOM}/preview", data={"ref": refs}).status_code == 422
    assert amina.post(f"{ROOM}/preview", data=MOVE).status_code == 422
    many = [f"FM-2024-03.{number}" for number in range(bulk_edits.MOST + 1)]
    assert amina.post(f"{ROOM}/preview", data={"ref": many, **MOVE}).status_code == 422
    assert amina.post(ROOM, data={"item": [f"{ref}@1" for ref in many], **MOVE}).status_code == 422


def test_looking_for_a_post_and_correcting_keep_what_was_typed(house: House) -> None:
    ref = house.action()
    amina = house.browser("amina")

    found = amina.post(f"{ROOM}/preview", data={"ref": ref, "post_words": "help", "find": "1", **MOVE}).text
    again = amina.post(f"{ROOM}/preview", data={"item": f"{ref}@1", "find": "1", **MOVE}).text

    for page in (found, again):
        assert 'value="2027-12-31"' in page
        assert f'value="{ref}" checked' in page


def test_an_owner_is_changed_for_all_and_both_hear_once(house: House) -> None:
    refs = [house.action() for _ in range(2)]
    sent = {"ref": refs, "change": "owner", "owner_post_id": house.made.posts["omar"], "reason": "Il a plus de moyens."}
    amina = house.browser("amina")

    page = amina.post(f"{ROOM}/preview", data=sent).text
    del sent["ref"]
    assert amina.post(ROOM, data={**sent, "item": shown(page)}).status_code == 303

    assert {house.row(ref).owner_post_id for ref in refs} == {house.made.posts["omar"]}
