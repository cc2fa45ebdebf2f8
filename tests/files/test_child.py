"""Long work in a child process: it answers, refuses, dies of its limits, and ends with whoever asked."""

import contextvars
import threading
import time

import pytest

from app import visits
from app.domain.errors import Refused
from app.files import child
from app.visits import Overdue, Visit


def test_a_child_gives_what_the_function_gives() -> None:
    assert child.run("app.files.text", "decode", "Fès".encode()) == "Fès"


def test_what_the_function_refuses_is_refused_with_its_words_and_field() -> None:
    with pytest.raises(Refused) as refused:
        child.run("app.files.text", "clean_text", "  ")
    assert refused.value.field == "report"
    assert "empty" in str(refused.value)


def test_a_child_that_dies_is_a_refusal() -> None:
    with pytest.raises(Refused, match="could not be read"):
        child.run("os", "_exit", 3)


@pytest.mark.parametrize("way", ["stop", "leave"])
def test_it_ends_with_the_request_that_asked(way: str) -> None:
    visit, met = Visit(), list[type[BaseException]]()

    def work() -> None:
        visits.current.set(visit)
        try:
            child.run("time", "sleep", 60)
        except Overdue as error:
            met.append(type(error))

    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,))
    begun = time.monotonic()
    thread.start()
    time.sleep(0.5)
    getattr(visit, way)()
    thread.join(10)

    assert met == [Overdue]
    assert time.monotonic() - begun < 10
