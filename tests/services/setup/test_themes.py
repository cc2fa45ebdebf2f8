"""Themes are made, renamed, merged: what carried the merged one carries the kept one, and its address leads there."""

import threading

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.domain.errors import NotAllowed, NotFound, Refused, Stale
from app.domain.permissions import Role
from app.domain.searching import of_theme
from app.models.audit import AuditEvent
from app.models.meetings import SlugAlias
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.models.searches import SearchDocument
from app.queries.setup import themes as found
from app.services.kernel import searches
from app.services.meetings import recommendation_themes
from app.services.setup import themes
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene


def theme(made: Scene, title: str) -> Theme:
    return themes.create(made.session, made.actor("amina"), titles={"fr": title})


def carried(session: Session, item: Recommendation) -> list[int]:
    query = sa.select(col(RecommendationTheme.theme_id)).where(col(RecommendationTheme.recommendation_id) == item.id)
    return list(session.scalars(query.order_by(col(RecommendationTheme.position))))


def wear(made: Scene, item: Recommendation, *worn: Theme) -> None:
    recommendation_themes.set_themes(made.session, made.actor("amina"), item, [one.id for one in worn])


def test_all_recommendations_move_and_where_both_stood_the_better_place_is_kept(session: Session) -> None:
    made = scenes.scene(session)
    old, kept, third = theme(made, "Salons"), theme(made, "Marchés"), theme(made, "Ports")
    only, both, last = made.recommendation, scenes.recommendation(made), scenes.recommendation(made)
    wear(made, only, old)
    wear(made, both, old, third, kept)
    wear(made, last, kept, old)

    themes.merge(session, made.actor("amina"), old, kept, is_meant=True)

    session.expire_all()
    assert carried(session, only) == [kept.id]
    assert carried(session, both) == [kept.id, third.id]
    assert carried(session, last) == [kept.id]


def test_the_old_address_leads_to_the_kept_theme_also_after_another_merger(session: Session) -> None:
    made = scenes.scene(session)
    first, second, third = theme(made, "Salons"), theme(made, "Foires"), theme(made, "Marchés")
    amina = made.actor("amina")

    themes.merge(session, amina, first, second, is_meant=True)
    themes.merge(session, amina, second, third, is_meant=True)

    for slug in ("salons", "foires", "marches"):
        assert found.get(session, amina.viewer, slug).id == third.id
    aliases = {(row.slug, row.target_id) for row in session.scalars(sa.select(SlugAlias))}
    assert aliases == {("salons", third.id), ("foires", third.id)}
    assert theme(made, "Salons").slug == "salons-2"


def test_it_is_asked_back_how_many_move_and_then_recorded_which(session: Session) -> None:
    made = scenes.scene(session)
    old, kept = theme(made, "Salons"), theme(made, "Marchés")
    wear(made, made.recommendation, old)

    with pytest.raises(Refused, match="1 recommendation moves") as asked:
        themes.merge(session, made.actor("amina"), old, kept)
    old_id = old.id
    themes.merge(session, made.actor("amina"), old, kept, is_meant=True)

    assert asked.value.field == "is_meant"
    query = sa.select(AuditEvent).where(col(AuditEvent.verb) == "merge", col(AuditEvent.subject_id) == old_id)
    event = session.scalars(query).one()
    assert event.data["into"] == kept.id
    assert event.data["moved"] == [made.recommendation.id]
    assert event.data["titles"] == {"fr": "Salons"}


def test_the_search_follows_in_the_same_transaction(session: Session) -> None:
    made = scenes.scene(session)
    old, kept = theme(made, "Salons"), theme(made, "Marchés")
    wear(made, made.recommendation, old)
    searches.settle(session)
    before = of_theme(old.id)
    assert holds(session, before)

    themes.merge(session, made.actor("amina"), old, kept, is_meant=True)
    searches.settle(session)

    assert holds(session, of_theme(kept.id))
    assert not holds(session, before)
    assert integrity.differences(session) == []


def holds(session: Session, token: str) -> bool:
    return any(token in tokens.split() for tokens in session.scalars(sa.select(col(SearchDocument.tokens))))


def test_a_theme_is_changed_by_the_programme_that_made_it_as_long_as_no_other_uses_it(session: Session) -> None:
    made = scenes.scene(session)
    own, kept = theme(made, "Salons"), theme(made, "Marchés")

    with pytest.raises(NotAllowed):
        themes.edit(session, made.actor("omar"), own, titles={"fr": "À moi"})
    with pytest.raises(NotAllowed):
        themes.merge(session, made.actor("omar"), own, kept, is_meant=True)
    for name in ("karim", "nadia", "youssef"):
        with pytest.raises(NotAllowed):
            themes.create(session, made.actor(name), titles={"fr": "Rien"})
    foreign = Scene(session, dict(made.people), dict(made.posts), dict(made.organisations))
    foreign.programme, foreign.meeting, foreign.people["amina"] = made.other, made.meeting, made.people["omar"]
    made.recommendation.programme_id = made.other.id
    recommendation_themes.set_themes(session, made.actor("omar"), made.recommendation, [own.id])
    with pytest.raises(NotAllowed):
        themes.edit(session, made.actor("amina"), own, titles={"fr": "Foires"})
    sara = scenes.person(session, "sara")
    scenes.grant(session, sara, Role.ADMINISTRATOR)
    made.people["sara"] = sara
    themes.edit(session, made.actor("sara"), own, titles={"fr": "Foires", "ar": "المعارض"}, version=own.version)
    assert own.titles == {"fr": "Foires", "ar": "المعارض"}


def test_bad_input_is_refused_in_place(session: Session) -> None:
    made = scenes.scene(session)
    own = theme(made, "Salons")
    amina = made.actor("amina")

    with pytest.raises(Refused) as empty:
        themes.edit(session, amina, own, titles={"fr": "  "})
    with pytest.raises(Stale):
        themes.edit(session, amina, own, titles={"fr": "Foires"}, version=own.version - 1)
    for target in (None, own):
        with pytest.raises(Refused) as same:
            themes.merge(session, amina, own, target, is_meant=True)
        assert same.value.field == "into"
    with pytest.raises(Refused) as unknown:
        recommendation_themes.set_themes(session, amina, made.recommendation, [own.id, 987654])
    with pytest.raises(Refused) as many:
        recommendation_themes.set_themes(session, amina, made.recommendation, list(range(1, 10)))

    assert empty.value.field == "titles.ar"
    assert (unknown.value.field, many.value.field) == ("main", "others")
    assert carried(session, made.recommendation) == []


def test_a_theme_chosen_while_it_is_merged_is_never_carried(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        old, kept = theme(made, "Salons").id, theme(made, "Marchés").id
    outcomes: list[str] = []

    def within(session: Session) -> Scene:
        return Scene(session, made.people, made.posts, made.organisations, made.ids).within(session)

    def merge() -> None:
        with database.write() as session:
            here = within(session)
            themes.merge(
                session, here.actor("amina"), session.get_one(Theme, old), session.get_one(Theme, kept), is_meant=True
            )

    def choose() -> None:
        try:
            with database.write() as session:
                here = within(session)
                recommendation_themes.set_themes(session, here.actor("amina"), here.recommendation, [old])
                outcomes.append("chosen")
        except (Refused, NotFound):
            outcomes.append("refused")

    threads = [threading.Thread(target=work) for work in (merge, choose)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    with database.write() as session:
        here = within(session)
        assert carried(session, here.recommendation) == ([kept] if outcomes == ["chosen"] else [])
        assert session.get(Theme, old) is None
