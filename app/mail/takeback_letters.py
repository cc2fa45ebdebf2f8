"""What the e-mail about a closure that was taken back is told."""

from dataclasses import dataclass

from app.mail.letters import About


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureTakenBack(About):
    """To whoever owed an action that ended with its recommendation, and stays ended."""

    reason: str
