"""What the mail about a reply that waits says."""

from app.domain.messages import N_, Message


def subject(title: str) -> Message:
    return Message(N_("Confirm your reply: %(title)s"), title=title)
