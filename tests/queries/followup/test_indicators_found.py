"""Indicators among what a search finds: by name, unit and source, for exactly those who may read them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.domain.errors import NotFound
from app.domain.permissions import Role
from app.models.indicators import Indicator
from app.models.people import Person
from app.models.searches import SearchDocument
from app.queries.followup import indicators as read
from app.queries.followup import search_filters, searches
from app.queries.followup.search_filters import SearchFilters
from app.services.followup import indicators
from app.services.followup.indicators import Measured
from app.services.kernel import search_rebuild
from app.services.kernel.audit import SERVICE
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes, roles
from tests import scenes
from tests.scenes import Scene
from tests.statements import counted

TITLES = {"ar": "صادرات الزعفران", "fr": "Exportations de safran", "en": "Saffron exports"}
EVERYBODY = ("amina", "leila", "nadia", "karim", "salma", "youssef", "omar", "fm", "centre")


def indicator(made: Scene, **changes: Any) -> Indicator:
    aim: Any = {
        "titles": TITLES,
        "unit": {"ar": "أطنان", "fr": "tonnes", "en": "tons"},
        "target": Decimal("3.5"),
        "target_on": dt.date(2027, 12, 31),
        "post_id": made.posts["karim"],
        **changes,
    }
    return indicators.create(made.session, made.actor("amina"), made.programme.id, **aim)


def measured(source: str, value: str = "2.7") -> Measured:
    return Measured(dt.date(2026, 1, 31), Decimal(value), source)


def hits(made: Scene, name: str, q: str = "safran", **narrowed: str) -> list[searches.SearchHit]:
    made.session.commit()
    viewer, filters = made.viewer(name), SearchFilters(q, **narrowed).checked()
    within = search_filters.narrowed(made.session, viewer, filters)
    return searches.page(made.session, viewer, filters, within, "").hits


def paths(made: Scene, name: str, q: str = "safran", **narrowed: str) -> list[str]:
    return [hit.path for hit in hits(made, name, q, **narrowed)]


def observers(made: Scene) -> None:
    scenes.grant(made.session, made.people["nadia"], Role.OBSERVER, made.programme)
    narrow = {"fm": {"region": "FM"}, "centre": {"organisation_id": made.organisations["centre"]}}
    for name, where in narrow.items():
        made.people[name] = scenes.person(made.session, name)
        person = made.session.get_one(Person, made.people[name])
        roles.grant(made.session, SERVICE, person, Role.OBSERVER, programme_id=made.programme.id, **where)  # type: ignore[arg-type]


def reads(made: Scene, name: str, own: Indicator) -> bool:
    try:
        return bool(read.get(made.session, made.viewer(name), own.id))
    except NotFound:
        return False


@pytest.mark.parametrize("typed", ["صادرات", "الزعفران", "SAFRAN", "exportation", "saffron", "أطنان", "tonne", "tons"])
def test_it_is_found_by_its_name_and_its_unit_in_three_languages(session: Session, typed: str) -> None:
    made = scenes.scene(session)
    own = indicator(made)
    assert paths(made, "amina", typed) == [f"workspace/indicators/{own.id}"]


def test_it_is_found_by_those_who_read_its_page_and_by_nobody_else(session: Session) -> None:
    made = scenes.scene(session)
    observers(made)
    own = indicator(made)

    found = {name for name in EVERYBODY if paths(made, name)}
    assert found == {name for name in EVERYBODY if reads(made, name, own)}
    assert found == {"amina", "youssef", "nadia", "karim"}


def test_another_keeper_finds_it_and_the_former_one_does_not(session: Session) -> None:
    made = scenes.scene(session)
    own = indicator(made)
    assert (len(paths(made, "karim")), len(paths(made, "salma"))) == (1, 0)

    indicators.edit(session, made.actor("amina"), own, post_id=made.posts["salma"])

    assert (len(paths(made, "karim")), len(paths(made, "salma"))) == (0, 1)
    assert search_rebuild.faults(session) == []


def test_the_public_finds_its_line_on_the_programmes_page_until_it_is_withdrawn(session: Session) -> None:
    made = scenes.scene(session)
    own = indicator(made)
    programmes.publish(session, SERVICE, made.programme)
    assert paths(made, "omar") == []

    indicators.publish(session, made.actor("amina"), own)
    assert paths(made, "omar") == [f"programmes/{made.programme.slug}#indicator-{own.id}"]
    assert paths(made, "karim") == [f"workspace/indicators/{own.id}"]

    indicators.withdraw(session, made.actor("amina"), own, reason="Une erreur.")
    assert paths(made, "omar") == []
    assert len(paths(made, "karim")) == 1


def test_what_measures_a_recommendation_is_public_with_it_and_found_by_its_reference(session: Session) -> None:
    made = scenes.scene(session)
    own = indicator(made, recommendation_id=made.recommendation.id)
    indicators.publish(session, made.actor("amina"), own)
    programmes.publish(session, SERVICE, made.programme)
    meetings.publish(session, made.actor("amina"), made.meeting)
    assert paths(made, "omar") == []

    recommendations.publish(session, made.actor("amina"), made.recommendation)
    ref = made.recommendation.ref
    line = f"recommendations/{ref}#indicator-{own.id}"
    assert paths(made, "omar") == [line]
    assert paths(made, "omar", ref.lower()) == [f"workspace/recommendations/{ref}", line]
    assert search_rebuild.faults(session) == []

    recommendations.withdraw(session, made.actor("amina"), made.recommendation, reason="Une erreur.")
    assert paths(made, "omar") == []
    recommendations.publish(session, made.actor("amina"), made.recommendation)
    assert paths(made, "omar") == [line]
    meetings.withdraw(session, made.actor("amina"), made.meeting, reason="Une erreur.")
    assert paths(made, "omar") == []
    assert search_rebuild.faults(session) == []


def test_a_programme_that_is_withdrawn_takes_it_along(session: Session) -> None:
    made = scenes.scene(session)
    indicators.publish(session, made.actor("amina"), indicator(made))
    programmes.publish(session, SERVICE, made.programme)
    assert len(paths(made, "omar")) == 1

    programmes.withdraw(session, SERVICE, made.programme, reason="Une erreur.")

    assert paths(made, "omar") == []


def test_a_token_that_is_stale_gives_nobody_what_they_may_not_read(session: Session) -> None:
    made = scenes.scene(session)
    indicators.publish(session, made.actor("amina"), indicator(made, recommendation_id=made.recommendation.id))
    programmes.publish(session, SERVICE, made.programme)
    session.commit()
    session.execute(sa.update(SearchDocument).values(tokens=SearchDocument.tokens + f" q_{made.programme.id}"))

    assert paths(made, "omar") == []


def test_the_source_of_a_corrected_value_is_found_and_the_one_before_is_not(session: Session) -> None:
    made = scenes.scene(session)
    own = indicator(made)
    old = indicators.measure(session, made.actor("karim"), own, measured("Douane"))
    assert len(paths(made, "amina", "douane")) == 1

    indicators.correct(session, made.actor("karim"), own, old, measured("Coopératives"), reason="Secret kanari.")

    [hit] = hits(made, "amina", "cooperative")
    assert ("Coopératives", True) in hit.excerpt
    assert paths(made, "amina", "douane") == paths(made, "amina", "kanari") == []
    assert search_rebuild.faults(session) == []


def test_its_kind_its_programme_its_year_and_its_keepers_body_narrow_it(session: Session) -> None:
    made = scenes.scene(session)
    own = indicator(made)
    year = str(own.created_at.year)

    for narrowed in ({"kind": "indicator"}, {"programme": made.programme.slug}, {"organisation": "centre"}):
        assert len(paths(made, "amina", **narrowed)) == 1, narrowed
    assert len(paths(made, "amina", year=year)) == 1
    assert paths(made, "amina", kind="action") == paths(made, "amina", organisation="chamber") == []


def test_an_index_from_before_is_made_with_them(session: Session) -> None:
    made = scenes.scene(session)
    indicators.measure(session, made.actor("karim"), indicator(made), measured("Douane"))
    session.commit()
    session.execute(sa.delete(SearchDocument))
    assert any("differ" in fault for fault in search_rebuild.faults(session))

    search_rebuild.rebuild(session)

    assert search_rebuild.faults(session) == []
    assert len(paths(made, "amina", "douane")) == 1


def test_many_cost_as_many_statements_as_one(session: Session) -> None:
    made = scenes.scene(session)
    indicator(made)
    one = _counted(made)
    for number in range(12):
        more = indicator(made)
        indicators.measure(session, made.actor("karim"), more, measured(f"Source {number}"))
    assert len(hits(made, "amina")) == 13

    assert _counted(made) == one


def _counted(made: Scene) -> int:
    made.session.commit()
    viewer, filters = made.viewer("amina"), SearchFilters("safran")
    within = search_filters.narrowed(made.session, viewer, filters)
    return counted(made.session, lambda: searches.page(made.session, viewer, filters, within, ""))
