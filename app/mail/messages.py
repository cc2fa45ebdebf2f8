"""The e-mails: one function each, from a letter to a `Mail`; the words are in templates/mail/<name>."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.ladder import LADDER, Anchor, Audience, Step
from app.domain.workflow import State
from app.mail import letters, subject_lines
from app.mail.html import bodies
from app.mail.letters import Section
from app.mail.policy import Mail

ROWS = 10  # of a section of a digest
_UNLESS_CONFIRMED = {rung.key for rung in LADDER if rung.anchor is Anchor.ASSIGNED}


def sign_in(letter: letters.SignIn) -> Mail:
    return _mail("sign_in", letter, subject_lines.about("sign_in", letter.to.lang, "", ""))


def action_assigned(letter: letters.Assigned) -> Mail:
    return _about("action_assigned", letter, ladder=_mornings(letter.ladder))


def action_reassigned(letter: letters.Reassigned) -> Mail:
    return _about("action_reassigned", letter, ladder=_mornings(letter.ladder))


def handover(letter: letters.Handover) -> Mail:
    subject = subject_lines.about("handover", letter.to.lang, letter.to.post, "")
    return _mail("handover", letter, subject, letter.open.items, most=ROWS)


def link_moved(letter: letters.Moved) -> Mail:
    return _about("link_moved", letter)


def action_returned(letter: letters.Returned) -> Mail:
    return _about("action_returned", letter)


def action_submitted(letter: letters.Submitted) -> Mail:
    return _about("action_submitted", letter)


def action_verified(letter: letters.Verified) -> Mail:
    return _about("action_verified", letter)


def action_declined(letter: letters.Declined) -> Mail:
    return _about("action_declined", letter)


def action_blocked(letter: letters.Blocked) -> Mail:
    return _about("action_blocked", letter)


def action_reopened(letter: letters.Reopened) -> Mail:
    return _about("action_reopened", letter)


def deadline_moved(letter: letters.DeadlineMoved) -> Mail:
    return _about("deadline_moved", letter)


def action_ended(letter: letters.Ended) -> Mail:
    return _about("action_ended", letter)


def no_holder(letter: letters.NoHolder) -> Mail:
    subject = subject_lines.about("no_holder", letter.to.lang, letter.post, "")
    return _mail("no_holder", letter, subject, letter.items)


def undeliverable(letter: letters.Undeliverable) -> Mail:
    return _mail("undeliverable", letter, subject_lines.about("undeliverable", letter.to.lang, letter.who, ""))


def reminder(letter: letters.Several) -> Mail:
    """To the holder, at most one a morning: one action by its title, several by their counts."""
    return _several("reminder", letter, [_pressing(item, letter.today) for item in letter.items])


def escalation(letter: letters.Escalation) -> Mail:
    """To the manager or the secretariat: what others owe."""
    return _several("escalation", letter, [_pressing(item, letter.today) for item in letter.items])


def verification_waiting(letter: letters.Several) -> Mail:
    return _several("verification_waiting", letter, ["verification"] * len(letter.items))


def digest_owner(letter: letters.OwnerDigest) -> Mail:
    sections = {
        "overdue": letter.overdue, "due": letter.due, "waiting": letter.waiting, "changed": letter.changed,
    }  # fmt: skip
    return _digest("digest_owner", letter, sections)


def digest_secretariat(letter: letters.SecretariatDigest) -> Mail:
    sections = {
        "verification": letter.verification, "requests": letter.requests,
        "silence": letter.silence, "failures": letter.failures,
    }  # fmt: skip
    return _digest("digest_secretariat", letter, sections)


def _about(name: str, letter: letters.About, **context: object) -> Mail:
    item, lang = letter.item, letter.to.lang
    subject = subject_lines.about(name, lang, item.title, item.ref, letter=letter, item=item)
    return _mail(name, letter, subject, letter.items, item=item, **context)


def _several(name: str, letter: letters.Several, kinds: Sequence[str]) -> Mail:
    lang, counts = letter.to.lang, tuple(Counter(sorted(kinds, key=subject_lines.ORDER.index)).items())
    sentence = subject_lines.joined(lang, subject_lines.spoken(lang, counts))
    if len(letter.items) == 1:
        [item] = letter.items
        subject = subject_lines.about(name, lang, item.title, item.ref, letter=letter, item=item, kind=kinds[0])
    else:
        subject = subject_lines.counted(name, lang, counts)
    return _mail(name, letter, subject, letter.items, items=letter.items, counts=sentence)


def _digest(name: str, letter: letters.OwnerDigest | letters.SecretariatDigest, sections: dict[str, Section]) -> Mail:
    lang, counts = letter.to.lang, tuple((key, section.count) for key, section in sections.items())
    mail = _mail(
        name, letter, subject_lines.counted(name, lang, counts),
        counts=subject_lines.joined(lang, subject_lines.spoken(lang, counts)),
        sections={key: section for key, section in sections.items() if section.items}, most=ROWS,
    )  # fmt: skip
    return replace(mail, unsubscribe=letter.unsubscribe)


def _mail(
    name: str, letter: letters.Letter, subject: str, about: Sequence[letters.Item] = (), **context: object
) -> Mail:
    """Digests carry no thread: they would tie everything a person ever got into one conversation."""
    to = letter.to
    text, html = bodies(name, to.lang, letter=letter, to=to, subject=subject, **context)
    threads = tuple(dict.fromkeys(item.ref for item in about if item.ref))
    return Mail(to.address, subject, text, html, to.lang, name, to.name, threads)


def _pressing(item: letters.Item, today: date) -> str:
    """What a reminder is about, under one word."""
    if item.days_late(today):
        return "overdue"
    if item.milestone_of:
        return "due"
    if item.state is State.BLOCKED:
        return "blocked"
    if item.state is State.SUBMITTED:
        return "verification"
    return "confirm" if item.state is State.ASSIGNED else "due"


def _mornings(ladder: Sequence[Step]) -> list[tuple[date, list[Audience], bool, bool]]:
    """The announced steps by day: who hears, whether it goes on every week, and whether only silence brings it."""
    days: dict[tuple[date, bool], list[Step]] = {}
    for step in sorted(ladder, key=lambda step: step.on):
        days.setdefault((step.on, step.rung in _UNLESS_CONFIRMED), []).append(step)
    return [
        (on, [step.audience for step in steps], any(step.weekly for step in steps), unless_confirmed)
        for (on, unless_confirmed), steps in days.items()
    ]
