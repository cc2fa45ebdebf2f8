"""The words of a mail that a person wrote: its text, or what its HTML says; attachments are not looked at."""

import html
import re

from app.domain import replies
from app.mail.inbound.mime import InboundMail

_MOST = 100_000
_HIDDEN = ("head", "style", "script")
_QUOTE = re.compile(
    r"<blockquote\b|<div[^<>]{0,300}(?:gmail_quote|divRplyFwdMsg|yahoo_quoted|moz-cite-prefix|appendonsend)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def own_words(mail: InboundMail) -> str:
    """Without what the mail quotes; empty where nothing is left."""
    text = mail.text()
    return replies.own_words(text if text.strip() else _said(mail.text("text/html")))


def _said(source: str) -> str:
    some = source[:_MOST]
    for name in _HIDDEN:
        some = _without(some, name)
    quote = _QUOTE.search(some)
    some = some[: quote.start()] if quote else some
    lines = _BREAK.sub("\n", " ".join(some.split()))
    plain = html.unescape(_TAG.sub("", lines)).replace("\u00a0", " ")
    return "\n".join(line.strip() for line in plain.split("\n"))


def _without(source: str, name: str) -> str:
    """No element of this name; where one has no end, nothing of what follows."""
    kept, small, place = [], source.lower(), 0
    while (start := small.find(f"<{name}", place)) >= 0:
        kept.append(source[place:start])
        end = small.find(f"</{name}", start)
        place = len(source) if end < 0 else end + len(name) + 3
    return " ".join([*kept, source[place:]])
