"""`tatbiq person`: the first administrator from nothing, one clear line for what can't be, nothing half-written."""

import json

import pytest
import sqlalchemy as sa
import typer
from sqlmodel import col
from typer.testing import CliRunner, Result

from app.cli import people
from app.db import Database
from app.domain.permissions import Grant, Role
from app.models.audit import AuditEvent
from app.models.people import Holding, Person, Post, RoleGrant
from app.queries.scope import viewers
from app.services.setup import access
from tests import builders
from tests.fixtures.settings import Configure

SARA = ("add", "sara@exemple.ma", "--name", "Sara Bennis")


@pytest.fixture
def house(database: Database) -> Database:
    """A programme and a post that nobody holds."""
    with database.write() as session:
        builders.programme(session, slug="exports")
        builders.post(session, slug="suivi")
    return database


def person(*arguments: str) -> Result:
    app = typer.Typer()
    people.register(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["person", *arguments])


def test_the_first_administrator_is_made_from_nothing(database: Database) -> None:
    result = person(*SARA, "--role", "administrator", "--locale", "fr")

    assert result.exit_code == 0, result.stderr
    with database.read() as session:
        sara = session.scalars(sa.select(Person)).one()
        viewer = viewers.by_person(session, sara.id)
    assert (sara.email, sara.name, sara.locale) == ("sara@exemple.ma", "Sara Bennis", "fr")
    assert viewer
    assert viewer.grants == {Grant(Role.ADMINISTRATOR)}


def test_her_link_signs_in_once(database: Database) -> None:
    person(*SARA, "--role", "administrator", "--locale", "fr")

    result = person("link", "Sara@exemple.ma")

    address = result.stdout.strip()
    assert address.startswith("http://127.0.0.1:8000/fr/sign-in/link/")
    with database.write() as session:
        assert access.open_by_link(session, address.rpartition("/")[2])
        assert access.open_by_link(session, address.rpartition("/")[2]) is None


def test_a_role_holds_in_its_programme(house: Database) -> None:
    assert person(*SARA, "--role", "secretariat@exports", "--role", "verifier@exports").exit_code == 0

    with house.read() as session:
        found = session.execute(sa.select(col(RoleGrant.role), col(RoleGrant.programme_id))).all()
    assert {role for role, _ in found} == {Role.SECRETARIAT, Role.VERIFIER}
    assert all(programme_id for _, programme_id in found)


@pytest.mark.parametrize(("role", "is_manager"), [("owner", False), ("contributor", False), ("manager", True)])
def test_who_holds_a_post_has_the_role_by_it(house: Database, role: str, is_manager: bool) -> None:
    assert person(*SARA, "--role", role, "--post", "suivi").exit_code == 0

    with house.read() as session:
        assert session.scalars(sa.select(Holding)).one().until_on is None
        assert session.scalars(sa.select(Post)).one().is_manager is is_manager
        assert session.scalars(sa.select(RoleGrant)).first() is None


@pytest.mark.parametrize(
    "arguments",
    [
        (*SARA, "--role", "owner"),
        (*SARA, "--role", "owner", "--post", "unknown"),
        (*SARA, "--role", "owner@exports", "--post", "suivi"),
        (*SARA, "--role", "secretariat@unknown"),
        ("add", "sara", "--name", "Sara", "--role", "administrator"),
        ("add", "sara@exemple.ma", "--name", " ", "--role", "administrator"),
        ("link", "nobody@exemple.ma"),
        ("disable", "nobody@exemple.ma"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(house: Database, arguments: tuple[str, ...]) -> None:
    result = person(*arguments)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    with house.read() as session:
        assert session.scalars(sa.select(Person)).first() is None
        assert session.scalars(sa.select(AuditEvent)).first() is None


@pytest.mark.parametrize(
    "arguments",
    [(*SARA, "--role", "queen"), (*SARA, "--role", "administrator", "--locale", "de"), ("add",), ("remove", "x")],
)
def test_wrong_usage_is_told_apart(house: Database, arguments: tuple[str, ...]) -> None:
    assert person(*arguments).exit_code == 2


def test_the_same_address_twice_is_refused(database: Database) -> None:
    person(*SARA, "--role", "administrator")

    result = person(*SARA, "--role", "administrator")

    assert result.exit_code == 1
    assert "address" in result.stderr


def test_the_list_says_who_may_sign_in_and_for_what(house: Database) -> None:
    person(*SARA, "--role", "secretariat@exports", "--role", "observer", "--locale", "fr")
    person("add", "omar@exemple.ma", "--name", "عمر", "--role", "owner", "--post", "suivi")
    person("disable", "omar@exemple.ma")

    columns, as_list = person("list"), person("list", "--json")

    assert [line.split() for line in columns.stdout.splitlines()] == [
        ["address", "active", "roles", "and", "posts", "name"],
        ["omar@exemple.ma", "no", "-", "عمر"],
        ["sara@exemple.ma", "yes", "secretariat@exports", "observer", "Sara", "Bennis"],
    ]
    assert json.loads(as_list.stdout)[1] == {
        "email": "sara@exemple.ma", "name": "Sara Bennis", "locale": "fr", "active": True,
        "roles": ["secretariat@exports", "observer"], "posts": [],
    }  # fmt: skip


def test_the_list_of_nobody_is_empty(database: Database) -> None:
    assert person("list", "--json").stdout == "[]\n"
    assert len(person("list").stdout.splitlines()) == 1


def test_disabling_shuts_the_door(house: Database) -> None:
    person(*SARA, "--role", "secretariat@exports")

    assert person("disable", "SARA@exemple.ma").exit_code == 0
    assert person("link", "sara@exemple.ma").exit_code == 1


def test_a_database_of_another_version_is_one_line(empty_url: str, configure: Configure) -> None:
    configure(database_url=empty_url)

    result = person(*SARA, "--role", "administrator")

    assert result.exit_code == 1
    assert "tatbiq migrate" in result.stderr
