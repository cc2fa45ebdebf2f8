"""The job that reads the mailbox: a mail is marked as read once what it changed is committed, and not before."""

import time
from collections import Counter

from app import db
from app.mail.inbound import imap
from app.mail.inbound.outcomes import TakenAs
from app.services.mailing import inbound

_SECONDS = 60  # then the next turn goes on


def take_all(url: str) -> Counter[str]:
    """How many came to what. Killed in between, a mail is seen again, and counts once.

    One that can't be taken stays unread and stops no other; then what it raised is raised.
    """
    counted, failed = Counter[str](), list[Exception]()
    with imap.MailboxReader(imap.read(url)) as mailbox:
        for number, raw in mailbox.unread(time.monotonic() + _SECONDS):
            try:
                with db.current().write() as session:
                    outcome = inbound.take(session, raw)
            except Exception as error:
                failed.append(error)
                continue
            counted[outcome] += 1
            if outcome is not TakenAs.LATER:
                mailbox.mark(number)
    if failed:
        raise failed[0]
    return counted
