"""The e-mails: one function each, from a letter to a `Mail`; the words are in templates/mail/<name>."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from app.domain import mail_sentences, proposal_sentences, takebacks
from app.domain.messages import Message
from app.domain.sentences import questions
from app.domain.sentences.indicators import AWAITED
from app.mail import letters, question_letters, request_letters, several, subject_lines
from app.mail.acting_letters import Acting, ActingHandover, Handover
from app.mail.bodies import bodies
from app.mail.invitation_letters import InvitationLetter
from app.mail.joint_letters import JointChanges
from app.mail.part_letters import PartAsked
from app.mail.policy import Mail
from app.mail.proposal_letters import Proposed
from app.mail.recorded import RecordedLetter
from app.mail.subject_lines import Sentence
from app.mail.takeback_letters import ClosureTakenBack
from app.wording import say_text

Letter = letters.Letter | Acting | Handover | InvitationLetter | Proposed
ROWS = 10  # of a list that has an end


def sign_in(letter: letters.SignInLetter) -> Mail:
    return _mail("sign_in", letter, _subject("sign_in", letter, ""))


def invitation(letter: InvitationLetter) -> Mail:
    return _mail("invitation", letter, _subject("invitation", letter, ""))


def action_assigned(letter: letters.Assigned) -> Mail:
    return _about("action_assigned", letter, ladder=several.mornings(letter.ladder))


def action_reassigned(letter: letters.Reassigned) -> Mail:
    return _about("action_reassigned", letter, ladder=several.mornings(letter.ladder))


def handover(letter: Handover) -> Mail:
    subject = _subject("handover_acting" if isinstance(letter, ActingHandover) else "handover", letter, letter.to.post)
    return _mail("handover", letter, subject, letter.items, most=ROWS)


def acting(letter: Acting) -> Mail:
    """Named to act for a holder, or named no more."""
    name = "acting_withdrawn" if letter.is_off else "acting_named"
    return _mail("acting", letter, _subject(name, letter, letter.post))


def changed_together(letter: JointChanges) -> Mail:
    """Several changes of one bulk edit, to one person."""
    section = letters.LetterSection(items=letter.items, total=letter.total)
    subject = subject_lines.counted("changed_together", letter.to.lang, (("changed", section.count),))
    return _mail("changed_together", letter, subject, letter.items, section=section, most=ROWS)


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
    return _about("deadline_moved", letter, partial(mail_sentences.subject_of_deadline, letter.item.due_on))


def extension_asked(letter: request_letters.ExtensionAsked) -> Mail:
    said = mail_sentences.opening_of_request(letter.asker, letter.until, may_decide=letter.may_decide)
    return _about("extension_asked", letter, opening=[say_text(one, letter.to.lang) for one in said])


def extension_decided(letter: request_letters.ExtensionDecided) -> Mail:
    sentence = partial(mail_sentences.subject_of_decision, letter.granted_on)
    opening = mail_sentences.opening_of_decision(letter.until, letter.granted_on)
    return _about("extension_decided", letter, sentence, opening=say_text(opening, letter.to.lang))


def question_asked(letter: question_letters.QuestionAsked) -> Mail:
    opening = questions.opening_of_question(letter.asked_by, letter.asker)
    return _about("question_asked", letter, questions.subject_of_question, opening=say_text(opening, letter.to.lang))


def question_answered(letter: question_letters.QuestionAnswered) -> Mail:
    opening = questions.opening_of_answer(letter.asked_by, letter.answerer)
    return _about("question_answered", letter, questions.subject_of_answer, opening=say_text(opening, letter.to.lang))


def action_ended(letter: letters.Ended) -> Mail:
    return _about("action_ended", letter, partial(mail_sentences.subject_of_end, letter.item.state))


def closure_taken_back(letter: ClosureTakenBack) -> Mail:
    return _about("closure_taken_back", letter, takebacks.subject)


def part_asked(letter: PartAsked) -> Mail:
    return _about("part_asked", letter)


def part_moved(letter: PartAsked) -> Mail:
    return _about("part_moved", letter)


def part_ended(letter: letters.Moved) -> Mail:
    return _about("part_ended", letter)


def recorded_on_behalf(letter: RecordedLetter) -> Mail:
    return _about("recorded_on_behalf", letter)


def no_holder(letter: letters.NoHolder) -> Mail:
    subject = _subject("no_holder", letter, letter.post)
    return _mail("no_holder", letter, subject, letter.items)


def undeliverable(letter: letters.Undeliverable) -> Mail:
    return _mail("undeliverable", letter, _subject("undeliverable", letter, letter.who))


def proposal_moved(letter: Proposed) -> Mail:
    sentence = partial(proposal_sentences.subject_of_proposal, any(one.ask for one in letter.moves))
    return _mail("proposal_moved", letter, _subject("proposal_moved", letter, letter.title, letter.ref, sentence))


def reminder(letter: letters.Several) -> Mail:
    """To the holder, at most one a morning: one action by its title, several by their counts."""
    kinds, states = several.kinds(letter), [item.state for item in letter.lines]
    counts, of_milestone = (
        subject_lines.said(letter.to.lang, several.by_kind(letter, kinds)),
        bool(letter.items[0].milestone_of),
    )
    opening = mail_sentences.opening_of_reminder(states, counts, of_milestone=of_milestone)
    return _several("reminder", letter, kinds, AWAITED if kinds == ["value"] else opening)


def escalation(letter: letters.Escalation) -> Mail:
    """To the manager or the secretariat: what others owe."""
    opening = mail_sentences.opening_of_escalation(letter.audience, len(letter.items))
    return _several("escalation", letter, several.kinds(letter), opening)


def verification_waiting(letter: letters.Several) -> Mail:
    opening = mail_sentences.opening_of_verification(len(letter.items))
    return _several("verification_waiting", letter, ["verification"] * len(letter.lines), opening)


def _about(name: str, letter: letters.About, sentence: Sentence | None = None, **context: object) -> Mail:
    item = letter.item
    subject = _subject(name, letter, item.title, item.ref, sentence)
    return _mail(name, letter, subject, letter.items, item=item, **context)


def _several(name: str, letter: letters.Several, kinds: Sequence[str], opening: Message) -> Mail:
    """A programme that several actions share is said once, above them."""
    if len(letter.lines) == 1:
        [item] = letter.items
        late, left = item.days_late(letter.today), item.days_left(letter.today)
        sentence = partial(mail_sentences.subject_of_one, kinds[0], late, left)
        subject = _subject(name, letter, item.title, item.ref, sentence)
    else:
        subject = subject_lines.counted(name, letter.to.lang, several.by_kind(letter, kinds))
    programme = _programme(letter.items) if len(letter.items) > 1 else ""
    items = [replace(item, programme="") for item in letter.items] if programme else letter.items
    said = say_text(opening, letter.to.lang)
    return _mail(name, letter, subject, letter.items, items=items, opening=said, programme=programme)


def _subject(name: str, letter: Letter, title: str, ref: str = "", sentence: Sentence | None = None) -> str:
    return subject_lines.about(sentence or partial(mail_sentences.subject, name), letter.to.lang, title, ref)


def _mail(
    name: str,
    letter: Letter,
    subject: str,
    about: Sequence[letters.Item] = (),
    **context: object,
) -> Mail:
    to = letter.to
    text, html = bodies(name, to.lang, to.why, letter=letter, to=to, subject=subject, **context)
    threads = tuple(dict.fromkeys(item.ref for item in about if item.ref))
    return Mail(to.address, subject, text, html, to.lang, name, to.name, threads, sender_name=_programme(about))


def _programme(items: Sequence[letters.Item]) -> str:
    """The one programme that all of it belongs to, or nothing."""
    found = {item.programme for item in items}
    return found.pop() if len(found) == 1 else ""


about = _about  # for a letter whose mail stands beside it
