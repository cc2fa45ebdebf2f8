"""The time of a request: it begins with the last byte of the question, and its end cancels nothing."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from app import visits
from app.web import time_limits
from tests import loops

App = Callable[[Scope, Receive, Send], object]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"DEADLINE": 0.15, "GRACE": 0.15, "SILENCE": 0.1, "ARRIVAL": 1.0, "STREAMING": 1.0}.items():
        monkeypatch.setattr(time_limits, name, seconds)


def arriving(*pieces: bytes, every: float = 0.0, then: float = 60.0) -> Receive:
    left = [*pieces]

    async def receive() -> Message:
        await asyncio.sleep(every if left else then)
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


async def answered(app: object, receive: Receive = arriving(b""), client: Receive | None = None) -> list[object]:
    said: list[object] = []

    async def send(message: Message) -> None:
        said.append(message["status"] if "status" in message else message.get("body"))

    async def late() -> None:
        said.append("late")

    await time_limits.within(app, {"type": "http"}, receive, send, late, client)  # type: ignore[arg-type]
    return said


def test_a_body_may_take_longer_than_an_answer() -> None:
    slowly = arriving(*[b"x" * 10] * 8, every=0.05)
    assert loops.run(time_limits.body(slowly, 1000)) == (b"x" * 80, 0)


@pytest.mark.parametrize(
    ("receive", "status"),
    [
        (arriving(b"x" * 60, b"x" * 60), 413),
        (arriving(b"x", b"x", every=0.3), 408),
        (arriving(*[b"x"] * 50, every=0.05), 408),
        (arriving(then=0.0), time_limits.WENT_AWAY),
    ],
)
def test_a_body_that_does_not_arrive_is_refused(receive: Receive, status: int) -> None:
    assert loops.run(time_limits.body(receive, 100)) == (b"", status)
    assert time_limits._Inflow.size == 0


def test_all_bodies_together_have_a_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limits, "MOST_ARRIVING", 100)

    async def many() -> list[tuple[bytes, int]]:
        bodies = (time_limits.body(arriving(b"x" * 40, b"x", every=0.02), 1000) for _ in range(4))
        return await asyncio.gather(*bodies)

    statuses = [status for _, status in loops.run(many())]
    assert 503 in statuses
    assert 0 in statuses
    assert time_limits._Inflow.size == 0


def test_who_outlives_the_deadline_is_told_to_stop_and_never_cancelled() -> None:
    ended: list[object] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        visit = visits.current.get()
        try:
            await asyncio.sleep(0.5)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        await send({"type": "http.response.start", "status": 200})
        ended.append(visit is not None and visit.is_over)

    async def both() -> list[object]:
        said = await answered(app)
        await asyncio.sleep(0.5)
        return said

    assert loops.run(both()) == ["late"]
    assert ended == [True]


def test_what_ends_within_its_grace_is_the_answer() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.2)
        await send({"type": "http.response.start", "status": 503})

    assert loops.run(answered(app)) == [503]


def test_an_answer_that_has_begun_goes_on() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await asyncio.sleep(0.4)
        await send({"type": "http.response.body", "body": b"whole"})

    assert loops.run(answered(app)) == [200, b"whole"]


def test_what_goes_wrong_is_raised_to_the_server() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        loops.run(answered(app))


def test_a_client_that_goes_away_ends_what_only_served_it() -> None:
    left: list[bool] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(0.1)
        visit = visits.current.get()
        left.append(visit is not None and visit.is_left and not visit.is_over)

    loops.run(answered(app, client=arriving(then=0.01)))
    assert left == [True]
