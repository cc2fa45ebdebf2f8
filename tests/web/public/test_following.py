"""Every verb of the house: after it, each public page that lies in memory is the page that would be made anew."""

import datetime as dt
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import services
from app.db import Database
from app.domain.on_behalf import CameBy
from app.domain.periods import Rhythm
from app.domain.progress import Closure, Response
from app.domain.workflow import OPEN, BlockReason, MilestoneWord, Verb
from app.models import metadata
from app.models.actions import Action, Milestone
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.indicators import Indicator, IndicatorValue
from app.models.meetings import Meeting, Programme, ReleasePolicy
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation, Theme
from app.models.updates import Update, Via
from app.queries.followup import voices as voice_queries
from app.queries.intake import intake
from app.services.followup import (
    actions,
    also_serves,
    bulk,
    closures,
    corrections,
    evidence,
    extensions,
    indicators,
    milestones,
    on_behalf,
    parts,
    publications,
    recommendation_closures,
    translations,
    undoing,
    updates,
    verifications,
    voices,
)
from app.services.followup.evidence import Document
from app.services.followup.indicators import Measured
from app.services.followup.on_behalf import Arrival, Said
from app.services.followup.recommendation_closures import Fate
from app.services.followup.transitions import Words
from app.services.intake import reports
from app.services.kernel import affected_pages
from app.services.meetings import (
    meetings,
    outcomes,
    recommendation_links,
    recommendation_themes,
    recommendations,
    takebacks,
)
from app.services.setup import organisations, posts, programmes, themes
from app.web import page_versions
from app.web.public.cache import Cached
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.published import TODAY
from tests.scenes import Scene

PATHS = (
    "", "meetings/", "programmes/programme-de-fes", "meetings/rencontre-de-fes", "recommendations/FM-2026-01",
    "recommendations/FM-2026-02", "actions/FM-2026-01.1", "actions/FM-2026-01.2", "actions/FM-2026-02.1",
    "organisations/centre", "organisations/chamber", "organisations/agency", "about",
    "themes/export", "themes/exportations",
    "calendars/meetings/rencontre-de-fes.ics", "calendars/programmes/programme-de-fes.ics",
)  # fmt: skip
# Verbs on what no public page shows: people, access, mail, what lies on the table of a review.
BEHIND = {
    "access.issue_link", "answers.give", "audit.record", "delivery.channel.release", "excerpts.add", "excerpts.merge",
    "excerpts.split", "failures.acknowledge", "failures.again", "failures.close", "outbox.failed", "outbox.owned",
    "outbox.requeue", "outbox.requeue_uncertain", "outbox.send_again", "people.choose",
    "people.create", "people.disable", "people.edit", "people.enable", "people.switch_digest",
    "feeds.make", "feeds.revoke", "bounces.clear", "ladders.edit", "ladders.restore", "replies.discard",
    "days_off.add", "days_off.confirm", "days_off.move", "days_off.strike", "days_off.take_back",
    "team_channels.add", "team_channels.remove", "team_channels.try_out",
    "wordings.remove", "wordings.reword", "wordings.take_back", "wordings.take_back_all",
    "reviews.drop", "reviews.edit", "reviews.restore", "roles.grant", "roles.revoke",
    "onboarding.enrol", "onboarding.establish", "onboarding.fill",
    "translations.require",
    "posts.require_reach", "reviews.step", "reviews.undo", "transitions.carry_out", "transitions.record",
    "transitions.tell_those_who_owe", "lapses.follow", "undoing.keep", "corrections.may_correct", "parts.is_of_part",
    "extensions.ask", "extensions.endorse", "extensions.refuse", "extensions.withdraw",
    "questions.ask", "questions.answer", "questions.follow",
    "seats.plan_change", "seats.take_back", "posts.leave_all", "substitutes.begin", "substitutes.choose",
    "substitutes.finish", "substitutes.finish_all", "substitutes.name",
    "proposers.add", "proposers.edit", "proposers.remove",
    "invitations.again", "invitations.invite", "invitations.withdraw", "roles.require_grantable",
}  # fmt: skip
# Verbs that are walked by another that is made of them.
WITHIN = {"plans.plan": "actions.assign", "reviews.accept": "recommendations.create", "bulk.verify": "bulk.publish",
          "evidence.add": "evidence.attach", "parts.acknowledge": "parts.say", "parts.answer": "parts.say",
          "answers.acknowledge": "parts.say", "replies.confirm": "updates.report",
          "rosters.take_in": "organisations.edit",
          "recommendations.accept_by_planning": "also_serves.serve",
          "bulk_edits.make": "bulk.publish", "takebacks.closure": "recommendation_closures.take_back",
          "recommendations.close": "recommendation_closures.close"}  # fmt: skip
VALUE = Measured(TODAY, Decimal("2.6"), "Office des changes")
Step = tuple[str, Callable[[Scene], object]]


def test_a_page_in_memory_is_the_page_that_would_be_made_anew(
    application: ASGIApp, client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_versions, "_SECOND", 0.0)
    memory = _memory(application)
    with database.write() as session:
        made = scenes.scene(session)
        _prepare(made)
    changed: set[str] = set()
    before = _pages(client)

    for name, act in STEPS:
        with database.write() as session:
            act(made.within(session))
        remembered = _pages(client)
        memory.pages.clear()
        fresh = _pages(client)
        assert [path for path in PATHS if remembered[path] != fresh[path]] == [], name
        if fresh != before:
            changed.add(name)
        before = fresh

    assert {name for name, _ in STEPS} - changed <= UNSEEN


def test_every_verb_is_walked_or_known_to_be_behind() -> None:
    walked = {name.partition(":")[0] for name, _ in STEPS}

    assert set(_verbs()) - walked == BEHIND | set(WITHIN)
    assert set(WITHIN.values()) <= walked


def test_every_table_that_a_public_page_reads_is_followed(
    application: ASGIApp, client: TestClient, database: Database
) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        _prepare(made)
    with _read_tables(database) as read:
        for name, act in STEPS:
            with database.write() as session:
                act(made.within(session))
            if name in {"verifications.verify", "reports.open_text", "programmes.withdraw"}:
                _memory(application).pages.clear()
                _pages(client)

    # Written by the roll-ups alone, which say themselves what shows them; and the log that is followed.
    counts = {"tally", "day_tally", "public_change"}
    unfollowed = {name for name in read - counts if not affected_pages.is_followed(metadata.tables[name])}
    assert read > {"tally", "evidence_item", "report"}
    assert unfollowed <= {"slug_alias"}  # leads elsewhere, and no redirect is kept


@pytest.mark.parametrize("kind", ["text", "core", "joined"])
def test_statements_are_followed_like_rows(
    application: ASGIApp, client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(page_versions, "_SECOND", 0.0)
    with database.write() as session:
        made = scenes.scene(session, published=True)
        item = scenes.action(made)
        scenes.publish(made, item)
        evidence.attach(session, made.actor("karim", Via.MAIL_LINK), item, title="Procès-verbal")
    path = "/fr/actions/FM-2026-01.1"
    before = client.get(path).text

    statements: dict[str, Any] = {
        "text": sa.text("UPDATE action SET percent = 5, due_on = '2031-01-01'"),
        "core": sa.update(table_of(Action)).values(due_on=scenes.in_days(400)),
        "joined": sa.text("SELECT 1"),
    }
    with database.write() as session:
        session.execute(statements[kind])
        if kind == "joined":
            update = session.scalars(sa.select(Update).where(col(Update.action_id) == item.id)).first()
            assert update
            evidence.follow(session, update)
            session.execute(sa.text("UPDATE evidence_item SET released_at = created_at"))

    assert client.get(path).text != before


def _prepare(made: Scene) -> None:
    """Two recommendations, three actions of which one is blocked, none of them public yet."""
    for _ in range(2):
        scenes.action(made)
    second = scenes.recommendation(made)
    item = actions.create(
        made.session, made.actor("amina"), second, titles={"fr": "Autre"}, owner_post_id=made.posts["omar"],
        due_on=scenes.in_days(-9),
    )  # fmt: skip
    actions.assign(made.session, made.actor("amina"), item, is_past=True)


def _memory(application: ASGIApp) -> Cached:
    layer = application
    while not isinstance(layer, Cached):
        layer = layer.app  # type: ignore[attr-defined]
    return layer


def _pages(client: TestClient) -> dict[str, tuple[int, str]]:
    answers = {path: client.get(_address(path)) for path in PATHS}
    return {path: (answer.status_code, answer.text) for path, answer in answers.items()}


def _address(path: str) -> str:
    room, _, rest = path.partition("/")
    return f"/calendars/fr/{rest}" if room == "calendars" else f"/fr/{path}"


@contextmanager
def _read_tables(database: Database) -> Iterator[set[str]]:
    tables: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        tables.update(re.findall(r"(?:FROM|JOIN) \(?([a-z_]+)", statement))

    sa.event.listen(database.reader, "before_cursor_execute", note)
    yield tables
    sa.event.remove(database.reader, "before_cursor_execute", note)


def _verbs() -> Iterator[str]:
    """All that a service does for somebody."""
    for found in pkgutil.walk_packages(services.__path__, "app.services."):
        module = import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == found.name and not name.startswith("_")
            if own and list(inspect.signature(function).parameters)[:2] == ["session", "actor"]:
                yield f"{'.'.join(found.name.split('.')[3:])}.{name}"  # without its room


SAID = {"fr": "Un titre", "ar": "العنوان العمومي"}


def _item(made: Scene, ref: str = "FM-2026-01.1") -> Action:
    return made.session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()


def _rec(made: Scene, ref: str = "FM-2026-01") -> Recommendation:
    return made.session.scalars(sa.select(Recommendation).where(col(Recommendation.ref) == ref)).one()


def _with(verb: Callable[..., object], thing: Callable[[Scene], object], **given: object) -> Callable[[Scene], object]:
    """The verb of the secretariat on a programme, meeting, body or post."""
    return lambda made: verb(made.session, made.actor(AMINA), thing(made), **given)


def _programme(made: Scene) -> Programme:
    return made.programme


def _measured(made: Scene) -> object:
    aim = {"titles": {"fr": "Exportations"}, "target": Decimal("3.5"), "target_on": TODAY}
    return indicators.create(made.session, made.actor(AMINA), made.programme.id, **aim)  # type: ignore[arg-type]


def _indicator(made: Scene) -> Indicator:
    return made.session.scalars(sa.select(Indicator)).one()


def _corrected(made: Scene) -> object:
    old = made.session.scalars(sa.select(IndicatorValue)).one()
    other = replace(VALUE, value=Decimal("2.7"))
    return indicators.correct(made.session, made.actor(AMINA), _indicator(made), old, other, reason="Erreur")


def _meeting(made: Scene) -> Meeting:
    return made.meeting


def _centre(made: Scene) -> Organisation:
    return made.session.get_one(Organisation, made.organisations["centre"])


def _post(made: Scene) -> Post:
    return made.session.get_one(Post, made.posts["karim"])


def _second(made: Scene) -> Action:
    return _item(made, "FM-2026-01.2")


def _reassign(name: str) -> Callable[[Scene], object]:
    return lambda made: actions.reassign(
        made.session, made.actor(AMINA), _item(made), owner_post_id=made.posts[name], reason="Réorganisation"
    )


def _on(verb: Callable[..., object], who: str, via: Via = Via.WORKSPACE, **given: object) -> Callable[[Scene], object]:
    """The verb on the first action."""
    return lambda made: verb(made.session, made.actor(who, via), _item(made), **given)


def _grant(made: Scene) -> object:
    """More time, asked for by its owner."""
    item = _item(made)
    asked = extensions.ask(made.session, made.actor("karim"), item, due_on=scenes.in_days(300), reason="Le marché.")
    return extensions.grant(made.session, made.actor("amina"), item, asked, reason="Le marché est relancé.")


def _letter(made: Scene) -> object:
    item = _item(made)
    arrival = Arrival(item.owner_post_id, CameBy.PHONE, scenes.in_days(0))
    return on_behalf.record(made.session, made.actor("amina"), item, arrival, Said(Verb.REPORT, WORDS))


def _of(verb: Callable[..., object], **given: object) -> Callable[[Scene], object]:
    """The verb of the secretariat on the first recommendation."""
    return lambda made: verb(made.session, made.actor("amina"), _rec(made), **given)


def _last(made: Scene) -> Update:
    query = sa.select(Update).where(col(Update.public_summary) != "").order_by(col(Update.id).desc()).limit(1)
    return made.session.scalars(query).one()


def _undo(made: Scene) -> None:
    undoing.undo(made.session, made.actor("karim"), _item(made), _last(made).id)


def _correct(made: Scene) -> None:
    corrections.correct(made.session, made.actor("amina"), _item(made), _last(made), public_summary="Quatre réunions")


def _add_report(made: Scene) -> object:
    made.recommendation.source_start, made.recommendation.source_end = 0, 40
    return reports.add(made.session, made.actor("amina"), made.meeting, text=f"{scenes.SENTENCE} ثم رفعت الجلسة.")


def _open_report(made: Scene) -> None:
    review = intake.review(made.session, made.viewer("amina"), made.meeting.slug)
    reports.open_text(made.session, made.actor("amina"), review, is_public=True)


def _new_theme(made: Scene) -> None:
    theme = themes.create(made.session, made.actor("amina"), titles={"fr": "Export"})
    recommendation_themes.set_themes(made.session, made.actor("amina"), _rec(made), [theme.id])


def _theme(made: Scene) -> Theme:
    return made.session.scalars(sa.select(Theme).where(col(Theme.slug) == "export")).one()


def _merge_themes(made: Scene) -> None:
    kept = themes.create(made.session, made.actor("amina"), titles={"fr": "Exportations"})
    themes.merge(made.session, made.actor("amina"), _theme(made), kept, is_meant=True)


def _serving(verb: Callable[..., object], **given: object) -> Callable[[Scene], object]:
    """The verb on the first action and the other recommendation."""
    return lambda made: verb(made.session, made.actor("amina"), _item(made), _rec(made, "FM-2026-02"), **given)


def _rename_served(made: Scene) -> None:
    served = _rec(made, "FM-2026-02")
    recommendations.edit(made.session, made.actor("amina"), served, titles={"fr": "Servie"})


def _link(made: Scene) -> None:
    """To the same recommendation of a later meeting."""
    amina, day = made.actor("amina"), dt.date(2026, 10, 5)
    held = meetings.create(made.session, amina, made.programme, titles={"fr": "Oujda"}, held_on=day, region="OR")
    other = recommendations.create(
        made.session, amina, held, titles={"fr": "La même"}, source_text="نفسها", source_lang="ar"
    )
    meetings.publish(made.session, amina, held)
    recommendations.publish(made.session, amina, other)
    recommendation_links.link(made.session, amina, _rec(made), other)


def _unlink(made: Scene) -> None:
    recommendation_links.unlink(made.session, made.actor("amina"), _rec(made), _rec(made, "OR-2026-01"))


def _implement(made: Scene) -> None:
    updates.submit(made.session, made.actor(KARIM), _item(made), words=WORDS)
    verifications.verify(made.session, made.actor(YOUSSEF), _item(made))


def _name_outcome(made: Scene) -> None:
    words = {"fr": "Douze entreprises exportent."}
    outcomes.name(made.session, made.actor("amina"), _rec(made), words=words, on=TODAY)


def _merge(made: Scene) -> None:
    into = _rec(made, "FM-2026-02")
    actor = made.actor("amina")
    recommendations.respond(made.session, actor, _rec(made), Response.MERGED, merged_into=into)


def _withdraw_other(made: Scene) -> None:
    other = _rec(made, "FM-2026-02")
    recommendations.withdraw(made.session, made.actor("amina"), other, reason="Erreur")


def _publish_second(made: Scene) -> None:
    bulk.publish(made.session, made.actor("amina"), [_second(made)])


def _publish_more(made: Scene) -> None:
    recommendations.publish(made.session, made.actor("amina"), scenes.recommendation(made))


def _by_key(made: Scene) -> None:
    """Whoever proposed it disputes it, and their words are released."""
    one, item = scenes.proposer(made.session, _rec(made).id), _item(made)
    key = voice_queries.opened(made.session, scenes.voice_link(made.session, one, item), lock=True)
    update = voices.answer(made.session, key, is_so=False, text="Rien n'a changé.", lang="fr")
    updates.release(made.session, made.actor("amina"), update)


def _supersede(made: Scene) -> object:
    amina = made.actor("amina")
    return closures.supersede(made.session, amina, _second(made), reason="Remplacée.", successor=_item(made))


def _before(made: Scene, days: int) -> dt.date:
    due_on = _item(made).due_on
    assert due_on
    return due_on - dt.timedelta(days)


def _support(made: Scene) -> None:
    post_id, due_on = made.posts["salma"], _before(made, 2)
    parts.add(made.session, made.actor("amina"), _item(made), post_id=post_id, titles={}, due_on=due_on)


def _move_part(made: Scene) -> None:
    part = parts.one(made.session, _item(made), made.organisations["chamber"])
    parts.move(made.session, made.actor("amina"), _item(made), part, due_on=_before(made, 1), reason="La foire.")


def _say_of_part(made: Scene) -> None:
    parts.say(made.session, made.actor("salma"), _item(made), Verb.PART_ON_TRACK)


def _end_part(made: Scene) -> None:
    part = parts.one(made.session, _item(made), made.organisations["chamber"])
    parts.end(made.session, made.actor("amina"), _item(made), part, reason="Un autre.")


def _respond_for(made: Scene) -> None:
    body = made.organisations["agency"]
    recommendations.respond(
        made.session, made.actor("amina"), _rec(made), Response.ACCEPTED_IN_PART, reason="Oui", organisation_id=body
    )


def _reach(made: Scene) -> None:
    milestone = made.session.scalars(sa.select(Milestone)).one()
    milestones.reach(made.session, made.actor("karim"), _item(made), milestone)


def _answer(made: Scene) -> None:
    milestone, words = made.session.scalars(sa.select(Milestone)).one(), Words(of_milestone=MilestoneWord.ON_TRACK)
    milestones.answer(made.session, made.actor("karim"), _item(made), milestone, words)


def _piece(verb: Callable[..., object], **given: object) -> Callable[[Scene], object]:
    """The verb of the secretariat on the last piece of evidence."""

    def act(made: Scene) -> object:
        query = sa.select(EvidenceItem).order_by(col(EvidenceItem.id).desc()).limit(1)
        return verb(made.session, made.actor(AMINA), _item(made), made.session.scalars(query).one(), **given)

    return act


def _close(made: Scene) -> None:
    below = sa.select(Action).where(col(Action.recommendation_id) == _rec(made).id, col(Action.state).in_(OPEN))
    fates = {action.ref: Fate.CANCELLED for action in made.session.scalars(below)}
    recommendation_closures.close(
        made.session, made.actor(AMINA), _rec(made), Closure.NO_LONGER_APPLICABLE, reason="Loi abrogée", fates=fates
    )


def _created(made: Scene) -> None:
    actor, session = made.actor("amina"), made.session
    new = recommendations.create(
        session, actor, made.meeting, titles={"fr": "Encore une"}, source_text="ثالثة", source_lang="ar"
    )
    recommendations.publish(session, actor, new)
    item = actions.create(session, actor, new, titles={"fr": "Et son action"}, owner_post_id=made.posts["karim"])
    actions.assign(session, actor, item, due_on=scenes.in_days(3))
    actions.publish(session, actor, item)


WORDS = Words(note="Interne", public_summary="Trois réunions tenues", percent=40)
AMINA, KARIM, YOUSSEF = "amina", "karim", "youssef"
STEPS: tuple[Step, ...] = (
    ("programmes.publish", _with(programmes.publish, _programme)),
    ("meetings.publish", _with(meetings.publish, _meeting)),
    ("recommendations.publish", _of(recommendations.publish)),
    ("actions.publish", _on(actions.publish, AMINA)),
    ("publications.publish_all", _with(publications.publish_all, _meeting)),
    ("also_serves.serve", _serving(also_serves.serve)),
    ("recommendations.edit:served", _rename_served),
    ("updates.report", _on(updates.report, KARIM, words=WORDS)),
    ("updates.on_track", _on(updates.on_track, KARIM)),
    ("updates.report:mailed", _on(updates.report, KARIM, Via.MAIL_LINK, words=WORDS)),
    ("evidence.attach", _on(evidence.attach, KARIM, title="Procès-verbal")),
    ("evidence.attach:more", _on(evidence.attach, KARIM, title="Deuxième pièce")),
    ("evidence.withhold", _piece(evidence.withhold, reason="Un nom")),
    ("evidence.release", _piece(evidence.release)),
    ("evidence.attach:mailed", _on(evidence.attach, KARIM, Via.MAIL_LINK, title="Autre pièce")),
    ("updates.release", _with(updates.release, _last)),
    ("updates.withhold", _with(updates.withhold, _last, reason="Secret")),
    (
        "updates.block",
        _on(updates.block, KARIM, block_reason=BlockReason.BUDGET, who_can_unblock="Le ministère"),
    ),
    ("updates.unblock", _on(updates.unblock, KARIM)),
    (
        "closures.move_deadline",
        _on(closures.move_deadline, AMINA, due_on=TODAY - dt.timedelta(3), reason="Retard", is_past=True),
    ),
    ("actions.edit", _on(actions.edit, AMINA, titles={"fr": "Un autre titre"}, is_priority=True)),
    ("parts.add", _support),
    ("parts.move", _move_part),
    ("parts.say", _say_of_part),
    ("parts.end", _end_part),
    ("actions.reassign", _reassign("salma")),
    ("actions.reassign:back", _reassign("karim")),
    ("updates.decline", _on(updates.decline, KARIM, reason="Pas pour nous")),
    ("actions.assign", _on(actions.assign, AMINA, is_past=True)),
    ("updates.acknowledge", _on(updates.acknowledge, KARIM)),
    ("milestones.add", _on(milestones.add, KARIM, titles={"fr": "Étape"})),
    ("milestones.answer", _answer),
    ("milestones.reach", _reach),
    ("updates.report:by mistake", _on(updates.report, KARIM, words=WORDS)),
    ("undoing.undo", _undo),
    ("updates.report:with a slip", _on(updates.report, KARIM, words=WORDS)),
    ("corrections.correct", _correct),
    ("extensions.grant", _grant),
    ("on_behalf.record", _letter),
    ("updates.submit", _on(updates.submit, KARIM, words=WORDS, document=Document("Rapport final", "n° 7/2026"))),
    ("verifications.send_back", _on(verifications.send_back, YOUSSEF, reason="Incomplet")),
    ("updates.submit:again", _on(updates.submit, KARIM, words=WORDS)),
    ("verifications.verify", _on(verifications.verify, YOUSSEF)),
    ("voices.answer", _by_key),
    ("voices.not_uphold", _on(voices.not_uphold, AMINA, words=WORDS)),
    ("voices.record", _on(scenes.dispute, AMINA, text="Rien n'a changé ici.")),
    ("closures.reopen", _on(closures.reopen, AMINA, reason="Contestée")),
    ("closures.supersede", _supersede),
    ("verifications.verify:all", _implement),
    ("outcomes.name", _name_outcome),
    ("outcomes.take_back", _of(outcomes.take_back, reason="Chiffres à revoir")),
    ("outcomes.name:again", _name_outcome),
    ("closures.reopen:named", _on(closures.reopen, AMINA, reason="Contestée")),
    ("closures.not_applicable", _on(closures.not_applicable, AMINA, reason="Loi abrogée")),
    ("closures.reopen:again", _on(closures.reopen, AMINA, reason="Rétablie")),
    ("closures.cancel", _on(closures.cancel, AMINA, reason="Abandonnée")),
    ("closures.reopen:thrice", _on(closures.reopen, AMINA, reason="Reprise")),
    ("actions.withdraw:second", _with(actions.withdraw, _second, reason="Erreur")),
    ("bulk.publish", _publish_second),
    ("actions.create", _created),
    ("actions.withdraw", _on(actions.withdraw, AMINA, reason="Erreur")),
    ("actions.publish:again", _on(actions.publish, AMINA)),
    ("recommendations.create", _publish_more),
    ("recommendations.edit", _of(recommendations.edit, titles={"fr": "Le titre public"}, done_when="Un guide")),
    ("translations.translate", _of(translations.translate, words={"titles": SAID})),
    ("translations.translate:outdated", _of(translations.translate, words={"titles": SAID | {"ar": "عنوان آخر"}})),
    ("translations.translate:right", _of(translations.translate, right=["fr"])),
    ("translations.translate:original", _of(translations.translate, original="fr")),
    ("recommendations.respond", _respond_for),
    ("recommendation_themes.set_themes", _new_theme),
    ("themes.edit", lambda made: themes.edit(made.session, made.actor(AMINA), _theme(made), titles={"fr": "Marchés"})),
    ("themes.merge", _merge_themes),
    ("recommendation_links.link", _link),
    ("recommendation_links.unlink", _unlink),
    ("also_serves.cease", _serving(also_serves.cease, reason="Erreur")),
    ("themes.create", lambda made: themes.create(made.session, made.actor(AMINA), titles={"fr": "Sans suite"})),
    ("reports.add", _add_report),
    ("reports.open_text", _open_report),
    ("recommendations.respond:merged", _merge),
    ("recommendations.withdraw", _withdraw_other),
    ("recommendations.respond:accepted", _of(recommendations.respond, response=Response.ACCEPTED)),
    ("recommendation_closures.close", _close),
    ("recommendation_closures.take_back", _of(recommendation_closures.take_back, reason="Erreur")),
    ("takebacks.response", _of(takebacks.response, reason="Erreur")),
    ("organisations.edit", _with(organisations.edit, _centre, titles={"fr": "Le centre rebaptisé"})),
    ("organisations.create", lambda made: organisations.create(made.session, made.actor(AMINA), titles={"fr": "Neuf"})),
    ("posts.create", _with(posts.create, _centre, titles={"fr": "Nouveau poste"})),
    ("posts.edit", _with(posts.edit, _post, titles={"fr": "Chef de projet"})),
    ("posts.hand_over", _with(posts.hand_over, _post, person=None, since_on=TODAY)),
    ("programmes.edit", _with(programmes.edit, _programme, titles={"fr": "P"})),
    ("programmes.edit:policy", _with(programmes.edit, _programme, release_policy=ReleasePolicy.AT_ONCE)),
    ("indicators.create", _measured),
    ("indicators.publish", _with(indicators.publish, _indicator)),
    ("indicators.measure", _with(indicators.measure, _indicator, measured=VALUE)),
    ("indicators.correct", _corrected),
    ("indicators.edit", _with(indicators.edit, _indicator, titles={"fr": "Ventes"})),
    ("indicators.withdraw", _with(indicators.withdraw, _indicator, reason="Non.")),
    ("programmes.edit:word", _with(programmes.edit, _programme, word_every=Rhythm.MONTH)),
    ("programmes.create", lambda made: programmes.create(made.session, made.actor(AMINA), titles={"fr": "Q"})),
    ("meetings.edit", _with(meetings.edit, _meeting, titles={"fr": "À Fès"})),
    (
        "meetings.create",
        _with(meetings.create, _programme, titles={"fr": "R"}, held_on=TODAY, region="FM"),
    ),
    ("meetings.withdraw", _with(meetings.withdraw, _meeting, reason="Erreur")),
    ("meetings.publish:again", _with(meetings.publish, _meeting)),
    ("programmes.withdraw", _with(programmes.withdraw, _programme, reason="Erreur")),
)  # fmt: skip
# Nothing that a page shows comes of these; that the pages stay right is walked all the same.
UNSEEN = {
    "themes.create", "organisations.create", "posts.create", "posts.hand_over", "programmes.edit:policy",
    "programmes.create", "meetings.create", "milestones.add", "milestones.reach", "evidence.attach:mailed",
    "indicators.create",
    "updates.acknowledge", "actions.edit", "programmes.publish",
}  # fmt: skip
