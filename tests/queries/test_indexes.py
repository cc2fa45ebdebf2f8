"""No list of the workspace reads more when there is more: what the databases do for each is counted, not timed."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, synth
from app.db import Database
from app.domain.desk import DeskSection
from app.domain.permissions import Viewer
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Holding, Post
from app.queries.followup import desk, dossier, filter_choices, mine, owed_actions, worklist
from app.queries.followup.filters import Filters
from app.queries.mailing import outgoing
from app.queries.meetings import secretariat_meetings
from app.queries.scope import ranges, viewers
from app.services.kernel import audit
from tests.fixtures.databases import Backend
from tests.statements import steps

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
FEW, MANY = 600, 3600  # actions: fewer than the first fill no page
TABLES = {"action", "progress_update", "recommendation", "message", "audit_event", "audit_seal"}
Work = Callable[[Session, dict[str, Viewer]], object]


def _page(name: str, after: bool = False, **filters: str) -> Work:
    def work(session: Session, who: dict[str, Viewer]) -> object:
        first = worklist.page(session, who[name], Filters(**filters), "", TODAY)
        return worklist.page(session, who[name], Filters(**filters), worklist.following(first), TODAY) if after else 0

    return work


def _section(section: DeskSection) -> Work:
    return lambda session, who: desk.of(session, who["secretariat"], NOW, TODAY, section)


def _dossier(session: Session, who: dict[str, Viewer]) -> object:
    action = session.scalars(sa.select(Action).order_by(col(Action.id)).limit(1)).one()
    return dossier.of(session, who["secretariat"], action, TODAY)


def _meeting(session: Session, _who: dict[str, Viewer]) -> object:
    meeting = session.scalars(sa.select(Meeting).order_by(col(Meeting.id)).limit(1)).one()
    return secretariat_meetings.page(session, meeting, (0, 0)), secretariat_meetings.whole(session, meeting)


LISTS: dict[str, Work] = {
    "desk": lambda session, who: desk.of(session, who["secretariat"], NOW, TODAY),
    "desk of a verifier": lambda session, who: desk.of(session, who["verifier"], NOW, TODAY),
    **{f"desk, {section}": _section(section) for section in DeskSection},
    "my actions": lambda session, who: mine.of(session, who["owner"], TODAY),
    "actions": _page("secretariat"),
    "actions, second page": _page("secretariat", after=True),
    "actions of every state": _page("secretariat", state="all"),
    "drafts": _page("secretariat", state="draft"),
    "overdue": _page("secretariat", overdue="1"),
    "of a body": _page("secretariat", organisation="chambre-commerce-tta"),
    "of a meeting": _page("secretariat", meeting="or-2023-11-1"),
    "actions of a post": _page("owner"),
    "actions of a body": _page("manager"),
    "of a body, for a post": _page("owner", organisation="chambre-commerce-tta"),
    "of a meeting, for a post": _page("owner", meeting="or-2023-11-1"),
    "filters": lambda session, who: filter_choices.meetings(session, who["secretariat"]),
    "meetings": lambda session, who: secretariat_meetings.meetings(session, who["secretariat"]),
    "meeting": _meeting,
    "dossier": _dossier,
    "failures": lambda session, who: outgoing.failed(session, who["secretariat"], NOW),
    "ledger": lambda session, who: outgoing.ledger(session, who["secretariat"]),
    "ledger of an action": lambda session, who: outgoing.ledger(session, who["secretariat"], ref="OR-2023-01.1"),
    "seals": lambda session, _who: audit.seal(session),
}


def cast(session: Session) -> dict[str, Viewer]:
    def one(query: Any) -> Viewer:
        return viewers.by_person(session, session.scalars(query.limit(1)).one()) or pytest.fail("nobody")

    by_mail: Any = sa.select(sa.column("id")).select_from(sa.table("person"))
    held = sa.select(col(Holding.person_id)).join(Post, col(Post.id) == col(Holding.post_id)).order_by(col(Holding.id))
    roles = {name: one(by_mail.where(sa.column("email") == f"{name}@synth.invalid"))
             for name in ("secretariat", "verifier")}  # fmt: skip
    return roles | {"owner": one(held.where(~col(Post.is_manager))), "manager": one(held.where(col(Post.is_manager)))}


@pytest.fixture(autouse=True)
def counting_to_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Else the smaller size would be counted to its end, and the larger one not."""
    caches = desk._counted, owed_actions._open
    monkeypatch.setattr(ranges, "MOST", 10)
    monkeypatch.setattr(secretariat_meetings, "PAGE", 5)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.fixture(scope="module")
def sizes(request: pytest.FixtureRequest) -> Iterator[dict[int, Database]]:
    """The same data in two sizes."""
    backend: Backend = request.getfixturevalue("sqlite_backend")
    made = {count: Database(backend.make(migrated=True)) for count in (FEW, MANY)}
    for count, database in made.items():
        synth.make(database, count, 1, TODAY, lambda _: None)
        _sealed(database)
    yield made
    for database in made.values():
        database.dispose()
        backend.drop(database.url.render_as_string())


def _sealed(database: Database) -> None:
    """Some minutes later."""
    for minute in range(1, 4):
        with clock.at(NOW - dt.timedelta(minutes=10 - minute)), database.write() as session:
            audit.seal(session)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", LISTS)
def test_six_times_the_data_is_not_half_as_much_work_again(sizes: dict[int, Database], name: str) -> None:
    spent = {}
    for count, database in sizes.items():
        with clock.at(NOW), Session(database.writer) as session, steps(session) as counted:
            LISTS[name](session, cast(session))
            spent[count] = counted[0]
    assert spent[MANY] <= 1.5 * spent[FEW] + 30, spent


@pytest.mark.sqlite_only
def test_one_statement_serves_all_who_hold_as_many_posts(sizes: dict[int, Database]) -> None:
    """A statement each would be a megabyte of memory for every person who ever looked."""
    worklist._query.cache_clear()
    with sizes[FEW].read() as session:
        held = sa.select(col(Holding.person_id)).join(Post, col(Post.id) == col(Holding.post_id))
        for person_id in session.scalars(held.where(~col(Post.is_manager)).limit(5)).all():
            viewer = viewers.by_person(session, person_id)
            assert viewer is not None
            mine.of(session, viewer, TODAY)
            worklist.page(session, viewer, Filters(), "", TODAY)

    assert [made.cache_info().currsize for made in (worklist._query, owed_actions._open)] == [1, 1]


@pytest.mark.sqlite_only
def test_ranges_are_merged_instead_of_read_one_after_the_other(sizes: dict[int, Database]) -> None:
    of_state: Any = sa.select(col(Action.id).label("id"), col(Action.due_on).label("key"))
    of_states = [of_state.where(col(Action.owner_post_id) == 1, col(Action.state) == state) for state in State]
    picked = ranges.first(of_states, 50)

    with sizes[FEW].read() as session:
        found = session.execute(sa.select(picked)).all()
        whole = session.execute(sa.union(*of_states)).all()
        query = str(sa.select(picked).compile(session.connection(), compile_kwargs={"literal_binds": True}))
        plan = session.execute(sa.text(f"EXPLAIN QUERY PLAN {query}")).all()

    assert sorted(found) == sorted(whole)
    assert any(step.detail == "MERGE (UNION)" for step in plan)
    assert not any("TEMP B-TREE" in step.detail for step in plan)


@pytest.mark.parametrize("name", LISTS)
def test_no_list_scans_what_grows(made_on_postgresql: Session, name: str) -> None:
    taken = []

    def take(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        taken.append((statement, values))

    who = cast(made_on_postgresql)
    connection = made_on_postgresql.connection()
    sa.event.listen(connection, "before_cursor_execute", take)
    with clock.at(NOW):
        LISTS[name](made_on_postgresql, who)
    sa.event.remove(connection, "before_cursor_execute", take)

    for statement, values in taken:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            rows = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar_one()
            for node in filter(_is_run, _nodes(_plan(rows))):
                assert _read(node) <= MANY / 3, (node, statement)
                assert not (node["Node Type"] == "Seq Scan" and node.get("Relation Name") in TABLES), (node, statement)


@pytest.fixture(scope="module")
def on_postgresql(request: pytest.FixtureRequest) -> Iterator[Database]:
    backend: Backend = request.getfixturevalue("postgresql_backend")
    database = Database(backend.make(migrated=True))
    synth.make(database, MANY, 1, TODAY, lambda _: None)
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    _sealed(database)
    yield database
    database.dispose()
    backend.drop(database.url.render_as_string(hide_password=False))


@pytest.fixture
def made_on_postgresql(on_postgresql: Database) -> Iterator[Session]:
    """A table of a few pages is read whole, and rightly; so large ones are spoken of: no scan where an index serves."""
    with Session(on_postgresql.writer) as session:
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        yield session


def _plan(rows: Any) -> dict[str, Any]:
    found = json.loads(rows) if isinstance(rows, str) else rows
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _is_run(node: dict[str, Any]) -> bool:
    return bool(node["Actual Loops"])


def _read(node: dict[str, Any]) -> float:
    """Rows that a scan of one of the large tables looked at, over all its turns."""
    if node.get("Relation Name") not in TABLES:
        return 0
    per_turn = (
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    )
    total: float = per_turn * node["Actual Loops"]
    return total
