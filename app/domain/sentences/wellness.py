"""What the health page says of each part of the service, and whether somebody should look at it."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from app.domain.messages import Counted, Message

AHEAD = dt.timedelta(minutes=1)
_MINUTE, _HOUR, _DAY = AHEAD, dt.timedelta(hours=1), dt.timedelta(days=1)
_GIGABYTE, _MEGABYTE = 1_000_000_000, 1_000_000
_SHARE = 20  # of the disk a twentieth must be free
_BACKUP = dt.timedelta(days=2)


class Finding(NamedTuple):
    """One line of the page; `is_well`: nobody has to do anything."""

    is_well: bool
    said: Message


class LastTurn(NamedTuple):
    at: dt.datetime
    failures: int  # in a row
    cause: str


class Ages(NamedTuple):
    """How many mails are due, by how long they have been so; `later`: their hour has not come."""

    fresh: int = 0  # under a minute
    minutes: int = 0  # under a quarter of an hour
    quarter: int = 0  # under an hour
    older: int = 0
    later: int = 0

    @property
    def due(self) -> int:
        return self.fresh + self.minutes + self.quarter + self.older


def turn(last: LastTurn | None, every: dt.timedelta, now: dt.datetime) -> Finding:
    """Of a job that comes again and again."""
    if last is None:
        return Finding(False, Message("It has never run."))
    if last.failures:
        return Finding(False, _failed(last))
    if last.at > now + AHEAD:
        return Finding(False, Message("It ran at an hour that has not come: a clock was set back."))
    since = Message("It ran %(ago)s", ago=ago(now - last.at))
    if now - last.at > 3 * every + AHEAD:
        late = Message("%(since)s, and should run %(every)s.", since=since, every=_every(every))
        return Finding(False, late)
    return Finding(
        True, Message("%(since)s; its next turn comes %(soon)s.", since=since, soon=soon(last.at + every - now))
    )


def _failed(last: LastTurn) -> Message:
    if last.failures == 1:
        return Message("Its last turn failed: %(cause)s", cause=last.cause)
    return Counted(
        "%(num)s turn has failed in a row: %(cause)s",
        "%(num)s turns have failed in a row: %(cause)s",
        last.failures,
        cause=last.cause,
    )


def _every(span: dt.timedelta) -> Message:
    """Of the intervals of our jobs: whole hours, whole minutes."""
    if span == _HOUR:
        return Message("every hour")
    if span > _HOUR:
        return Counted("every %(num)s hour", "every %(num)s hours", round(span / _HOUR))
    if span <= _MINUTE:
        return Message("every minute")
    return Counted("every %(num)s minute", "every %(num)s minutes", round(span / _MINUTE))


def ago(span: dt.timedelta) -> Message:
    """Roughly: nobody reads seconds."""
    if span < _MINUTE:
        return Message("less than a minute ago")
    if span < _HOUR:
        return Counted("%(num)s minute ago", "%(num)s minutes ago", int(span / _MINUTE))
    if span < 2 * _DAY:
        return Counted("%(num)s hour ago", "%(num)s hours ago", int(span / _HOUR))
    return Counted("%(num)s day ago", "%(num)s days ago", span.days)


def soon(span: dt.timedelta) -> Message:
    minutes = int(span / _MINUTE) + 1
    if minutes <= 1:
        return Message("within a minute")
    if minutes >= 55:  # of the hourly ones
        return Message("within an hour")
    return Counted("in %(num)s minute", "in %(num)s minutes", minutes)


def schedulers(alive: int, *, is_led: bool) -> Finding:
    if is_led:
        others = Counted("A scheduler runs and leads.", "%(num)s schedulers run; one of them leads.", max(alive, 1))
        return Finding(True, others)
    if alive:
        return Finding(False, Message("A scheduler is there, but none leads: look again in a minute."))
    return Finding(False, Message("No scheduler runs: nothing is planned, and nothing leaves."))


def backlog(ages: Ages) -> Finding:
    """The oldest first: it is what somebody waits for."""
    if ages.older:
        return Finding(False, _due_an_hour(ages.older))
    if ages.quarter:
        return Finding(
            False,
            Counted(
                "%(num)s mail has been due for more than a quarter of an hour.",
                "%(num)s mails have been due for more than a quarter of an hour.",
                ages.quarter,
            ),
        )
    if ages.due:
        return Finding(
            True, Counted("%(num)s mail is due and leaves now.", "%(num)s mails are due and leave now.", ages.due)
        )
    return Finding(True, Message("All that was due has left."))


def _due_an_hour(count: int) -> Message:
    return Counted(
        "%(num)s mail has been due for more than an hour.", "%(num)s mails have been due for more than an hour.", count
    )


def later(count: int) -> Finding:
    """At night, before their morning, or put off by the relay."""
    if not count:
        return Finding(True, Message("No mail waits for its hour."))
    return Finding(True, Counted("%(num)s mail waits for its hour.", "%(num)s mails wait for their hour.", count))


def failures(dead: int, parked: int) -> Finding:
    if not dead and not parked:
        return Finding(True, Message("All mails of the last seven days arrived."))
    lost = Counted("%(num)s mail did not arrive", "%(num)s mails did not arrive", dead)
    unsure = Counted("of %(num)s mail nobody knows", "of %(num)s mails nobody knows", parked)
    if dead and parked:
        return Finding(False, Message("%(lost)s, %(unsure)s.", lost=lost, unsure=unsure))
    if dead:
        return Finding(False, Message("%(sentence)s.", sentence=lost))
    return Finding(
        False,
        Counted("Nobody knows whether %(num)s mail arrived.", "Nobody knows whether %(num)s mails arrived.", parked),
    )


def inbound(taken: int, unsigned: int, set_aside: int) -> Finding:
    """Of mails that come in; those of strangers are nobody's work."""
    if not taken + unsigned + set_aside:
        return Finding(True, Message("No mail has come in yet."))
    return Finding(
        True,
        Message(
            "%(taken)s, %(unsigned)s, %(aside)s.",
            taken=Counted("%(num)s mail was taken", "%(num)s mails were taken", taken),
            unsigned=Counted("%(num)s was not signed or not proven", "%(num)s were not signed or not proven", unsigned),
            aside=Counted("%(num)s was set aside", "%(num)s were set aside", set_aside),
        ),
    )


def relay(where: str, *, is_file: bool = False) -> Finding:
    """`where`: the host alone, never what opens it."""
    if not where:
        return Finding(False, Message("No mail relay is set: no mail can leave, no sign-in code either."))
    if is_file:
        return Finding(True, Message("Mails are written into a directory, and leave nowhere."))
    return Finding(True, Message("Mails leave by %(host)s.", host=where))


def zones(version: str, *, is_right: bool) -> Finding:
    if is_right:
        return Finding(True, Message("They are of %(version)s and know that Morocco is on UTC.", version=version))
    return Finding(False, Message("They are of %(version)s, and an hour wrong for Morocco.", version=version))


def disk(free: int, whole: int) -> Finding:
    """Red below a gigabyte, and below a twentieth of a small disk."""
    said = Message("%(free)s are free of %(whole)s.", free=size(free), whole=size(whole))
    return Finding(free >= min(_GIGABYTE, whole // _SHARE), said)


def database(size_in_bytes: int) -> Finding:
    return Finding(True, Message("It takes %(size)s.", size=size(size_in_bytes)))


def size(count: int) -> Message:
    if count >= _GIGABYTE:
        return Message("%(num)s GB", num=_short(count / _GIGABYTE))
    return Message("%(num)s MB", num=_short(count / _MEGABYTE))


def _short(number: float) -> int | Decimal:
    whole = round(number)
    return whole if number >= 10 or whole == round(number, 1) else Decimal(str(round(number, 1)))


def backup(at: dt.datetime | None, now: dt.datetime) -> Finding:
    if at is None:
        return Finding(False, Message("This installation has made none."))
    return Finding(
        now - at <= _BACKUP, Message("The last one was made %(ago)s.", ago=ago(max(now - at, dt.timedelta(0))))
    )


def revision(found: str, expected: str) -> Finding:
    if found == expected:
        return Finding(True, Message("The tables are as this version needs them (%(found)s).", found=found))
    return Finding(
        False,
        Message("The tables are at %(found)s; this version needs %(expected)s.", found=found, expected=expected),
    )


def head(on: dt.date | None, today: dt.date) -> Finding:
    """Of the record, as it leaves the house once a day."""
    if on is None:
        return Finding(False, Message("Its head has never left the house."))
    return Finding(today - on <= dt.timedelta(days=1), Message("Its head left the house on %(on)s.", on=on))
