"""What the e-mails about a question and its answer are told."""

from dataclasses import dataclass

from app.domain.questions import Side
from app.mail.letters import About


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(About):
    """To the side that answers; `asker`: the post that asks, where it is a post; `key`: where it is answered."""

    asked_by: Side
    asker: str
    text: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(About):
    """To the side that asked; `answerer`: the post that answers, where it is a post."""

    asked_by: Side
    answerer: str
    question: str
    text: str
