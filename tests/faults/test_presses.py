"""Hundreds press at once, with a right or without: nobody stops the service, and who may write still can."""

import pytest

from app.db import Database
from tests.faults.conftest import Serve, Service
from tests.faults.crowd import Answered, Asked, ask, statuses
from tests.registry import registered
from tests.test_access import typed_for

pytestmark = [pytest.mark.slow, pytest.mark.alone]
AT_ONCE = 200
PATIENT = 1.0  # seconds for a write when the crowd has gone
LONGEST = 10.0
WHO = {"roleless": "roleless", "foreign": "outsider", "entitled": "secretariat"}
SCOPES = {"roleless": "own", "foreign": "foreign", "entitled": "own"}


@pytest.mark.parametrize("who", WHO)
def test_two_hundred_presses_of_every_form_leave_the_service_as_it_was(
    serve: Serve, application: object, database: Database, who: str
) -> None:
    service = serve()
    posts = {path for method, path in registered(application) if method == "POST"}
    ends_its_session = ("/sign-out", "/{invitation_token}")
    routes = sorted(path for path in posts if not path.endswith(ends_its_session))
    wrong: list[str] = []
    for route in routes:
        path = service.ground.path(route, SCOPES[who])
        press = service.asked(WHO[who], path, typed_for(path, service.ground.of(SCOPES[who])))
        reads = [service.asked("secretariat", "/fr/workspace/actions"), Asked("/fr/"), Asked("/readyz")] * 3
        answers = ask(service.url, *reads, *[press] * AT_ONCE)
        wrong += [f"{route}: {fault}" for fault in _faults(answers[: len(reads)], answers[len(reads) :])]

    assert not wrong, "\n".join(wrong)
    _is_as_before(service)


def _faults(reads: list[Answered], presses: list[Answered]) -> list[str]:
    found = statuses(presses)
    faults = [
        f"{status} x {count}" for status, count in found.items() if status == 0 or (status >= 500 and status != 503)
    ]
    if found[503] and (found[403] or found[404]):
        faults.append(f"503 x {found[503]} for somebody who may not write")
    if bad := [answer.status for answer in reads if answer.status != 200]:
        faults.append(f"readers were answered {bad}")
    if (slow := max(answer.seconds for answer in (*reads, *presses))) > LONGEST:
        faults.append(f"somebody waited {slow:.1f} s")
    return faults


def _is_as_before(service: Service) -> None:
    profile = service.asked(
        "owner", "/fr/workspace/profile", {"locale": "fr", "digest_weekday": "0", "digest_hour": "8"}
    )
    [ready] = ask(service.url, Asked("/readyz"))
    [write] = ask(service.url, profile)
    assert service.lives, service.said()[-2000:]
    assert (ready.status, write.status) == (200, 303)
    assert write.seconds < PATIENT


def test_fifty_who_press_on_one_version_have_one_winner(serve: Serve) -> None:
    service = serve()
    ref = service.ground.of("own")["actions"]
    form = {"due_on": "2027-12-31", "reason": "Le budget arrive plus tard.", "version": "{version}"}
    [page] = ask(service.url, service.asked("secretariat", f"/fr/workspace/actions/{ref}"))
    version = page.body.decode().partition('name="version" value="')[2].partition('"')[0]
    days = [f"2027-{month:02}-{day:02}" for month in range(1, 13) for day in (3, 9, 15, 21, 27)][:50]
    presses = [form | {"version": version, "due_on": day} for day in days]

    answers = ask(
        service.url,
        *(service.asked("secretariat", f"/fr/workspace/actions/{ref}/deadline", press) for press in presses),
    )

    assert statuses(answers) == {303: 1, 409: 49}
