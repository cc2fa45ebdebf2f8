"""Many who ask for one page at once: it is made once, for whoever stays, and never hides what changed meanwhile."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.types import Message, Receive, Scope, Send

from app.db import Database
from app.domain.places import ALL
from app.services.kernel import changes
from app.web import cacheable
from app.web.public import overview
from app.web.public.cache import Cached
from tests import builders

pytestmark = [pytest.mark.sqlite_only, pytest.mark.usefixtures("database")]
PAGE, FAILING, GONE = "/fr/meetings/", "/fr/about", "/fr/privacy"


class Slow:
    """An app whose pages take as long as the test likes."""

    def __init__(self) -> None:
        self.made = 0
        self.may_end = asyncio.Event()
        self.words = "first"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        words = self.words
        await self.may_end.wait()
        status = {FAILING: 503, GONE: 404}.get(scope["path"], 200)
        scope.update({"endpoint": overview.first, cacheable.SHOWS: frozenset({"counts"})})
        headers = [(b"cache-control", cacheable.CACHE_CONTROL.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": words.encode()})


class Asker:
    """One request, and what came back."""

    def __init__(self, path: str = PAGE) -> None:
        self.path = path
        self.status = 0
        self.body = b""

    async def ask(self, app: Cached) -> "Asker":
        scope = {"type": "http", "method": "GET", "path": self.path, "query_string": b"", "headers": []}
        await app(scope, self._receive, self._send)
        return self

    async def _receive(self) -> Message:
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _asked(app: Cached, path: str, count: int) -> list[asyncio.Task[Asker]]:
    tasks = [asyncio.create_task(Asker(path).ask(app)) for _ in range(count)]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


@pytest.mark.parametrize(
    ("path", "status", "made"),
    [(PAGE, 200, 1), (FAILING, 503, 1), (GONE, 404, 300)],
    ids=["a page", "a failure is everybody's", "what is not kept is asked for by each"],
)
def test_three_hundred_at_once_are_answered_by_one(path: str, status: int, made: int) -> None:
    async def many() -> tuple[set[int], int]:
        slow = Slow()
        tasks = await _asked(Cached(slow), path, 300)
        assert slow.made == 1
        slow.may_end.set()
        return {asker.status for asker in await asyncio.gather(*tasks)}, slow.made

    assert run(many()) == ({status}, made)


def test_whoever_asked_first_may_go_away() -> None:
    async def leaving() -> tuple[list[int], int, int]:
        slow = Slow()
        app = Cached(slow)
        first, *others = await _asked(app, PAGE, 3)
        first.cancel()
        await asyncio.sleep(0)
        slow.may_end.set()
        answered = [asker.status for asker in await asyncio.gather(*others)]
        return answered, slow.made, len(app.pages)

    assert run(leaving()) == ([200, 200], 1, 1)


def test_when_all_have_gone_away_the_page_is_there_for_the_next() -> None:
    async def leaving() -> tuple[int, int]:
        slow = Slow()
        app = Cached(slow)
        for task in await _asked(app, PAGE, 3):
            task.cancel()
        slow.may_end.set()
        await asyncio.gather(*app.making)
        return (await Asker().ask(app)).status, slow.made

    assert run(leaving()) == (200, 1)


def test_who_asks_after_a_change_does_not_get_what_was_begun_before(database: Database) -> None:
    async def changing() -> tuple[list[bytes], bytes, int]:
        slow = Slow()
        app = Cached(slow)
        early = await _asked(app, PAGE, 2)
        with database.write() as session:
            changes.note(session, "counts")
            builders.programme(session)
        slow.words = "second"
        late = await _asked(app, PAGE, 2)
        slow.may_end.set()
        bodies = [asker.body for asker in await asyncio.gather(*early, *late)]
        return bodies, (await Asker().ask(app)).body, slow.made

    assert run(changing()) == ([b"first", b"first", b"second", b"second"], b"second", 2)


def test_a_page_during_whose_making_something_changed_is_not_kept_as_fresh(database: Database) -> None:
    async def changing() -> tuple[bytes, bytes]:
        slow = Slow()
        app = Cached(slow)
        (early,) = await _asked(app, PAGE, 1)
        with database.write() as session:
            changes.note(session, ALL)
            builders.programme(session)
        slow.may_end.set()
        first = (await early).body
        slow.words = "second"
        return first, (await Asker().ask(app)).body

    assert run(changing()) == (b"first", b"second")


def test_a_change_elsewhere_leaves_the_page_where_it_is(database: Database) -> None:
    async def changing() -> int:
        slow = Slow()
        slow.may_end.set()
        app = Cached(slow)
        await Asker().ask(app)
        with database.write() as session:
            changes.note(session, "recommendation:7")
            session.execute(sa.text("SELECT 1"))
        await Asker().ask(app)
        return slow.made

    assert run(changing()) == 1


def test_an_error_of_the_app_reaches_whoever_asked_first_and_is_forgotten() -> None:
    class Broken(Slow):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await super().__call__({**scope, "path": FAILING}, receive, send)
            raise ZeroDivisionError

    async def failing() -> tuple[int, int, int]:
        app = Cached(Broken())
        app.app.may_end.set()  # type: ignore[attr-defined]
        asker = Asker()
        with pytest.raises(ZeroDivisionError):
            await asker.ask(app)
        return asker.status, len(app.pages), len(app.flights)

    assert run(failing()) == (503, 0, 0)
