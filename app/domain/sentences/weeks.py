"""What a weekly digest says of an organisation and of the whole: counts, headings, and how far it is."""

from app.domain.digest_shapes import DigestShape
from app.domain.messages import N_, Counted, Message, stopped
from app.domain.sentences import progress
from app.domain.sentences.phrases import Phrase

# Short in a subject, which a phone cuts at 45 characters; whole over the list.
PHRASES = {
    "body_requests": Phrase(
        lambda n: Counted("%(num)s request waits for you", "%(num)s requests wait for you", n),
        heading=lambda n: Counted(
            "%(num)s request for more time waits for you", "%(num)s requests for more time wait for you", n
        ),
    ),
    "body_blocked": Phrase(
        lambda n: Counted("%(num)s blocked in your services", "%(num)s blocked in your services", n),
        heading=lambda n: Counted(
            "%(num)s action of your organisation blocked", "%(num)s actions of your organisation blocked", n
        ),
    ),
    "body_overdue": Phrase(
        lambda n: Counted("%(num)s overdue in your services", "%(num)s overdue in your services", n),
        heading=lambda n: Counted(
            "%(num)s action of your organisation overdue", "%(num)s actions of your organisation overdue", n
        ),
    ),
    "body_due": Phrase(
        lambda n: Counted("%(num)s due in your services", "%(num)s due in your services", n),
        heading=lambda n: Counted(
            "%(num)s action of your organisation due within 7 days",
            "%(num)s actions of your organisation due within 7 days",
            n,
        ),
    ),
    "vacant": Phrase(lambda n: Counted("%(num)s post without a holder", "%(num)s posts without a holder", n)),
    "body_changed": Phrase(
        lambda n: Counted("%(num)s change in your services", "%(num)s changes in your services", n),
        heading=lambda n: Counted("%(num)s change in your organisation", "%(num)s changes in your organisation", n),
    ),
    "stuck": Phrase(lambda n: Counted("%(num)s action blocked", "%(num)s actions blocked", n)),
    "long_overdue": Phrase(
        lambda n: Counted("%(num)s overdue over 30 days", "%(num)s overdue over 30 days", n),
        heading=lambda n: Counted(
            "%(num)s action overdue for more than 30 days", "%(num)s actions overdue for more than 30 days", n
        ),
    ),
    "moved": Phrase(lambda n: Counted("%(num)s action moved", "%(num)s actions moved", n)),
}
_PARTS = {
    DigestShape.OWNER: N_("What is yours to do"),
    DigestShape.MANAGER: N_("Your organisation"),
    DigestShape.SECRETARIAT: N_("At the follow-up desk"),
    DigestShape.OBSERVER: N_("The whole"),
}


def part(shape: DigestShape) -> Message:
    """Over its sections, where a week has several shapes."""
    return Message(_PARTS[shape])


def opening(counts: str, *, is_all: bool) -> Message:
    """The first sentence."""
    if is_all:
        return Message("This week: %(counts)s.", counts=counts)
    return Message("This week: %(counts)s, and more.", counts=counts)


def why_of_several() -> Message:
    return Message("You receive this mail once a week, for all your posts and roles together.")


def only_figures() -> Message:
    """What the subject and the first sentence count where nothing happened but that the figures moved."""
    return Message("the figures have moved")


def figures(done: int, total: int, *, is_of_actions: bool, before: tuple[int, int] | None) -> list[Message]:
    """How far it is, and how far it was when the last digest told it: both as counts, from which nothing is rounded."""
    if is_of_actions:
        said = [Message("Actions it leads: %(total)s, of which verified: %(done)s.", total=total, done=done)]
    else:
        said = [stopped(progress.implemented_of(done, total))]
        said += progress.beside(share=done / total if total else None, partial=0, disputed=0, outside=0)
    if before is None:
        return said
    if before == (done, total):
        return [*said, Message("The same as in the last digest.")]
    return [*said, Message("In the last digest: %(done)s of %(total)s.", done=before[0], total=before[1])]
