"""What a mail server tells about a mail that it could not deliver (RFC 3464, and what others write instead)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain import bounces
from app.domain.bounces import Weight
from app.domain.texts import one_line
from app.mail.inbound import automatic
from app.mail.inbound.mime import InboundMail

_MOST_WORDS = 400
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_DELAYED = re.compile(
    r"delivery.{0,30}delayed|delayed.{0,30}(?:mail|message|delivery)|will (?:keep trying|be retried|retry)"
    r"|still being retried|warning: could not send|remise.{0,40}(?:retardée|différée)|nouvelle tentative|sera retenté",
    re.IGNORECASE,
)
_UNDELIVERED = re.compile(
    r"undeliver|could(?: not|n't) be delivered|(?:wasn't|was not|not) delivered|delivery.{0,30}fail|returned mail"
    r"|fail(?:ure|ed).{0,20}(?:notice|deliver)|non (?:remis|distribué|délivré)|échec.{0,40}(?:remise|envoi)"
    r"|échec.{0,40}distribution|n['’]a (?:pas )?pu être (?:remis|distribué|délivré|envoyé)"
    r"|تعذر (?:تسليم|إرسال|إيصال)|لم يتم (?:تسليم|إرسال)",
    re.IGNORECASE,
)
_ACTIONS = {"failed": "failed", "delayed": "delayed", "delivered": "", "relayed": "", "expanded": ""}
_FAILED_TOO = ("fail", "échec", "echec", "undeliver")


class DeliveryFate(StrEnum):
    """What became of a mail for one recipient."""

    FAILED = "failed"
    DELAYED = "delayed"  # it is still being tried
    PASSED = "passed"  # delivered, or handed on to where no word comes back from


@dataclass(frozen=True, slots=True)
class RecipientTold:
    """Of one recipient; the address as the server names it, empty where it names none."""

    address: str
    fate: DeliveryFate
    status: str = ""  # 5.1.1
    words: str = ""  # of the server that said it

    @property
    def weight(self) -> Weight:
        return bounces.weigh(self.status, self.words)


def read(letter: InboundMail) -> tuple[RecipientTold, ...]:
    """One for each recipient; empty where the mail is no report, or says nothing that is understood."""
    reports = (part.text for part in letter.parts if part.kind in _REPORTS)
    return next((found for text in reports if (found := tuple(_of_report(text)))), ()) or tuple(_in_sentences(letter))


def _of_report(text: str) -> Iterator[RecipientTold]:
    """The first block is about the mail as a whole, unless it names a recipient."""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))[:50]:
        fields = _fields(block)
        address = _typed(fields.get("original-recipient", "")) or _typed(fields.get("final-recipient", ""))
        if address or "action" in fields or "status" in fields:
            words = one_line(_after_type(fields.get("diagnostic-code", "")))[:_MOST_WORDS]
            status = _code(fields.get("status", "")) or _code(words) or _of_reply(words)
            yield RecipientTold(address, _fate(fields.get("action", ""), status), status, words)


def _fields(block: str) -> dict[str, str]:
    """By small name, folded lines joined; the first of a name is the one that holds."""
    found: dict[str, str] = {}
    for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
        if field := _FIELD.match(line):
            found.setdefault(field[1].lower(), field[2].strip())
    return found


def _after_type(value: str) -> str:
    """`smtp; 550 …` without its type."""
    kind, mark, rest = value.partition(";")
    return rest.strip() if mark and re.fullmatch(r"[\w-]{1,30}", kind.strip()) else value


def _typed(value: str) -> str:
    """The address of `rfc822;karim@example.ma`."""
    address = _after_type(value).strip("<> ").lower()
    return address if "@" in address and len(address) <= 254 else ""


def _fate(action: str, status: str) -> DeliveryFate:
    """By the action; where that is missing or none that there is, by the code: in doubt it is still being tried."""
    word = re.split(r"[\s(;]", action.strip().lower(), maxsplit=1)[0]
    if word in _ACTIONS:
        return DeliveryFate(_ACTIONS[word] or DeliveryFate.PASSED)
    if word.startswith(_FAILED_TOO):
        return DeliveryFate.FAILED
    return {"5": DeliveryFate.FAILED, "2": DeliveryFate.PASSED}.get(status[:1], DeliveryFate.DELAYED)


def _code(text: str) -> str:
    found = _STATUS.search(text)
    return found[1] if found else ""


def _of_reply(words: str) -> str:
    """A plain answer of three digits says of what kind it is, and no more."""
    found = _REPLY.search(words)
    return f"{found[1]}.0.0" if found else ""


def _in_sentences(letter: InboundMail) -> Iterator[RecipientTold]:
    """No report within: what is left is what the server wrote for people; of an answer by a person, nothing."""
    if not automatic.is_report(letter):
        return
    text = f"{letter.first('subject')}\n{letter.text() or letter.text('text/html')}"[:20_000]
    status = _code(text) or _of_reply(text)
    if _DELAYED.search(text):
        yield RecipientTold("", DeliveryFate.DELAYED, status)
    elif _UNDELIVERED.search(text) or bounces.in_words(text):
        yield RecipientTold("", DeliveryFate.FAILED, status, _line_that_says_it(text))


def _line_that_says_it(text: str) -> str:
    lines = [one_line(line) for line in text.split("\n") if line.strip()]
    telling = [line for line in lines[1:] if bounces.in_words(line) or _code(line) or _of_reply(line)]
    return (telling or lines)[0][:_MOST_WORDS]
