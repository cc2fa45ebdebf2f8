"""What is said of a question: how long it waits, and what the mails about it say first."""

from app.domain.messages import N_, Counted, Message
from app.domain.questions import Side


def waiting(days: int) -> Message:
    """Since it was asked, while nobody has answered."""
    if not days:
        return Message(N_("Asked today, no answer yet"))
    return Counted("No answer for %(num)s day", "No answer for %(num)s days", days)


def head(to_answer: int, waiting_for: int) -> Message:
    """Above one's own open questions: those to answer come first."""
    asked = Counted("%(num)s question without an answer", "%(num)s questions without an answer", waiting_for)
    if not to_answer:
        return asked
    mine = Counted("%(num)s question to answer", "%(num)s questions to answer", to_answer)
    return Message(N_("%(first)s, %(then)s"), first=mine, then=asked) if waiting_for else mine


def subject_of_question(title: str) -> Message:
    return Message(N_("Question to answer: %(title)s"), title=title)


def subject_of_answer(title: str) -> Message:
    return Message(N_("Answer to your question: %(title)s"), title=title)


def opening_of_question(asked_by: Side, asker: str) -> Message:
    """`asker`: the post that asks, where it is a post."""
    if asked_by is Side.SECRETARIAT:
        return Message(N_("The secretariat of the programme has a question for your post."))
    return Message(N_("%(asker)s has a question for the secretariat."), asker=asker)


def opening_of_answer(asked_by: Side, answerer: str) -> Message:
    """`answerer`: the post that answers, where it is a post."""
    if asked_by is Side.OWNER:
        return Message(N_("The secretariat of the programme has answered the question of your post."))
    return Message(N_("%(answerer)s has answered the question of the secretariat."), answerer=answerer)
