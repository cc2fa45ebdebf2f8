"""The list of the silent in a secretariat's week: true to the last row, and read from an index that holds it."""

import datetime as dt
import random
import re

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.domain.digest_shapes import ROWS
from app.domain.workflow import AWAITED, State
from app.models.actions import Action
from app.queries.mailing import digest_silent
from tests import builders
from tests.builders import instant
from tests.statements import plans

SINCE = instant("2026-11-01")
READ = re.compile(r"(SEARCH|SCAN) action\b|on action\b")  # in the words of SQLite, of PostgreSQL


def several(session: Session, seed: int = 1) -> dict[int, list[Action]]:
    """By programme, actions of every state, some heard of late, some long ago, some never."""
    dice = random.Random(seed)
    made = {}
    for number in range(3):
        programme = builders.programme(session, slug=f"p{number}")
        parent = builders.recommendation(session, builders.meeting(session, programme))
        post = builders.post(session)
        made[programme.id] = [builders.action(session, parent, post) for _ in range(50)]
        for action in made[programme.id]:
            action.state = dice.choice(tuple(State))
            action.assigned_at = SINCE + dt.timedelta(dice.randrange(-40, 20))
            action.last_word_at = dice.choice((None, SINCE + dt.timedelta(dice.randrange(-30, 20))))
        made[programme.id][0].state, made[programme.id][0].last_word_at = State.IN_PROGRESS, SINCE  # just in time
    session.flush()
    return made


def silent(actions: list[Action]) -> list[int]:
    """As anybody would say it."""
    heard = {one.id: one.last_word_at or one.assigned_at for one in actions}
    found = [one.id for one in actions if one.state in AWAITED and (heard[one.id] or SINCE) < SINCE]
    return sorted(found, key=lambda one: (heard[one], one))


def test_the_first_rows_and_their_number_are_those_of_the_programmes_less_what_is_told_elsewhere(
    session: Session,
) -> None:
    made = several(session)
    first, second, _ = made
    whole = silent(made[first] + made[second])
    told = {*whole[1:9:2], made[first][1].id, *silent(list(made.values())[2])}
    rest = [one for one in whole if one not in told]

    found = digest_silent.rows(session, [second, first], SINCE, told)

    assert len(rest) > ROWS
    assert (found.ids, found.total) == (tuple(rest[:ROWS]), len(rest))
    assert digest_silent.rows(session, [first], SINCE, ()).total == len(silent(made[first]))
    assert digest_silent.rows(session, [], SINCE, ()).total == 0


def test_everybodys_secretariat_reads_every_programme(session: Session) -> None:
    made = several(session)

    assert digest_silent.known(session) == sorted(made)


@pytest.mark.parametrize("count", [1, 3])
def test_the_silent_are_read_in_order_from_an_index_that_holds_them(session: Session, count: int) -> None:
    programmes = list(several(session))[:count]
    if session.get_bind().dialect.name == "postgresql":  # a table of a page is read whole, and rightly
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
    found = plans(session, lambda: digest_silent.rows(session, programmes, SINCE, ()))

    assert len(found) == 2
    for steps in found:
        reads = [step for step in steps if READ.search(step)]
        assert len(reads) == count, steps
        assert all("ix_action_silent" in step for step in reads), steps
        read = steps[: max(steps.index(step) for step in reads) + 1]
        assert not any("TEMP B-TREE" in step for step in read), steps  # the rows that were picked may be sorted
