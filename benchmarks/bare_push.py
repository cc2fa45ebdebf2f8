"""The same finished bytes over as many kept connections to the same relay, and nothing else: no dispatcher beats it."""

import smtplib
import threading
import time
from collections.abc import Sequence

from app.mail.deposits import SentMail


def rate(mails: Sequence[SentMail], relay: str, lanes: int) -> float:
    host, port = relay.removeprefix("smtp://").split(":")

    def push(mine: Sequence[SentMail]) -> None:
        with smtplib.SMTP(host, int(port)) as smtp:
            for mail in mine:
                smtp.sendmail(mail.sender, [mail.recipient], mail.raw)

    pushing = [threading.Thread(target=push, args=(mails[lane::lanes],)) for lane in range(lanes)]
    started = time.perf_counter()
    for one in pushing:
        one.start()
    for one in pushing:
        one.join()
    return len(mails) / (time.perf_counter() - started)
