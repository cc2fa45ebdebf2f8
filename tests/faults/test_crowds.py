"""Crowds that need no account, a machine that pauses, a neighbour that keeps the write lock: nobody is lost by it."""

import asyncio
import signal
import threading
import time
from contextlib import suppress

import pytest
import sqlalchemy as sa

from app.db import Database
from tests import loops
from tests.faults.conftest import Serve, Service
from tests.faults.crowd import Answered, Asked, ask, one, statuses, written

pytestmark = [pytest.mark.slow, pytest.mark.alone]
READERS = 300
LONGEST = 10.0


def press(service: Service) -> Asked:
    return service.asked("owner", "/fr/workspace/profile", {"locale": "fr", "digest_weekday": "0", "digest_hour": "8"})


def is_as_before(service: Service) -> bool:
    [pressed] = ask(service.url, press(service))
    [ready] = ask(service.url, Asked("/readyz"))
    return service.lives and (pressed.status, pressed.seconds < 1, ready.status) == (303, True, 200)


def test_three_hundred_who_read_the_first_page_while_somebody_writes(serve: Serve) -> None:
    service = serve()

    async def crowd() -> tuple[list[Answered], list[Answered]]:
        until = time.monotonic() + 6
        read: list[Answered] = []
        said: list[Answered] = []

        async def reader(number: int) -> None:
            while time.monotonic() < until:
                read.append(await one(service.url, Asked(f"/{('ar', 'fr', 'en')[number % 3]}/?x={number}")))

        async def writer() -> None:
            while time.monotonic() < until:
                ref = service.ground.of("own")["actions"]
                update = service.asked("owner", f"/fr/workspace/actions/{ref}/updates", {"s": "on_track"})
                said.append(await one(service.url, update))
                await asyncio.sleep(1)

        await asyncio.gather(writer(), *(reader(number) for number in range(READERS)))
        return read, said

    read, said = loops.run(crowd())
    assert set(statuses(read)) == {200}
    assert set(statuses(said)) == {303}
    assert max(answer.seconds for answer in (*read, *said)) < LONGEST
    assert is_as_before(service)


def test_a_machine_that_pauses_during_a_press_leaves_no_lock_behind(serve: Serve) -> None:
    service = serve()
    answers: list[Answered] = []
    pressing = threading.Thread(target=lambda: answers.extend(ask(service.url, *[press(service)] * 20)))
    pressing.start()
    time.sleep(0.05)
    service.process.send_signal(signal.SIGSTOP)
    time.sleep(9)
    service.process.send_signal(signal.SIGCONT)
    pressing.join(30)

    assert set(statuses(answers)) <= {303, 409, 503}
    assert is_as_before(service)


def test_a_neighbour_that_keeps_the_lock_is_waited_for_and_then_told(serve: Serve, database: Database) -> None:
    service = serve()
    release = threading.Event()
    holding = _hold(database, release)

    answers = ask(service.url, *[press(service)] * 10, service.asked("owner", "/fr/workspace/mine"), Asked("/fr/"))
    *pressed, mine, first = answers
    [ready] = ask(service.url, Asked("/readyz"))
    release.set()
    holding.join(10)

    assert statuses(pressed) == {503: 10}
    assert all(b"Renvoyer" in answer.body for answer in pressed)
    assert max(answer.seconds for answer in answers) < LONGEST
    assert (mine.status, first.status) == (200, 200)
    assert ready.status == (503 if database.is_sqlite else 200)  # PostgreSQL locks rows, not the whole
    assert is_as_before(service)


def _hold(database: Database, release: threading.Event) -> threading.Thread:
    begun = threading.Event()

    def hold() -> None:
        with suppress(Exception), database.write() as session:
            session.execute(sa.text("UPDATE person SET version = version"))
            begun.set()
            release.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(10)
    return thread


def test_an_honest_report_on_a_slow_line_arrives(serve: Serve) -> None:
    service = serve()
    slug = service.ground.of("own")["meetings"]
    calm = "Les participants ont ensuite visité l'atelier de poterie et remercié leurs hôtes de l'accueil. " * 9000
    text = f"{calm}\nLe conseil recommande à l'agence de publier un guide des certificats avant le 31 mars 2027."

    answered = loops.run(_slowly(service, f"/fr/workspace/meetings/{slug}/report", text))

    assert answered.startswith(b"HTTP/1.1 303"), answered[:300]


async def _slowly(service: Service, path: str, text: str) -> bytes:
    """A form that takes longer to arrive than any answer may take."""
    asked = service.asked("secretariat", path, {"report": text, "lang": "fr", "version": "1"})
    raw = written(service.url.removeprefix("http://"), asked)
    host, _, port = service.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    step = len(raw) // 18 + 1
    for start in range(0, len(raw), step):
        writer.write(raw[start : start + step])
        await writer.drain()
        await asyncio.sleep(0.5)
    return await reader.read()
