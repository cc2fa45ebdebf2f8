"""Six hours without a relay: pages do not notice, the alarm does, and afterwards a sign-in code goes first."""

import datetime as dt
import time
import urllib.error
import urllib.request

from app import clock
from app.db import Database
from app.models.notifications import Delivery
from app.services.setup import access
from tests.faults.conftest import Serve, Service
from tests.faults.injected.conftest import Tally
from tests.faults.injected.stage import Stage

_HOUR = dt.timedelta(hours=1)
_LOOKS = 15


def test_pages_keep_their_speed_the_alarm_is_red_and_a_code_passes_in_front_of_all_that_waits(
    serve: Serve, stage: Stage, database: Database, tally: Tally
) -> None:
    service, morning = serve(smtp_url=stage.sink.url), _last_working_morning()
    stage.owners([(morning + dt.timedelta(days=7)).date()] * 60)
    before = _seconds(service)
    stage.sink.choose = lambda: "hang_banner"
    scheduler = stage.scheduler()
    scheduler.begin(morning)
    during = _seconds(service)
    scheduler.end()
    for hours in range(1, 6):
        scheduler.run(morning + hours * _HOUR)

    assert (_answered(service, "/readyz")[0], _answered(service, "/healthz/followup")[0]) == (200, 503)
    assert "The mail relay does not answer" in _desk(service)
    assert not stage.sink.accepted
    assert stage.states()[Delivery.QUEUED] >= 60
    stage.sink.choose = lambda: "good"
    later = morning + 6 * _HOUR
    with clock.at(later), database.write() as session:
        access.request_sign_in(session, next(iter(stage.owed)), "", "127.0.0.1")
    for minutes in (1, 6, 12, 20):
        scheduler.run(later + dt.timedelta(minutes=minutes))

    first, kinds = stage.sink.receipts()[0], stage.kinds()
    assert kinds[first.message_id] == "sign_in"
    assert sorted({one.to for one in stage.reminders()}) == sorted(stage.owed)
    assert stage.most_a_morning() == 1
    tally(page_before=f"{before:.3f}", page_during=f"{during:.3f}", waited=60)
    assert during < max(6 * before, 1.0)


def _last_working_morning() -> dt.datetime:
    day = clock.now() - dt.timedelta(days=1)
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    return day.replace(hour=9, minute=5, second=0, microsecond=0)


def _seconds(service: Service) -> float:
    """Of the slowest but one of some looks at a public page."""
    looks = []
    for _ in range(_LOOKS):
        began = time.perf_counter()
        assert _answered(service, "/en/meetings/")[0] == 200
        looks.append(time.perf_counter() - began)
    return sorted(looks)[-2]


def _answered(service: Service, path: str, cookies: dict[str, str] | None = None) -> tuple[int, str]:
    joined = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    request = urllib.request.Request(f"{service.url}{path}", headers={"Cookie": joined})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, ""


def _desk(service: Service) -> str:
    return _answered(service, "/en/workspace/desk", service.ground.cookies["secretariat"])[1]
