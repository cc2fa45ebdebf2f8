"""Questions about an action: how long one waits, what stands above them, what the mails about them say first."""

from app.domain.questions import Side
from app.domain.sentences import questions
from tests.sentences.table import Rows, situations


@situations("how long a question waits")
def waiting() -> Rows:
    yield "today", questions.waiting(0), "Asked today, no answer yet"
    yield "yesterday", questions.waiting(1), "No answer for 1 day"
    yield "two days", questions.waiting(2), "No answer for 2 days"
    yield "many days", questions.waiting(40), "No answer for 40 days"


@situations("above one's own open questions")
def head() -> Rows:
    yield "one to answer", questions.head(1, 0), "1 question to answer"
    yield "one asked", questions.head(0, 1), "1 question without an answer"
    yield "both", questions.head(2, 3), "2 questions to answer, 3 questions without an answer"


@situations("the mails about a question")
def mails() -> Rows:
    yield "subject: asked", questions.subject_of_question("B2"), "Question to answer: B2"
    yield "subject: answered", questions.subject_of_answer("B2"), "Answer to your question: B2"
    yield (
        "asked by the secretariat",
        questions.opening_of_question(Side.SECRETARIAT, "P1 · C1"),
        "The secretariat of the programme has a question for your post.",
    )
    yield (
        "asked by a post",
        questions.opening_of_question(Side.OWNER, "P1 · C1"),
        "P1 · C1 has a question for the secretariat.",
    )
    yield (
        "answered by a post",
        questions.opening_of_answer(Side.SECRETARIAT, "P1 · C1"),
        "P1 · C1 has answered the question of the secretariat.",
    )
    yield (
        "answered by the secretariat",
        questions.opening_of_answer(Side.OWNER, "P1 · C1"),
        "The secretariat of the programme has answered the question of your post.",
    )
