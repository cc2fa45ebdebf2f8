"""What a team chat is told: that reminders stand or go again, never of whom or what."""

from app.domain.messages import Message

RED, GREEN, TRIAL = "followup_red", "followup_green", "trial"


def title(kind: str) -> Message:
    if kind == RED:
        return Message("Tatbiq: reminders do not leave as they should.")
    if kind == GREEN:
        return Message("Tatbiq: reminders leave as they should again.")
    return Message("Tatbiq: a trial. This chat is told when reminders do not leave.")
