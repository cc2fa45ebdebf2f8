"""Lanes that wait for each other share a transaction, and nobody's failure is another's."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain

import pytest
from sqlmodel import Session

from app.services.mailing.delivery.work import Commits

LANES = 4


class Journal:
    """Transactions as lists of what was changed in them; one that has `broken` in it cannot be committed."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.committed: list[list[str]] = []
        self.may_commit = threading.Event()
        self.may_commit.set()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self.open = []
        yield Session()
        self.may_commit.wait(5)
        if "broken" in self.open:
            raise RuntimeError("broken")
        self.committed.append(self.open)

    def change(self, name: str) -> str:
        self.open.append(name)
        return f"{name} done"


@pytest.fixture
def journal() -> Journal:
    return Journal()


def test_all_who_wait_behind_one_are_committed_together(journal: Journal) -> None:
    commits = Commits(journal.transaction)
    journal.may_commit.clear()
    with ThreadPoolExecutor(LANES) as lanes:
        made = [lanes.submit(commits.together, lambda _, name=name: journal.change(name)) for name in "abcd"]
        while len(commits._line) < LANES - 1:
            pass
        assert not any(one.done() for one in made), "nobody is told before it is committed"
        journal.may_commit.set()
        assert [one.result(5) for one in made] == ["a done", "b done", "c done", "d done"]

    assert sorted(map(len, journal.committed)) == [1, LANES - 1]
    assert sorted(chain(*journal.committed)) == list("abcd")


def test_whoever_travels_is_waited_for_a_moment(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.mailing.delivery.work._MOMENT", 5.0)
    commits, begun = Commits(journal.transaction), threading.Barrier(LANES)

    def lane(name: str) -> None:
        with commits.travelling():
            begun.wait(5)
            commits.together(lambda _: journal.change(name))

    with ThreadPoolExecutor(LANES) as lanes:
        list(lanes.map(lane, "abcd"))

    assert [sorted(one) for one in journal.committed] == [list("abcd")]


def test_nobody_waits_for_a_lane_that_has_arrived(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.mailing.delivery.work._MOMENT", 60.0)
    commits = Commits(journal.transaction)
    with commits.travelling():
        commits.together(lambda _: journal.change("a"))
    commits.together(lambda _: journal.change("b"))

    assert journal.committed == [["a"], ["b"]]


def test_what_fails_fails_alone_and_the_others_are_made_once(journal: Journal) -> None:
    commits = Commits(journal.transaction)
    journal.may_commit.clear()
    with ThreadPoolExecutor(LANES) as lanes:
        first = lanes.submit(commits.together, lambda _: journal.change("first"))
        while not journal.open:
            pass
        names = ("a", "broken", "c")
        made = [lanes.submit(commits.together, lambda _, name=name: journal.change(name)) for name in names]
        while len(commits._line) < len(names):
            pass
        journal.may_commit.set()
        assert first.result(5) == "first done"
        assert [one.result(5) for one in made[::2]] == ["a done", "c done"]
        with pytest.raises(RuntimeError, match="broken"):
            made[1].result(5)

    assert sorted(chain(*journal.committed)) == ["a", "c", "first"]
