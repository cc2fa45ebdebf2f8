"""Files through the real service: fifty of the largest at once, bombs, and a process that is killed on the way."""

import http.client
import secrets
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.domain.documents import MOST_BYTES
from app.files import store
from app.models.evidence import EvidenceItem
from app.services.upkeep import evidence_files
from benchmarks.processes import memory
from tests import uploads
from tests.faults.conftest import Serve, Service
from tests.faults.crowd import Asked, ask
from tests.files import samples
from tests.services.upkeep.test_evidence_files import DAY

pytestmark = [pytest.mark.slow, pytest.mark.alone]
AT_ONCE = 50
MORE = 200  # megabytes of all its processes together, children too
LONGEST = 10.0
TOLD_TO_WAIT = frozenset({0, 503})


@contextmanager
def body_of(data: bytes, boundary: str) -> Iterator[IO[bytes]]:
    """On the disk: who sends fifty of them holds none in memory."""
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="evidence_file"; filename="guide.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    with tempfile.NamedTemporaryFile() as file:
        for piece in (head.encode(), data, f"\r\n--{boundary}--\r\n".encode()):
            file.write(piece)
        file.flush()
        yield file


def send(service: Service, path: str, name: str, boundary: str) -> int:
    """The status, 0 where the connection ended without one."""
    parts, length = urlsplit(service.url), Path(name).stat().st_size
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(length)}
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=180)
    try:
        with Path(name).open("rb") as body:
            connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Watch:
    """The most memory that the service and its children had at one moment, above what it had before."""

    def __init__(self, service: Service) -> None:
        self._service, self._over = service, threading.Event()
        self._before = self._now()
        self.most = 0.0

    def _now(self) -> float:
        return sum(memory(self._service.process.pid))

    def __enter__(self) -> "Watch":
        self._watching = threading.Thread(target=self._watch)
        self._watching.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            with suppress(OSError):  # a child that has just ended
                self.most = max(self.most, self._now() - self._before)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()


def sent_at_once(service: Service, path: str, data: bytes, count: int) -> Counter[int]:
    """Whoever is told to wait sends it again, as a person would."""
    boundary, statuses = secrets.token_hex(12), list[int]()

    def until_told() -> None:
        for _ in range(20):
            status = send(service, path, file.name, boundary)
            if status not in TOLD_TO_WAIT:
                statuses.append(status)
                return
            time.sleep(2)

    with body_of(data, boundary) as file:
        senders = [threading.Thread(target=until_told) for _ in range(count)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    return Counter(statuses)


def rows(database: Database) -> list[str]:
    with database.read() as session:
        keys = sa.select(col(EvidenceItem.file_key)).where(col(EvidenceItem.file_key).is_not(None))
        return sorted(key or "" for key in session.scalars(keys))


def path_of(service: Service) -> str:
    return f"/fr/u/{service.ground.of('own')['token']}/evidence"


def agreed(database: Database) -> None:
    """Every row has its file, and every file its row once it was swept."""
    with database.read() as session:
        assert list(evidence_files.faults(session, store.home())) == []
        evidence_files.sweep(session, clock.now() + DAY)
    assert uploads.kept() == rows(database)
    assert uploads.left() == []


@pytest.mark.sqlite_only
def test_fifty_of_the_largest_at_once_are_all_kept_in_little_memory_while_others_read(
    serve: Serve, database: Database
) -> None:
    service, before = serve(), len(rows(database))
    data = samples.PDF + b"\n" * (MOST_BYTES - len(samples.PDF))
    slowest = [0.0]

    with Watch(service) as watch:
        reading = threading.Thread(target=_read, args=(service, slowest, lambda: watch._over.is_set()))
        reading.start()
        statuses = sent_at_once(service, path_of(service), data, AT_ONCE)
    reading.join()

    assert statuses == {303: AT_ONCE}, service.faults()
    assert watch.most < MORE
    assert slowest[0] < LONGEST
    assert len(rows(database)) == before + AT_ONCE
    agreed(database)


def _read(service: Service, slowest: list[float], is_over: object) -> None:
    while not is_over():  # type: ignore[operator]
        [answer] = ask(service.url, Asked("/fr/"))
        assert answer.status == 200
        slowest[0] = max(slowest[0], answer.seconds)
        time.sleep(0.1)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["bomb", "bomb that says it is small", "nested", "entity", "laughs"])
def test_a_bomb_is_refused_in_little_memory(serve: Serve, database: Database, name: str) -> None:
    service, before = serve(), rows(database)

    with Watch(service) as watch:
        statuses = sent_at_once(service, path_of(service), samples.BAD[name], 10)

    assert statuses == {422: 10}, service.faults()
    assert watch.most < MORE
    assert rows(database) == before
    agreed(database)


@pytest.mark.parametrize("point", ["arriving", "looked at", "renamed"])
def test_a_process_killed_on_the_way_leaves_no_row_without_its_file(
    serve: Serve, database: Database, point: str
) -> None:
    service, before = serve(dies="" if point == "arriving" else point), rows(database)
    if point == "arriving":
        _break_off(service)
    else:
        assert sent_once(service) == 0
    service.process.wait(10)
    assert rows(database) == before

    again = serve()
    assert sent_once(again) == 303
    assert len(rows(database)) == len(before) + 1
    agreed(database)


def sent_once(service: Service) -> int:
    boundary = secrets.token_hex(12)
    with body_of(samples.PDF + b"\n" * 1_000_000, boundary) as file:
        return send(service, path_of(service), file.name, boundary)


def _break_off(service: Service) -> None:
    """Half of the body is there, on the disk already, when the process is killed."""
    parts = urlsplit(service.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.putrequest("POST", path_of(service))
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", "8000000")
    connection.endheaders()
    connection.send(b"x" * 4_000_000)
    time.sleep(0.5)
    service.process.kill()
    connection.close()
