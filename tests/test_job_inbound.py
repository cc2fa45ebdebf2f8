"""The job that reads the mailbox: what it has dealt with is marked, and nothing else, whatever happens in between."""

import pytest
from sqlmodel import Session

from app import clock
from app.db import Database
from app.jobs import inbound as job
from app.jobs import table
from app.mail.inbound.imap import MailboxAway
from app.mail.inbound.outcomes import TakenAs
from app.models.notifications import Delivery
from app.queries.mailing import inbound_counts
from app.services.mailing import inbound
from tests.cli.test_inbound import become, sender, states
from tests.fixtures.settings import Configure
from tests.mail.inbound import dsns
from tests.mail.inbound.mailboxes import FakeMailbox, serving
from tests.services.mailing.test_bounces import SENT_AT

__all__ = ["sender"]


def test_the_job_reads_the_mailbox_and_marks_what_it_has_dealt_with(
    database: Database, sender: str, configure: Configure
) -> None:
    mails = {1: b"From: somebody@x.ma\r\n\r\nno report", 2: dsns.postfix(to=sender).replace(b"\n", b"\r\n")}
    with serving(FakeMailbox(mails=mails)) as box, clock.at(SENT_AT):
        configure(inbound_url=box.url)
        done = table.take_inbound(table.Occasion(SENT_AT))

    assert done.other == {"unsigned": 1, "recorded": 1}
    assert box.seen == [1, 2]
    assert states(database) == [Delivery.BOUNCED]


def test_killed_before_the_mark_the_mail_is_read_again_and_counts_once(database: Database, sender: str) -> None:
    with serving(FakeMailbox(mails={2: dsns.postfix(to=sender)}, broken={"STORE": ""})) as box, clock.at(SENT_AT):
        with pytest.raises(MailboxAway):
            job.take_all(box.url)
        assert box.seen == []
        box.broken.clear()

        assert job.take_all(box.url) == {"known": 1}

    assert states(database) == [Delivery.BOUNCED]


def test_a_mail_that_cannot_be_taken_now_stays_unread_and_stops_no_other(
    database: Database, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = inbound.take

    def broken(session: Session, raw: bytes) -> TakenAs:
        if b"poison" in raw:
            raise OSError("the disk is full")
        return take(session, raw)

    mails = {1: b"From: a@x.ma\r\n\r\npoison", 2: dsns.postfix(to=sender)}
    with serving(FakeMailbox(mails=mails)) as box:
        monkeypatch.setattr("app.services.mailing.inbound.take", broken)
        with pytest.raises(OSError, match="full"):
            job.take_all(box.url)

    assert box.seen == [2]
    assert states(database) == [Delivery.BOUNCED]


def test_a_report_that_overtakes_its_mail_stays_unread_until_that_has_left(database: Database, sender: str) -> None:
    with serving(FakeMailbox(mails={2: dsns.postfix(to=sender)})) as box:
        become(database, Delivery.CLAIMED)
        assert job.take_all(box.url) == {TakenAs.LATER: 1}
        assert (box.seen, counted(database)) == ([], {})

        become(database, Delivery.SENT)
        assert job.take_all(box.url) == {TakenAs.RECORDED: 1}
        assert (box.seen, counted(database)) == ([2], {TakenAs.RECORDED: 1})


def counted(database: Database) -> dict[str, int]:
    with database.read() as session:
        return dict(inbound_counts.all_time(session).by_outcome)
