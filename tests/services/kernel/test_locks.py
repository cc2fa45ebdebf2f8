"""One lock order on PostgreSQL: any two verbs about one recommendation, at the same time, end one after the other.

Both stop behind each row they lock until the other has locked as many, waits for a lock or is through: what could
deadlock does.
"""

import re
import threading
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.db import Database
from app.domain.progress import Closure, Response
from app.domain.workflow import State
from app.models.actions import Action
from app.models.people import Person, Post
from app.models.updates import Update, Via
from app.queries.followup import actions as found
from app.queries.followup import update_keys
from app.queries.intake import intake
from app.queries.meetings import meetings as held
from app.queries.meetings import recommendations as known
from app.queries.setup import posts
from app.services.followup import (
    actions,
    also_serves,
    bulk,
    closures,
    evidence,
    plans,
    publications,
    recommendation_closures,
    undoing,
    updates,
    verifications,
)
from app.services.followup.recommendation_closures import Fate
from app.services.intake import reports, reviews
from app.services.kernel.audit import Actor
from app.services.meetings import meetings, recommendations
from app.services.setup import posts as seats
from app.services.setup import programmes
from tests import scenes
from tests.fixtures.databases import Postgresql
from tests.fixtures.settings import Configure
from tests.scenes import Scene
from tests.services.reviewing import LETTER

Made = dict[str, str]
LOCKS = re.compile(r"FOR (NO KEY )?UPDATE|^UPDATE (programme|meeting|recommendation|action|post|update_link) ")


@pytest.fixture
def database(postgresql_backend: Postgresql, configure: Configure) -> Iterator[Database]:
    url = postgresql_backend.make(migrated=True)
    configure(database_url=url)
    database = db.init(url)
    yield database
    database.dispose()
    postgresql_backend.drop(url)


def lay(made: Scene) -> Made:
    """Two recommendations of one meeting, the first one public, each with actions in several states, one shared."""
    second = scenes.recommendation(made)
    first = made.recommendation
    refs = {"first": first.ref, "second": second.ref}
    states = {"begun": State.IN_PROGRESS, "other": State.ASSIGNED, "draft": State.DRAFT, "done": State.SUBMITTED}
    for name, state in states.items():
        refs[name] = scenes.action(made, state).ref
    scenes.publish(made, found.get(made.session, made.viewer("amina"), refs["begun"]))
    made.recommendation = second
    refs["done too"] = scenes.action(made, State.SUBMITTED).ref
    made.recommendation = first
    scenes.publish(made, found.get(made.session, made.viewer("amina"), refs["done too"]))
    share(made, refs["begun"], refs["second"])
    share(made, refs["done too"], refs["first"])
    refs["key"] = scenes.link(made, found.get(made.session, made.viewer("amina"), refs["begun"]))
    report = reports.add(made.session, made.actor("amina"), made.meeting, text=LETTER, lang="fr")
    refs["proposal"] = str(intake.proposals(made.session, report)[0].id)
    return refs


def share(made: Scene, ref: str, other: str) -> None:
    """Read without a lock, as the page does."""
    amina = made.actor("amina")
    one, served = found.get(made.session, amina.viewer, ref), known.get(made.session, amina.viewer, other)
    also_serves.serve(made.session, amina, one, served)


def part(made: Scene, refs: Made) -> None:
    amina = made.actor("amina")
    one = found.get(made.session, amina.viewer, refs["done too"])
    also_serves.cease(made.session, amina, one, known.get(made.session, amina.viewer, refs["first"]), reason="Non.")


def action(made: Scene, name: str, ref: str) -> object:
    return found.get(made.session, made.viewer(name), ref, lock=True)


def whom(made: Scene, name: str, ref: str) -> tuple[Session, Actor, object]:
    return made.session, made.actor(name), action(made, name, ref)


def item(made: Scene, ref: str) -> tuple[Session, Actor, object]:
    return made.session, made.actor("amina"), known.get(made.session, made.viewer("amina"), ref, lock=True)


def by_key(made: Scene, refs: Made) -> None:
    key = update_keys.opened(made.session, refs["key"], lock=True)
    updates.on_track(made.session, Actor(key.viewer, Via.MAIL_LINK), key.action)


def several(made: Scene, name: str, *refs: str) -> tuple[Session, Actor, object]:
    return made.session, made.actor(name), found.several(made.session, made.viewer(name), refs, lock=True)


def accept(made: Scene, refs: Made) -> None:
    review = intake.review(made.session, made.viewer("amina"), made.meeting.slug, lock=True)
    reviews.accept(made.session, made.actor("amina"), review, int(refs["proposal"]))


def merge(made: Scene, refs: Made) -> None:
    second = known.get(made.session, made.viewer("amina"), refs["second"])
    recommendations.respond(*item(made, refs["first"]), Response.MERGED, merged_into=second)  # type: ignore[arg-type]


def close(made: Scene, refs: Made) -> None:
    fates = {refs[name]: Fate.CANCELLED for name in ("begun", "other", "done")}
    why = Closure.NO_LONGER_APPLICABLE
    recommendation_closures.close(*item(made, refs["first"]), why, reason="Caduc.", fates=fates)  # type: ignore[arg-type]


def undo(made: Scene, refs: Made) -> None:
    session, actor, item = whom(made, "karim", refs["done"])
    assert isinstance(item, Action)
    last = sa.select(sa.func.max(col(Update.id))).where(col(Update.action_id) == item.id)
    undoing.undo(session, actor, item, session.scalars(last).one() or 0)


def hand_over(made: Scene, _refs: Made) -> None:
    post = posts.get(
        made.session, made.viewer("amina"), made.session.get_one(Post, made.posts["karim"]).slug, lock=True
    )
    salma = made.session.get_one(Person, made.people["salma"])
    seats.hand_over(made.session, made.actor("amina"), post, salma, since_on=scenes.in_days(0))


def meeting(made: Scene) -> tuple[Session, Actor, object]:
    return made.session, made.actor("amina"), held.get(made.session, made.viewer("amina"), made.meeting.slug)


VERBS: dict[str, Callable[[Scene, Made], object]] = {
    "on track": lambda made, refs: updates.on_track(*whom(made, "karim", refs["begun"])),  # type: ignore[arg-type]
    "by key": by_key,
    "undo": undo,
    "attach": lambda made, refs: evidence.attach(*whom(made, "karim", refs["other"]), title="Guide"),  # type: ignore[arg-type]
    "assign": lambda made, refs: actions.assign(*whom(made, "amina", refs["draft"])),  # type: ignore[arg-type]
    "reassign": lambda made, refs: actions.reassign(
        *whom(made, "amina", refs["begun"]), owner_post_id=made.posts["salma"], reason="Autre."  # type: ignore[arg-type]
    ),
    "cancel": lambda made, refs: closures.cancel(*whom(made, "amina", refs["begun"]), reason="Fini."),  # type: ignore[arg-type]
    "publish action": lambda made, refs: actions.publish(*whom(made, "amina", refs["other"])),  # type: ignore[arg-type]
    "verify": lambda made, refs: verifications.verify(*whom(made, "youssef", refs["done"])),  # type: ignore[arg-type]
    "verify both": lambda made, refs: bulk.verify(*several(made, "youssef", refs["done too"], refs["done"])),  # type: ignore[arg-type]
    "publish both": lambda made, refs: bulk.publish(*several(made, "amina", refs["done too"], refs["other"])),  # type: ignore[arg-type]
    "plan": lambda made, refs: plans.plan(
        *item(made, refs["first"]), titles={"fr": "Neuf"}, owner_post_id=made.posts["salma"],  # type: ignore[arg-type]
        due_on=scenes.in_days(9), assign=True,
    ),
    "edit": lambda made, refs: recommendations.edit(*item(made, refs["first"]), titles={"fr": "Autre titre"}),  # type: ignore[arg-type]
    "merge": merge,
    "publish second": lambda made, refs: recommendations.publish(*item(made, refs["second"])),  # type: ignore[arg-type]
    "withdraw": lambda made, refs: recommendations.withdraw(*item(made, refs["first"]), reason="Non."),  # type: ignore[arg-type]
    "close": close,
    "edit action": lambda made, refs: actions.edit(*whom(made, "amina", refs["other"]), titles={"fr": "Autre"}),  # type: ignore[arg-type]
    "move deadline": lambda made, refs: closures.move_deadline(
        *whom(made, "amina", refs["begun"]), due_on=scenes.in_days(99), reason="Plus tard."  # type: ignore[arg-type]
    ),
    "publish all": lambda made, _: publications.publish_all(*meeting(made)),  # type: ignore[arg-type]
    "withdraw meeting": lambda made, _: meetings.withdraw(*meeting(made), reason="Non."),  # type: ignore[arg-type]
    "withdraw programme": lambda made, _: programmes.withdraw(
        made.session, made.actor("amina"), made.programme, reason="Non."
    ),
    "accept": accept,
    "hand over": hand_over,
    "share": lambda made, refs: share(made, refs["other"], refs["second"]),
    "part": part,
}  # fmt: skip
PAIRS = list(combinations_with_replacement(VERBS, 2))


class Runner(threading.Thread):
    """One verb in a transaction of its own, which is undone in the end."""

    def __init__(self, database: Database, made: Scene, refs: Made, verb: str) -> None:
        super().__init__(daemon=True)
        self.database, self.refs, self.verb = database, refs, verb
        self.made = Scene(made.session, dict(made.people), dict(made.posts), dict(made.organisations), dict(made.ids))
        self.locked, self.pid, self.is_through, self.error = 0, 0, False, ""
        self.is_open = threading.Event()
        self.other: Runner | None = None

    def run(self) -> None:
        with Session(self.database.writer, expire_on_commit=False) as session:
            connection = session.connection()
            self.pid = connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0
            sa.event.listen(connection, "after_cursor_execute", self._meet)
            self.is_open.set()
            try:
                VERBS[self.verb](self.made.within(session), self.refs)
                session.flush()
            except Exception as error:
                self.error = f"{self.verb}: {error!r}"
            session.rollback()
        self.is_through = True

    def _meet(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not LOCKS.search(statement):
            return
        self.locked += 1
        assert self.other
        self.other.is_open.wait()
        while self.other.locked < self.locked and not self.other.is_through and not self.other.waits():
            pass

    def waits(self) -> bool:
        """Whether this one waits for a lock, as the server says."""
        with psycopg.connect(
            self.database.url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        ) as watching:
            row = watching.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", (self.pid,)).fetchone()
        return bool(row and row[0])


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_deadlocks_with_any_other(verb: str, database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        refs = lay(made)
    wrong = []
    for pair in (pair for pair in PAIRS if pair[0] == verb):
        one, two = (Runner(database, made, refs, name) for name in pair)
        one.other, two.other = two, one
        for runner in (one, two):
            runner.start()
        for runner in (one, two):
            runner.join(30)
        wrong += [f"{pair}: {runner.error or 'hangs'}" for runner in (one, two) if runner.error or runner.is_alive()]

    assert not wrong, "\n".join(wrong)
