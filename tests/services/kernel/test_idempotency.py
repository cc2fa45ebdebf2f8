"""One form, one effect."""

import threading

import pytest
from sqlmodel import Session

from app.db import Database
from app.domain.errors import AlreadyDone
from app.services.kernel import idempotency


def test_a_second_claim_is_led_where_the_first_went(session: Session) -> None:
    idempotency.claim(session, "abc")
    idempotency.remember(session, "abc", "/fr/done")
    with pytest.raises(AlreadyDone) as done:
        idempotency.claim(session, "abc")
    assert done.value.location == "/fr/done"


@pytest.mark.slow
def test_of_two_that_come_at_once_one_takes_effect(database: Database) -> None:
    effects: list[str] = []

    def send() -> None:
        try:
            with database.write() as session:
                idempotency.claim(session, "abc")
                effects.append("done")
                idempotency.remember(session, "abc", "/fr/done")
        except AlreadyDone as done:
            effects.append(done.location)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(effects) == ["/fr/done"] * 5 + ["done"]
