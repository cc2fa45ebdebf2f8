"""What a team chat is told."""

from app.domain.sentences import chat_notes
from tests.sentences.table import Rows, situations


@situations("A notice to a team chat")
def notices() -> Rows:
    yield "red", chat_notes.title(chat_notes.RED), "Tatbiq: reminders do not leave as they should."
    yield "green", chat_notes.title(chat_notes.GREEN), "Tatbiq: reminders leave as they should again."
    yield (
        "a trial",
        chat_notes.title(chat_notes.TRIAL),
        "Tatbiq: a trial. This chat is told when reminders do not leave.",
    )
