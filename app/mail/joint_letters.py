"""What the e-mail about a bulk edit is told."""

from dataclasses import dataclass

from app.mail.letters import Several


@dataclass(frozen=True, slots=True, kw_only=True)
class JointChanges(Several):
    """The first of the changed actions, each with what changed in its note; `total`: how many there are."""

    total: int
    reason: str = ""
