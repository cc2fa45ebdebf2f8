"""Whether a mail was written by a person: answers of machines are never taken for anybody's word (RFC 3834)."""

import re

from app.mail.inbound.mime import InboundMail

_SERVER = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|microsoftexchange[0-9a-f]{0,40}|mdaemon)@", re.IGNORECASE
)
_AWAY = re.compile(
    r"^\W{0,3}(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|vacation|away from (?:the )?office"
    r"|réponse automatique|reponse automatique|absence du bureau|absent(?:e)? du bureau|message d['’]absence|en congé"
    r"|رد تلقائي|رد آلي|جواب آلي|خارج المكتب|إجازة)",
    re.IGNORECASE,
)
_MACHINE = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply", "x-autoresponder")


def is_report(letter: InboundMail) -> bool:
    """Written by a mail server about a mail: it says so by its name, or nobody is to answer and it is no reply."""
    is_named = any(_SERVER.match(address) for address in letter.addresses("from", "sender", "return-path"))
    return is_named or (is_to_nobody(letter) and not is_reply(letter))


def is_to_nobody(letter: InboundMail) -> bool:
    """From the null sender, as whatever must not be answered."""
    return any(value.strip() == "<>" for value in letter.all("return-path"))


def is_reply(letter: InboundMail) -> bool:
    """The answer of somebody who is away, or of a machine in their place."""
    says = letter.first("auto-submitted").lower()
    if says.startswith("auto-replied") or any(letter.all(name) for name in _MACHINE):
        return True
    return bool(_AWAY.match(letter.first("subject")))


def is_automatic(letter: InboundMail) -> bool:
    """Whatever no person wrote: answers, reports, lists."""
    says = letter.first("auto-submitted").lower()
    is_listed = letter.first("precedence").lower() in {"bulk", "junk", "list", "auto_reply"} or letter.first("list-id")
    return is_reply(letter) or is_report(letter) or bool(is_listed) or says not in {"", "no"}
