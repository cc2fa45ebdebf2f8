"""Who may open what: docs/access.csv, asked of the application role by role, on own, foreign and public items."""

import csv
import re
from collections.abc import Iterator
from functools import cache

import pytest
from starlette.types import ASGIApp

from app.config import ROOT
from app.db import Database
from tests import grounds
from tests.fixtures.pages import TestClient
from tests.grounds import WHO, Ground
from tests.registry import registered

pytestmark = pytest.mark.sqlite_only

# What a form needs to be understood, so that the role is judged and not the form: the first pattern that fits.
WORDS: tuple[tuple[str, dict[str, str]], ...] = (
    (r"/assignment$", {"owner_post_id": "{post_id}", "reason": "Il a plus de moyens."}),
    (r"/deadline$", {"due_on": "2027-12-31", "reason": "Le budget arrive plus tard."}),
    (r"/extension-requests$", {"due_on": "2027-12-31", "reason": "Le budget.", "more_time_reason": "Le budget."}),
    (r"/grant$", {"due_on": "2027-12-31", "reason": "Le budget arrive plus tard."}),
    (r"/ending$", {"ending": "cancelled", "reason": "Le projet est abandonné."}),
    (r"/(u/[^/]+|updates|milestone)$", {"s": "on_track"}),
    (r"/mine/[^/]+/reply$", {"reply_id": "1", "choice": "confirm"}),
    (r"/desk/publications$", {"ref": "{actions}"}),
    (r"/bulk-edits(/preview)?$", {"ref": "{actions}", "change": "publish"}),
    (r"/evidence$", {"evidence_title": "Le guide imprimé"}),
    (r"/acting$", {"person_id": "1", "from_on": "2026-11-01", "until_on": "2026-11-02"}),
    (r"/holder$", {"since_on": "2026-11-01"}),
    (r"/people/\d+$", {"name": "Meriem", "email": "meriem@example.ma", "locale": "fr"}),
    (r"/people/\d+/access$", {"is_active": "0"}),
    (r"/people/\d+/roles$", {"role": "observer"}),
    (r"/parts/\d+/removal$", {"reason": "Ce n'est plus utile."}),
    (
        r"/(refusal|return|reopening|withdrawal|withholding|outcome/removal|also-serves/[^/]+/end)$",
        {"reason": "Ce n'est pas prêt."},
    ),
    (r"", {}),
)
GET = {200: "shown", 503: "shown", 403: "refused", 404: "hidden", 410: "gone"}
POST = {200: "taken", 303: "taken", 409: "taken", 422: "taken", 401: "sign-in", 403: "refused", 404: "hidden"}
# Names in braces that stand for nothing of a programme: a language, a file of ours or a mail of the demonstration, a
# bulk act, the guide of a role, which of two ladders, the wording of mails, and all that leads to signing in.
OF_NO_PROGRAMME = frozenset({"lang", "name", "act", "role", "group", "of", "mail", "sentence", "wording_id"})
Door = tuple[str, str, str]  # route, method, scope


@cache
def rows() -> dict[Door, dict[str, str]]:
    """What the file says of each door, by role."""
    found: dict[Door, dict[str, str]] = {}
    with (ROOT / "docs" / "access.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            answers = found.setdefault((row["route"], row["method"], row["scope"]), {})
            for role in row["role"].split():
                assert role in {*WHO, "others"}, f"{role} is no role"
                assert role not in answers, f"{role} is answered twice: {row}"
                answers[role] = row["answer"]
    return found


def expected(role: str) -> Iterator[tuple[Door, str]]:
    """The rows of a role, those for every scope spelled out; pages before forms, the way out last."""
    for (route, method, scope), answers in sorted(rows().items(), key=_order):
        if scope != "any":
            everywhere = rows().get((route, method, "any"), {})
            yield (route, method, scope), everywhere.get(role) or answers.get(role) or answers["others"]


def _order(row: tuple[Door, dict[str, str]]) -> tuple[bool, bool, str]:
    route, method, _ = row[0]
    return route.endswith(("/sign-out", "/{invitation_token}")), method != "GET", route


def test_every_address_has_its_rows(application: ASGIApp) -> None:
    assert {(method, route) for route, method, _ in rows()} == registered(application)


def test_every_address_of_an_item_is_asked_for_one_of_ones_own_and_for_a_foreign_one() -> None:
    scopes: dict[tuple[str, str], set[str]] = {}
    for route, method, scope in rows():
        scopes.setdefault((route, method), set()).add(scope)
    missing = {
        door: sorted(asked)
        for door, asked in scopes.items()
        if set(re.findall(r"{(\w+)}", door[0])) - OF_NO_PROGRAMME
        and "/sign-in/" not in door[0]
        and not asked >= _needed(door[0])
    }

    assert missing == {}


def _needed(route: str) -> set[str]:
    is_for_some = any(door in route for door in ("/workspace/", "/u/", "/voice/", "/off/", "/me/"))
    return {"own", "foreign"} if is_for_some else {"own", "foreign", "published"}


def test_every_role_is_answered_at_every_door() -> None:
    for role in WHO:
        answered = [door for door, _ in expected(role)]
        assert len(answered) == len(set(answered)) == sum(scope != "any" for _, _, scope in rows())


@pytest.mark.parametrize("role", WHO)
def test_everybody_opens_what_is_theirs_and_nothing_else(role: str, database: Database, application: ASGIApp) -> None:
    with database.write() as session:
        ground = grounds.lay(session)
    # A page that breaks is one wrong answer among the others, not the end of the walk.
    with TestClient(
        application, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False
    ) as client:
        wrong = [
            f"{method} {route}, {scope}: {answer}, not {wanted}"
            for (route, method, scope), wanted in expected(role)
            if (answer := _asked(client, ground, role, route, method, scope)) != wanted
        ]

    assert not wrong, "\n".join(wrong)


def _asked(client: TestClient, ground: Ground, role: str, route: str, method: str, scope: str) -> str:
    path = ground.path(route, scope)
    client.cookies.clear()
    client.cookies.update(ground.cookies[role])
    if method == "GET":
        response = client.get(path)
        if response.is_redirect:
            return "sign-in" if "/sign-in?" in response.headers["location"] else "led"
        return GET.get(response.status_code, str(response.status_code))
    response = client.post(path, data=typed_for(path, ground.of(scope)), headers={"Origin": "http://127.0.0.1"})
    return POST.get(response.status_code, str(response.status_code))


def typed_for(path: str, items: dict[str, str]) -> dict[str, str]:
    """A form that this address understands."""
    fields = next(fields for pattern, fields in WORDS if re.search(pattern, path))
    return {name: value.format(**items) for name, value in fields.items()}
