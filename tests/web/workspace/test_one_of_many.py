"""Whoever presses the same version at the same moment: one of them is heard, and the others see what stands now."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import ASGIApp

from app.db import Database
from tests import grounds, loops
from tests.fixtures import markup
from tests.fixtures.markup import PageForm
from tests.grounds import Ground
from tests.registry import registered
from tests.test_access import typed_for

AT_ONCE = 12
ORIGIN = {"Origin": "http://127.0.0.1"}
# What a form needs besides what stands in it, by the names of its fields.
WORTHS = {"reason": "Le budget.", "note": "Fait.", "due_on": "2027-12-12", "words": "Un guide", "titles.fr": "Un guide"}
# How many forms of a role at least must be seen won by one: a walk that is refused everywhere proves nothing.
WON = {"secretariat": 17, "administrator": 6, "owner": 2, "manager": 2}


@pytest.mark.parametrize("role", WON)
def test_of_many_who_saw_one_version_one_is_heard(role: str, database: Database, application: ASGIApp) -> None:
    with database.write() as session:
        ground = grounds.lay(session)

    heard = loops.run(_walk(application, ground, role))

    assert {action: counts for action, counts in heard.items() if counts[303] > 1 or max(counts) >= 500} == {}
    assert sum(counts == {303: 1, 409: AT_ONCE - 1} for counts in heard.values()) >= WON[role], heard


async def _walk(application: ASGIApp, ground: Ground, role: str) -> dict[str, Counter[int]]:
    """Every form with a version on every page of the role, each read anew before it is sent."""
    heard: dict[str, Counter[int]] = {}
    async with _client(application, ground, role) as client:
        for page in sorted(ground.path(route, "own") for method, route in registered(application) if method == "GET"):
            for form in _versioned(await client.get(page) if "sign-" not in page else None):
                if form.action not in heard:
                    heard[form.action] = await _race(client, page, form.action, ground)
    return heard


@asynccontextmanager
async def _client(application: ASGIApp, ground: Ground, role: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", cookies=ground.cookies[role], timeout=60
    ) as client:
        yield client


def _versioned(answer: httpx.Response | None) -> list[PageForm]:
    found = markup.forms(answer.text) if answer is not None and answer.status_code == 200 else []
    return [form for form in found if "version" in form.names]


async def _race(client: httpx.AsyncClient, page: str, action: str, ground: Ground) -> Counter[int]:
    for form in _versioned(await client.get(page)):
        if form.action == action:
            typed = _filled(form) | typed_for(action.partition("#")[0], ground.of("own"))
            given = {name: value for name, value in typed.items() if name in form.names}
            sent = [given | {"once": secrets.token_urlsafe(18)} for _ in range(AT_ONCE)]
            answers = await asyncio.gather(*(client.post(action, data=one, headers=ORIGIN) for one in sent))
            return Counter(answer.status_code for answer in answers)
    return Counter({0: AT_ONCE})  # what was done before took it from the page


def _filled(form: PageForm) -> dict[str, str]:
    return {name: value or WORTHS.get(name, "") for name, value in form.fields.items()}
