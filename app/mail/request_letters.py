"""What the e-mails about a request for more time are told."""

from dataclasses import dataclass
from datetime import date

from app.mail.letters import About


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(About):
    """To who endorses or decides; `asker`: the post in whose name it is asked."""

    asker: str
    until: date
    reason: str
    may_decide: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDecided(About):
    """To who asked; without `granted_on` it was refused, and the deadline stays."""

    until: date
    granted_on: date | None = None
    reason: str = ""
