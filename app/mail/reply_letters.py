"""What the e-mail about a reply that waits for its writer's confirmation is told, and the mail itself."""

from dataclasses import dataclass

from app.domain.sentences import replies
from app.mail import messages
from app.mail.letters import About
from app.mail.policy import Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWaiting(About):
    """To whoever wrote it; `key`: where it is confirmed or thrown away."""

    text: str
    days: int  # that it waits
    key: str


def reply_waiting(letter: ReplyWaiting) -> Mail:
    return messages.about("reply_waiting", letter, replies.subject)
