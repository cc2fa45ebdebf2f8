"""What the health page says of each part of the service."""

import datetime as dt

from app.domain.sentences import wellness
from app.domain.sentences.wellness import Ages, LastTurn
from tests.sentences.table import Rows, situations

NOW = dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR, DAY = (dt.timedelta(seconds=number) for number in (1, 60, 3600, 86400))
GB = 1_000_000_000


def _turn(before: dt.timedelta, every: dt.timedelta = MINUTE, failures: int = 0) -> wellness.Finding:
    return wellness.turn(LastTurn(NOW - before, failures, "550" if failures else ""), every, NOW)


@situations("The last turn of a job")
def turns() -> Rows:
    yield "never", wellness.turn(None, MINUTE, NOW).said, "It has never run."
    yield "just now", _turn(SECOND).said, "It ran less than a minute ago; its next turn comes within a minute."
    yield "an hourly one", _turn(5 * MINUTE, HOUR).said, "It ran 5 minutes ago; its next turn comes within an hour."
    yield "half an hour", _turn(30 * MINUTE, HOUR).said, "It ran 30 minutes ago; its next turn comes in 31 minutes."
    yield "late by a little", _turn(2 * MINUTE).said, "It ran 2 minutes ago; its next turn comes within a minute."
    yield "late", _turn(HOUR).said, "It ran 1 hour ago, and should run every minute."
    yield "late for days", _turn(3 * DAY, HOUR).said, "It ran 3 days ago, and should run every hour."
    yield (
        "late, every two minutes",
        _turn(2 * HOUR, 2 * MINUTE).said,
        "It ran 2 hours ago, and should run every 2 minutes.",
    )
    yield "ahead", _turn(-2 * MINUTE).said, "It ran at an hour that has not come: a clock was set back."
    yield "failed once", _turn(SECOND, failures=1).said, "Its last turn failed: 550"
    for count in (2, 3, 11, 100):
        yield f"failed {count} times", _turn(SECOND, failures=count).said, f"{count} turns have failed in a row: 550"


@situations("Schedulers")
def schedulers() -> Rows:
    yield (
        "none",
        wellness.schedulers(0, is_led=False).said,
        "No scheduler runs: nothing is planned, and nothing leaves.",
    )
    yield (
        "none leads",
        wellness.schedulers(1, is_led=False).said,
        "A scheduler is there, but none leads: look again in a minute.",
    )
    yield "one", wellness.schedulers(1, is_led=True).said, "A scheduler runs and leads."
    yield "led by one that has not said so yet", wellness.schedulers(0, is_led=True).said, "A scheduler runs and leads."
    yield "two", wellness.schedulers(2, is_led=True).said, "2 schedulers run; one of them leads."
    yield "eleven", wellness.schedulers(11, is_led=True).said, "11 schedulers run; one of them leads."


@situations("What is due")
def due() -> Rows:
    yield "nothing", wellness.backlog(Ages(later=7)).said, "All that was due has left."
    yield "one", wellness.backlog(Ages(fresh=1)).said, "1 mail is due and leaves now."
    yield "some", wellness.backlog(Ages(fresh=2, minutes=9)).said, "11 mails are due and leave now."
    yield "a quarter", wellness.backlog(Ages(5, 5, 1)).said, "1 mail has been due for more than a quarter of an hour."
    yield "quarters", wellness.backlog(Ages(5, 5, 3)).said, "3 mails have been due for more than a quarter of an hour."
    yield "an hour", wellness.backlog(Ages(5, 5, 3, 1)).said, "1 mail has been due for more than an hour."
    yield "hours", wellness.backlog(Ages(0, 0, 0, 2)).said, "2 mails have been due for more than an hour."
    yield "none later", wellness.later(0).said, "No mail waits for its hour."
    yield "one later", wellness.later(1).said, "1 mail waits for its hour."
    yield "many later", wellness.later(11).said, "11 mails wait for their hour."


@situations("What failed")
def failed() -> Rows:
    yield "nothing", wellness.failures(0, 0).said, "All mails of the last seven days arrived."
    yield "one", wellness.failures(1, 0).said, "1 mail did not arrive."
    yield "two", wellness.failures(2, 0).said, "2 mails did not arrive."
    yield "one unsure", wellness.failures(0, 1).said, "Nobody knows whether 1 mail arrived."
    yield "both", wellness.failures(3, 1).said, "3 mails did not arrive, of 1 mail nobody knows."
    yield "both, many", wellness.failures(1, 11).said, "1 mail did not arrive, of 11 mails nobody knows."


@situations("The machine")
def machine() -> Rows:
    yield "no relay", wellness.relay("").said, "No mail relay is set: no mail can leave, no sign-in code either."
    yield "a relay", wellness.relay("10.0.0.5").said, "Mails leave by 10.0.0.5."
    yield (
        "a directory",
        wellness.relay("-", is_file=True).said,
        "Mails are written into a directory, and leave nowhere.",
    )
    zones = wellness.zones("2026.3", is_right=True).said
    yield "zones", zones, "They are of 2026.3 and know that Morocco is on UTC."
    yield (
        "old zones",
        wellness.zones("2025.1", is_right=False).said,
        "They are of 2025.1, and an hour wrong for Morocco.",
    )
    yield "room", wellness.disk(120 * GB, 500 * GB).said, "120 GB are free of 500 GB."
    yield "little room", wellness.disk(900_000_000, 20 * GB).said, "900 MB are free of 20 GB."
    yield "a database", wellness.database(3_460_000).said, "It takes 3.5 MB."
    yield "a large one", wellness.database(2 * GB).said, "It takes 2 GB."
    yield "no backup", wellness.backup(None, NOW).said, "This installation has made none."
    yield "a backup", wellness.backup(NOW - 7 * HOUR, NOW).said, "The last one was made 7 hours ago."
    yield (
        "a backup at an hour to come",
        wellness.backup(NOW + HOUR, NOW).said,
        "The last one was made less than a minute ago.",
    )
    yield "migrated", wellness.revision("0049", "0049").said, "The tables are as this version needs them (0049)."
    yield "not migrated", wellness.revision("0040", "0049").said, "The tables are at 0040; this version needs 0049."
    yield "a head", wellness.head(NOW.date(), NOW.date()).said, "Its head left the house on 27 November 2026."
    yield "no head", wellness.head(None, NOW.date()).said, "Its head has never left the house."
    yield "no mail came in", wellness.inbound(0, 0, 0).said, "No mail has come in yet."
    yield (
        "mails that came in",
        wellness.inbound(3, 1, 2).said,
        "3 mails were taken, 1 was not signed or not proven, 2 were set aside.",
    )
