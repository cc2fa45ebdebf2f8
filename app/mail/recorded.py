"""What the e-mail about something recorded on behalf is told."""

from dataclasses import dataclass

from app.domain.messages import Message
from app.mail.letters import About


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLetter(About):
    """To the holder of the post in whose name it was recorded."""

    said: Message  # what it was recorded as
    note: str = ""
