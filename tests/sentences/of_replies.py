"""Replies that came by mail: the mail that asks to confirm one."""

from app.domain.sentences import replies
from tests.sentences.table import Rows, situations


@situations("the mail about a reply")
def mails() -> Rows:
    yield "subject", replies.subject("B2"), "Confirm your reply: B2"
