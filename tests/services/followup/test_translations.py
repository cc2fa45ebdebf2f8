"""Translations follow their originals whatever service writes them; who may translate, and what is due of it."""

import copy
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.domain.errors import NotAllowed, NotFound, Refused, Stale
from app.domain.texts import LANGS, Titles
from app.domain.translations import TextKind, outdated
from app.domain.workflow import State
from app.models import metadata
from app.models.actions import Action, ActionSupport
from app.models.audit import AuditEvent
from app.models.base import TranslatedTable, table_of
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.translations import TEXTS, TranslationDue
from app.queries.followup import translations as found
from app.queries.followup.translations import TranslationFilter
from app.services.followup import actions, indicators, milestones, parts, translations
from app.services.kernel import translation_dues
from app.services.meetings import meetings, outcomes, recommendations
from app.services.setup import organisations, posts, programmes, themes
from app.services.upkeep import integrity
from app.wording import changed_original
from tests import scenes
from tests.scenes import Scene

OLD: Titles = {"ar": "قديم", "fr": "ancien", "en": "old"}
NEW: Titles = OLD | {"fr": "nouveau"}
Make = Callable[[Scene], Any]
Change = Callable[[Scene, Any], object]


@pytest.fixture
def made(session: Session) -> Scene:
    """The cast of Fez, and Sara who administers."""
    made = scenes.scene(session, published=True)
    scenes.administrator(session, made)
    return made


def _indicator(made: Scene) -> Any:
    aim: dict[str, Any] = {"unit": OLD, "target": Decimal(3), "target_on": dt.date(2027, 12, 31)}
    return indicators.create(made.session, made.actor("amina"), made.programme.id, titles=OLD, **aim)


def _implemented(made: Scene) -> Recommendation:
    scenes.publish(made, scenes.action(made, State.VERIFIED))
    _outcome(made, made.recommendation, OLD)
    return made.recommendation


def _outcome(made: Scene, row: Recommendation, words: Titles) -> None:
    outcomes.name(made.session, made.actor("amina"), row, words=words, on=scenes.in_days(0))


def _part(made: Scene) -> Any:
    action, post = scenes.action(made), made.posts["salma"]
    parts.add(made.session, made.actor("amina"), action, post_id=post, titles=OLD, due_on=None)
    return parts.of(made.session, action.id)[0]


def _held(name: str) -> tuple[Make, Change]:
    words: dict[str, Any] = {"titles": OLD, name: OLD, "held_on": dt.date(2026, 9, 28), "region": "FM"}
    return (
        lambda made: meetings.create(made.session, made.actor("amina"), made.programme, **words),
        lambda made, row: meetings.edit(made.session, made.actor("amina"), row, **_of(name)),
    )


def _of(name: str) -> dict[str, Any]:
    return {name: NEW}


def _translate(field: str) -> Change:
    return lambda made, row: translations.translate(made.session, made.actor("amina"), row, words={field: NEW})


# How each word comes to be and how its own service changes it; parts and milestones are changed beside their original.
WRITERS: dict[tuple[str, str], tuple[Make, Change]] = {
    ("programme", "titles"): (
        lambda made: programmes.create(made.session, made.actor("sara"), titles=OLD),
        lambda made, row: programmes.edit(made.session, made.actor("sara"), row, titles=NEW),
    ),
    **{("meeting", name): _held(name) for name in ("titles", "place", "convenor", "chair", "participants")},
    ("recommendation", "titles"): (
        lambda made: scenes.recommendation(made, titles=OLD, source_lang="fr"),
        lambda made, row: recommendations.edit(made.session, made.actor("amina"), row, titles=NEW),
    ),
    ("recommendation", "outcome"): (_implemented, lambda made, row: _outcome(made, row, NEW)),
    ("action", "titles"): (
        lambda made: scenes.draft(made, titles=OLD),
        lambda made, row: actions.edit(made.session, made.actor("amina"), row, titles=NEW),
    ),
    ("action_support", "titles"): (_part, _translate("titles")),
    ("milestone", "titles"): (
        lambda made: milestones.add(made.session, made.actor("amina"), scenes.action(made), titles=OLD),
        _translate("titles"),
    ),
    ("indicator", "titles"): (_indicator, lambda made, row: _measure(made, row, "titles")),
    ("indicator", "unit"): (_indicator, lambda made, row: _measure(made, row, "unit")),
    ("theme", "titles"): (
        lambda made: themes.create(made.session, made.actor("sara"), titles=OLD),
        lambda made, row: themes.edit(made.session, made.actor("sara"), row, titles=NEW),
    ),
    ("organisation", "titles"): (
        lambda made: organisations.create(made.session, made.actor("sara"), titles=OLD),
        lambda made, row: organisations.edit(made.session, made.actor("sara"), row, titles=NEW),
    ),
    ("post", "titles"): (
        lambda made: posts.create(made.session, made.actor("sara"), _body(made), titles=OLD),
        lambda made, row: posts.edit(made.session, made.actor("sara"), row, titles=NEW),
    ),
}
NONE = {
    ("proposal", "titles"): "words of a review, which end with it: the recommendation that comes of them follows",
    ("translation_due", "titles"): "a copy, of the thing that it is due of",
    ("programme_ladder", "since"): "no words: by rung the day since which it stands",
}


def _body(made: Scene) -> Organisation:
    return made.session.get_one(Organisation, made.organisations["centre"])


def _measure(made: Scene, row: Any, name: str) -> None:
    indicators.edit(made.session, made.actor("amina"), row, **_of(name))


def test_no_column_with_words_in_several_languages_is_left_out() -> None:
    several = {
        (table_of(mapper.class_).name, name)
        for mapper in Recommendation.__mapper__.registry.mappers  # type: ignore[attr-defined]
        for name, info in mapper.class_.model_fields.items()
        if info.annotation == Titles and name != "title_flags"
    }
    followed = {(table_of(model).name, field) for model, (_, fields) in TEXTS.items() for field in fields}
    assert followed == set(WRITERS) == several - NONE.keys()
    assert {name for name in metadata.tables if "made_of" in metadata.tables[name].c} == {name for name, _ in WRITERS}


@pytest.mark.parametrize(("table", "field"), WRITERS, ids=str)
def test_whoever_changes_the_original_leaves_its_translations_outdated(made: Scene, table: str, field: str) -> None:
    make, change = WRITERS[table, field]
    row = make(made)
    made.session.flush()
    row.original_lang = "fr"
    made.session.flush()
    assert row.made_of == {}

    change(made, row)
    made.session.flush()

    assert row.made_of == {field: {"ar": ["fr", "ancien"], "en": ["fr", "ancien"]}}
    assert _due(made, row) == {"ar": False, "en": False}
    assert integrity.differences(made.session) == []


def _due(made: Scene, row: Any) -> dict[str, bool]:
    """By language, whether it is only missing."""
    made.session.flush()
    kind, subject_id, beside_id = translation_dues.place_of(row)
    query = sa.select(col(TranslationDue.lang), col(TranslationDue.is_missing)).where(
        col(TranslationDue.kind) == kind,
        col(TranslationDue.subject_id) == subject_id,
        col(TranslationDue.beside_id) == beside_id,
    )
    return {row.lang: row.is_missing for row in made.session.execute(query)}


def _state(row: Any, field: str = "titles") -> set[str]:
    return {lang for lang in LANGS if outdated(getattr(row, field), row.made_of.get(field, {}), lang)}


def test_a_change_that_was_not_read_before_is_judged_by_what_stands_in_the_database(made: Scene) -> None:
    made.session.flush()
    row = made.recommendation
    made.session.expire(row)
    row.titles = {"ar": "عنوان آخر", "fr": "Aider les entreprises à se certifier"}
    made.session.flush()
    assert _state(row) == {"fr"}


def test_the_original_of_a_recommendation_is_the_language_of_the_report(made: Scene) -> None:
    assert scenes.recommendation(made, titles=OLD, source_lang="fr").original_lang == "fr"
    assert scenes.recommendation(made, titles={"en": "old"}, source_lang="fr").original_lang == "en"


def test_what_is_below_takes_over_the_language_of_what_it_belongs_to(made: Scene) -> None:
    made.recommendation.original_lang = "fr"
    action = scenes.draft(made, titles=OLD)
    made.session.flush()
    assert action.original_lang == "fr"


def _translated(made: Scene, who: str = "amina", **sent: Any) -> None:
    translations.translate(made.session, made.actor(who), made.recommendation, **sent)


def _change_original(made: Scene) -> Recommendation:
    """Its Arabic is the original: the French is outdated by this."""
    row = made.recommendation
    recommendations.edit(made.session, made.actor("amina"), row, titles=row.titles | {"ar": "عنوان آخر"})
    made.session.flush()
    assert _state(row) == {"fr"}
    return row


def test_a_translation_that_is_written_anew_is_up_to_date(made: Scene) -> None:
    row = _change_original(made)
    _translated(made, words={"titles": row.titles | {"fr": "Un autre titre"}}, version=row.version)
    assert (_state(row), row.title_flags) == (set(), {"fr": "courtesy"})
    assert _due(made, row) == {"en": True}


def test_somebody_who_has_read_both_says_that_it_is_still_right(made: Scene) -> None:
    row = _change_original(made)
    _translated(made, right=["fr"])
    assert _state(row) == set()
    event = made.session.scalars(sa.select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event
    assert (event.verb, event.subject_kind, event.data["still_right"]) == (
        "translate",
        "recommendation",
        ["fr"],
    )


def test_what_was_up_to_date_anyway_stays_so(made: Scene) -> None:
    _translated(made, right=["fr"], words={"titles": made.recommendation.titles})
    assert (made.recommendation.made_of, made.recommendation.title_flags) == ({}, {"fr": "courtesy"})


def test_another_language_becomes_the_original_only_where_there_are_words(made: Scene) -> None:
    with pytest.raises(Refused) as refused:
        _translated(made, original="en")
    assert refused.value.field == "original"
    _translated(made, original="fr")
    assert (made.recommendation.original_lang, made.recommendation.title_flags) == ("fr", {"ar": "courtesy"})
    assert _state(made.recommendation) == set()


def test_the_title_is_never_left_without_any_word(made: Scene) -> None:
    with pytest.raises(Refused) as refused:
        _translated(made, words={"titles": {"ar": " "}})
    assert refused.value.field == "titles.ar"


def test_a_form_over_an_earlier_version_is_refused_with_what_stands_now(made: Scene) -> None:
    row = _change_original(made)
    with pytest.raises(Stale) as stale:
        _translated(made, words={"titles": OLD}, version=row.version - 1)
    assert stale.value.current["titles"] == row.titles


@pytest.mark.parametrize("who", ["karim", "leila", "youssef", "nadia", "omar", "sara"])
def test_only_the_secretariat_translates_what_is_of_its_programme(made: Scene, who: str) -> None:
    with pytest.raises(NotAllowed):
        _translated(made, who, words={"titles": OLD})
    with pytest.raises(NotFound):
        found.get(made.session, made.viewer(who), TextKind.RECOMMENDATION, str(made.recommendation.id))


def test_what_is_shared_is_translated_by_whoever_may_change_it(made: Scene) -> None:
    body = made.session.get_one(Organisation, made.organisations["agency"])
    with pytest.raises(NotAllowed):
        translations.translate(made.session, made.actor("amina"), body, words={"titles": OLD})
    translations.translate(made.session, made.actor("omar"), body, words={"titles": OLD})
    translations.translate(made.session, made.actor("sara"), body, words={"titles": NEW})
    translations.translate(made.session, made.actor("sara"), made.programme, words={"titles": OLD})


def _listed(made: Scene, who: str, **which: Any) -> list[tuple[str, str, bool]]:
    lines = found.listed(made.session, made.viewer(who), TranslationFilter(**which))
    return [(line.kind, line.lang, line.is_missing) for line in lines]


def test_the_list_shows_what_is_outdated_first_of_ones_own_alone(made: Scene) -> None:
    _change_original(made)
    own = _listed(made, "amina")
    assert own[0] == ("recommendation", "fr", False)
    assert ("recommendation", "en", True) in own
    assert all(is_missing for _, _, is_missing in own[1:])
    assert _listed(made, "amina", is_missing=False) == [own[0]]
    assert _listed(made, "amina", lang="fr", kind=TextKind.RECOMMENDATION) == [own[0]]
    assert {kind for kind, _, _ in _listed(made, "omar")} == {"programme", "organisation", "post"}
    assert {kind for kind, _, _ in _listed(made, "sara")} == {"programme", "organisation", "post"}
    assert _listed(made, "karim") == []


def test_the_list_goes_on_behind_its_last_line(made: Scene) -> None:
    for number in range(found.PER_PAGE):
        scenes.organisation(made.session, f"body-{number}", owner_programme_id=made.programme.id)
    _change_original(made)
    seen: list[int] = []
    after, which = "", TranslationFilter()
    while True:
        lines = found.listed(made.session, made.viewer("amina"), which, after)
        seen += [line.id for line in lines[: found.PER_PAGE]]
        if not (after := found.following(lines)):
            break
    own = sa.select(sa.func.count()).where(col(TranslationDue.programme_id) == made.programme.id)
    assert len(seen) == len(set(seen)) == made.session.scalars(own).one() > found.PER_PAGE


def test_what_is_due_goes_with_the_thing(made: Scene) -> None:
    part = _part(made)
    _translate("titles")(made, part)  # its French: a translation
    translations.translate(made.session, made.actor("amina"), part, words={"titles": NEW | {"ar": "جديد"}})
    action = made.session.get_one(Action, part.action_id)
    assert _due(made, part)
    parts.end(made.session, made.actor("amina"), action, part, reason="Plus besoin.")
    made.session.flush()
    assert made.session.get(ActionSupport, (part.action_id, part.organisation_id)) is None
    assert integrity.differences(made.session) == []


def test_what_is_due_is_compared_with_the_things_and_made_anew(made: Scene) -> None:
    _change_original(made)
    made.session.execute(sa.update(TranslationDue).values(is_missing=True))
    made.session.execute(sa.insert(TranslationDue).values(
        kind=TextKind.POST, subject_id=99, beside_id=0, lang="ar", programme_id=0, is_missing=True, ref="", titles={},
        since_at=dt.datetime.now(dt.UTC),
    ))  # fmt: skip
    [fault] = integrity.differences(made.session)
    assert fault.startswith("translations due: 3 differ")
    translation_dues.rebuild(made.session)
    assert integrity.differences(made.session) == []


def test_a_post_follows_its_own_original(made: Scene) -> None:
    post = made.session.get_one(Post, made.posts["karim"])
    assert isinstance(post, TranslatedTable)
    assert post.original_lang == "fr"


def test_of_three_languages_only_the_one_that_was_read_is_right(made: Scene) -> None:
    row = scenes.recommendation(made, titles=OLD, source_lang="fr")
    made.session.flush()
    amina = made.actor("amina")
    translations.translate(made.session, amina, row, words={"titles": NEW})
    translations.translate(made.session, amina, row, right=["ar"])
    assert _state(row) == {"en"}


def test_of_many_who_translate_over_one_version_one_does(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        key, version = str(made.recommendation.id), made.recommendation.version

    def one(number: int) -> bool:
        try:
            with database.write() as session:
                within = copy.copy(made).within(session)
                row = found.get(session, within.viewer("amina"), TextKind.RECOMMENDATION, key, lock=True)
                words = {"titles": row.titles | {"fr": f"Titre {number}"}}
                translations.translate(session, within.actor("amina"), row, words=words, version=version)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        won = [done.result(60) for done in [threads.submit(one, number) for number in range(12)]]
    assert sum(won) == 1
    with database.read() as session:
        assert integrity.differences(session) == []


def test_what_is_shown_in_many_languages_says_which_original_has_changed_in_each(made: Scene) -> None:
    row = scenes.recommendation(made, titles=OLD, source_lang="fr")
    made.session.flush()
    row.titles = NEW
    made.session.flush()
    shown = {lang: changed_original(row.titles, row.made_of.get("titles"), lang) for lang in LANGS}
    assert shown == {"ar": "fr", "fr": "", "en": "fr"}
    assert changed_original({"fr": "nouveau", "en": "old"}, {"en": ["fr", "ancien"]}, "ar") == "", "French is shown"
