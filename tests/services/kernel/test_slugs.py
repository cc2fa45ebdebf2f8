"""Slugs: given once, readable, never to anything else again, not even as a former address."""

import pytest
from sqlmodel import Session

from app.domain.errors import Refused
from app.models.meetings import Meeting, SlugAlias
from app.models.people import Organisation, Post
from app.services.kernel import slugs
from tests import builders

FEZ = {"ar": "لقاء فاس", "fr": "Rencontre de Fès"}


def former(session: Session, kind: str, slug: str) -> None:
    session.add(SlugAlias(kind=kind, slug=slug, target_id=builders.meeting(session).id))
    session.flush()


def test_a_slug_is_made_of_the_first_latin_title(session: Session) -> None:
    assert slugs.give(session, Meeting, FEZ) == "rencontre-de-fes"
    assert slugs.give(session, Meeting, {"ar": "لقاء فاس", "en": "Fez meeting"}) == "fez-meeting"
    assert slugs.give(session, Meeting, {"ar": "لقاء"}).isascii()


def test_one_that_is_taken_gets_a_number(session: Session) -> None:
    builders.meeting(session, slug="rencontre-de-fes")
    builders.meeting(session, slug="rencontre-de-fes-2")

    assert slugs.give(session, Meeting, FEZ) == "rencontre-de-fes-3"


def test_a_former_address_is_taken_for_good(session: Session) -> None:
    former(session, "meeting", "rencontre-de-fes")

    assert slugs.give(session, Meeting, FEZ) == "rencontre-de-fes-2"
    with pytest.raises(Refused, match="taken"):
        slugs.check(session, Meeting, "rencontre-de-fes")


def test_every_kind_has_its_own(session: Session) -> None:
    former(session, "meeting", "rencontre-de-fes")
    builders.organisation(session, slug="suivi")

    assert slugs.give(session, Organisation, FEZ) == "rencontre-de-fes"
    assert slugs.check(session, Post, "suivi") == "suivi"
    with pytest.raises(Refused, match="taken"):
        slugs.check(session, Organisation, "suivi")


@pytest.mark.parametrize("typed", ["Fès", "fes 2024", "fes_2024", "-fes", "fes/2024", "%", ""])
def test_what_is_no_slug_is_refused(session: Session, typed: str) -> None:
    with pytest.raises(Refused):
        slugs.check(session, Meeting, typed)
