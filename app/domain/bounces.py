"""What a mail that came back says of an address, and when an address counts as failing; nothing is parsed here."""

import datetime as dt
import math
import re
from enum import StrEnum


class Weight(StrEnum):
    """How much one mail that came back says against the address."""

    HARD = "hard"  # there is no such mailbox, or none any more
    SOFT = "soft"  # it may take the next one: full, unreachable, out of order
    POLICY = "policy"  # that mail was not wanted: its content, its size, or we


FAILING_ABOVE = 0.5  # so one that is hard suffices for a month, and of the others it takes three in a row
_COUNTS = {Weight.HARD: 1.0, Weight.SOFT: 0.25, Weight.POLICY: 0.25}
_HALF_LIFE = dt.timedelta(days=30)
_FORGOTTEN = 0.01

# RFC 3463: subject and detail. What is not here is judged by the words, and else by its subject.
_HARD = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.9", "1.10", "2.1", "4.4", "4.310"})
_POLICY = frozenset({"1.7", "1.8", "2.3", "3.4"})
_UNSAID = re.compile(r"0\.\d+|5\.\d+|4\.1|2\.0")  # said by servers that leave the meaning to their words
_POLICY_SUBJECTS = frozenset({"6", "7"})
_STATUS = re.compile(r"([245])\.(\d{1,3}\.\d{1,3})")
_UNKNOWN = re.compile(
    r"unknown user|user unknown|user (?:does not|doesn't) exist|no such (?:user|recipient|mailbox|address|person)"
    r"|(?:mailbox|recipient|address|account) (?:not found|unknown|does not exist|disabled|is disabled|no longer)"
    r"|invalid (?:recipient|mailbox)|recipient address rejected|not a valid (?:recipient|mailbox)"
    r"|(?:host|domain)(?: name)? (?:or domain name )?not found|unknown (?:recipient|mailbox|address|domain|host)"
    r"|(?:adresse|destinataire|domaine|utilisateur|compte) (?:e-mail )?(?:introuvable|inconnue?|inexistante?|invalide)"
    r"|n['’]existe (?:pas|plus)|n['’]a pas été trouvée?",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mailbox|quota|storage).{0,40}(?:full|exceeded)|over ?quota|(?:boîte|boite).{0,40}pleine|quota dépassé",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"spam|blacklist|blocklist|block(?:ed)? (?:list|by|using)|reputation|dmarc|\bspf\b|\bdkim\b|content rejected"
    r"|policy|too large|indésirable|liste noire|politique de sécurité|trop volumineux",
    re.IGNORECASE,
)


def weigh(status: str, words: str) -> Weight:
    """Of a failure for good, by its code (RFC 3463) and what the server said; in doubt it is soft."""
    found = _STATUS.match(status)
    detail = found[2] if found else "0.0"
    if _UNSAID.fullmatch(detail):
        return in_words(words) or Weight.SOFT
    if detail in _HARD:
        return Weight.HARD
    if detail in _POLICY or detail.partition(".")[0] in _POLICY_SUBJECTS:
        return Weight.POLICY
    return Weight.SOFT


def in_words(words: str) -> Weight | None:
    """What the sentence of a server means; None where it says nothing that is known."""
    if _FULL.search(words):
        return Weight.SOFT
    if _UNWANTED.search(words):
        return Weight.POLICY
    return Weight.HARD if _UNKNOWN.search(words) else None


def decayed(score: float, since: dt.datetime, now: dt.datetime) -> float:
    """Half of it after thirty days; never more than it was, whatever a clock says."""
    half_lives = max(now - since, dt.timedelta()) / _HALF_LIFE
    return score / math.pow(2.0, min(half_lives, 1000.0))


def added(score: float, since: dt.datetime, now: dt.datetime, weight: Weight) -> float:
    return decayed(score, since, now) + _COUNTS[weight]


def is_failing(score: float) -> bool:
    return score > FAILING_ABOVE


def is_forgotten(score: float) -> bool:
    """So little that the row may go."""
    return score < _FORGOTTEN
