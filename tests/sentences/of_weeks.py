"""Weekly digests: counts for a subject, headings over the lists, and how far the whole is."""

from app.domain import mail_sentences
from app.domain.digest_shapes import SECTIONS, DigestShape
from app.domain.sentences import weeks
from tests.sentences.table import Rows, situations

COUNTED = {
    "body_requests": ("1 request waits for you", "2 requests for more time wait for you"),
    "body_blocked": ("1 blocked in your services", "2 actions of your organisation blocked"),
    "body_overdue": ("1 overdue in your services", "2 actions of your organisation overdue"),
    "body_due": ("1 due in your services", "2 actions of your organisation due within 7 days"),
    "vacant": ("1 post without a holder", "2 posts without a holder"),
    "body_changed": ("1 change in your services", "2 changes in your organisation"),
    "stuck": ("1 action blocked", "2 actions blocked"),
    "long_overdue": ("1 overdue over 30 days", "2 actions overdue for more than 30 days"),
    "moved": ("1 action moved", "2 actions moved"),
}


@situations("sections of a week")
def counts() -> Rows:
    for name in (*SECTIONS[DigestShape.MANAGER], *SECTIONS[DigestShape.OBSERVER]):
        short, heading = COUNTED[name]
        yield f"{name}: counted", mail_sentences.counted([(name, 1)]), short
        yield f"{name}: over its list", mail_sentences.heading(name, 2), heading


@situations("parts of a week")
def parts() -> Rows:
    yield "of who owes", weeks.part(DigestShape.OWNER), "What is yours to do"
    yield "of a manager", weeks.part(DigestShape.MANAGER), "Your organisation"
    yield "of a secretariat", weeks.part(DigestShape.SECRETARIAT), "At the follow-up desk"
    yield "of an observer", weeks.part(DigestShape.OBSERVER), "The whole"
    yield (
        "why it comes",
        weeks.why_of_several(),
        ("You receive this mail once a week, for all your posts and roles together."),
    )
    yield "the first sentence", weeks.opening("▲ 2", is_all=True), "This week: ▲ 2."
    yield "of more", weeks.opening("▲ 2", is_all=False), "This week: ▲ 2, and more."
    yield "only the figures moved", weeks.only_figures(), "the figures have moved"


@situations("how far the whole is")
def figures() -> Rows:
    now = "12 of 60 recommendations are implemented. Implementation rate: 20%."
    yield "told for the first time", weeks.figures(12, 60, is_of_actions=False, before=None), now
    yield (
        "more than the week before",
        weeks.figures(12, 60, is_of_actions=False, before=(10, 58)),
        f"{now} In the last digest: 10 of 58.",
    )
    yield (
        "as the week before",
        weeks.figures(12, 60, is_of_actions=False, before=(12, 60)),
        f"{now} The same as in the last digest.",
    )
    yield (
        "nothing to implement",
        weeks.figures(0, 0, is_of_actions=False, before=None),
        "Nothing is there to implement yet.",
    )
    yield (
        "of an organisation",
        weeks.figures(3, 8, is_of_actions=True, before=None),
        "Actions it leads: 8, of which verified: 3.",
    )
