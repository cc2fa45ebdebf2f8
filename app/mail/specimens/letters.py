"""One letter of each kind for a language, from example facts: what tests look at and administrators preview."""

import datetime as dt
from collections.abc import Callable

from app import wording
from app.domain import on_behalf
from app.domain.ladder import Audience
from app.domain.messages import Message
from app.domain.on_behalf import CameBy
from app.domain.questions import Side
from app.domain.sentences import joint_changes
from app.domain.workflow import State, Verb
from app.mail import letters, messages, part_letters, question_letters, reply_letters, request_letters
from app.mail.acting_letters import Acting, Handover
from app.mail.joint_letters import JointChanges
from app.mail.letters import LetterSection
from app.mail.policy import Mail
from app.mail.recorded import RecordedLetter
from app.mail.specimens import outside, weeks
from app.mail.specimens.facts import BASE, NOTES, POSTS, TITLES, TODAY, announced, item, reader, several, whole
from app.mail.takeback_letters import ClosureTakenBack


def about(lang: str) -> dict[str, object]:
    return {"to": reader(lang), "today": TODAY, "item": whole(lang)}


def acting(lang: str, *, is_off: bool = False) -> Acting:
    post, holder = reader(lang).post, "عمر" if lang == "ar" else "Omar"
    return Acting(
        to=reader(lang), today=TODAY, post=post, holder=holder, from_on=TODAY, until_on=TODAY, note=NOTES[lang],
        is_off=is_off,
    )  # fmt: skip


def changed(lang: str, rows: int = 10) -> JointChanges:
    notes = [wording.say_text(joint_changes.change(kind, TODAY), lang) for kind in sorted(joint_changes.KINDS)]
    items = tuple(item(lang, n, n, note=notes[n % len(notes)]) for n in range(1, rows + 1))
    return JointChanges(to=reader(lang), today=TODAY, items=items, total=rows + 4, reason=NOTES[lang])


LETTERS: dict[str, Callable[[str], Mail]] = {
    **outside.LETTERS,
    "changed_together": lambda lang: messages.changed_together(changed(lang)),
    "action_assigned": lambda lang: messages.action_assigned(
        letters.Assigned(
            to=reader(lang),
            today=TODAY,
            item=whole(lang),
            ladder=announced(),
            note=NOTES[lang],
            acknowledge=f"{BASE}/{lang}/u/k?s=acknowledge",
            decline=f"{BASE}/{lang}/u/k?s=decline",
        )
    ),
    "action_reassigned": lambda lang: messages.action_reassigned(
        letters.Reassigned(
            to=reader(lang), today=TODAY, item=whole(lang), note=NOTES[lang], former=POSTS[lang][0], ladder=announced()
        )
    ),
    "link_moved": lambda lang: messages.link_moved(
        letters.Moved(to=reader(lang), today=TODAY, item=item(lang, answers=None), reason=NOTES[lang])
    ),
    "action_returned": lambda lang: messages.action_returned(
        letters.Returned(to=reader(lang), today=TODAY, item=whole(lang), reason=NOTES[lang])
    ),
    "action_submitted": lambda lang: messages.action_submitted(
        letters.Submitted(
            to=reader(lang),
            today=TODAY,
            item=whole(lang),
            note=NOTES[lang],
            documents=2,
            open_parts=((POSTS[lang][1], Message("It has confirmed its part")),),
        )
    ),
    "action_verified": lambda lang: messages.action_verified(
        letters.Verified(to=reader(lang), today=TODAY, item=item(lang, state=State.VERIFIED, answers=None))
    ),
    "action_declined": lambda lang: messages.action_declined(
        letters.Declined(to=reader(lang), today=TODAY, item=item(lang, state=State.DECLINED), reason=NOTES[lang])
    ),
    "action_blocked": lambda lang: messages.action_blocked(
        letters.Blocked(to=reader(lang), today=TODAY, item=several(lang)[1], note=NOTES[lang])
    ),
    "recorded_on_behalf": lambda lang: messages.recorded_on_behalf(
        RecordedLetter(
            **about(lang),  # type: ignore[arg-type]
            came=on_behalf.told(CameBy.LETTER, TODAY - dt.timedelta(11)),
            said=Message(Verb.ON_TRACK.facts.word),
            note=NOTES[lang],
        )
    ),
    "reminder": lambda lang: messages.reminder(
        letters.Several(to=reader(lang), today=TODAY, items=several(lang)),
    ),
    "escalation": lambda lang: messages.escalation(
        letters.Escalation(to=reader(lang), today=TODAY, items=several(lang), audience=Audience.MANAGER)
    ),
    "verification_waiting": lambda lang: messages.verification_waiting(
        letters.Several(to=reader(lang), today=TODAY, items=(item(lang, 1, -3, state=State.SUBMITTED, waiting_days=8),))
    ),
    "handover": lambda lang: messages.handover(
        Handover(
            to=reader(lang),
            today=TODAY,
            open=LetterSection(items=several(lang), total=14),
            overdue=LetterSection(items=(item(lang, 1, -9, note=NOTES[lang], documents=TITLES[lang][1]),)),
            note=NOTES[lang],
            former="Omar",
            kept=f"{BASE}/{lang}/workspace/handovers/7",
        )
    ),
    "acting": lambda lang: messages.acting(acting(lang)),
    "action_reopened": lambda lang: messages.action_reopened(
        letters.Reopened(to=reader(lang), today=TODAY, item=whole(lang), reason=NOTES[lang])
    ),
    "deadline_moved": lambda lang: messages.deadline_moved(
        letters.DeadlineMoved(
            to=reader(lang), today=TODAY, item=whole(lang), before=TODAY - dt.timedelta(3), reason=NOTES[lang]
        )
    ),
    "part_asked": lambda lang: messages.part_asked(
        part_letters.PartAsked(
            to=reader(lang),
            today=TODAY,
            item=whole(lang),
            part=NOTES[lang],
            acknowledge=f"{BASE}/{lang}/u/k?s=acknowledge",
        )
    ),
    "part_moved": lambda lang: messages.part_moved(
        part_letters.PartAsked(
            to=reader(lang),
            today=TODAY,
            item=whole(lang),
            part=NOTES[lang],
            before=TODAY - dt.timedelta(3),
            reason=NOTES[lang],
        )
    ),
    "part_ended": lambda lang: messages.part_ended(
        letters.Moved(to=reader(lang), today=TODAY, item=item(lang, answers=None))
    ),
    "extension_asked": lambda lang: messages.extension_asked(
        request_letters.ExtensionAsked(
            to=reader(lang),
            today=TODAY,
            item=item(lang, answers=None),
            asker=" · ".join(POSTS[lang][:2]),
            until=TODAY + dt.timedelta(40),
            reason=NOTES[lang],
        )
    ),
    "extension_decided": lambda lang: messages.extension_decided(
        request_letters.ExtensionDecided(
            to=reader(lang),
            today=TODAY,
            item=whole(lang),
            until=TODAY + dt.timedelta(40),
            granted_on=TODAY + dt.timedelta(30),
            reason=NOTES[lang],
        )
    ),
    "question_asked": lambda lang: messages.question_asked(
        question_letters.QuestionAsked(
            to=reader(lang),
            today=TODAY,
            item=item(lang, answers=None),
            asked_by=Side.SECRETARIAT,
            asker=" · ".join(POSTS[lang][:2]),
            text=NOTES[lang],
            key=f"{BASE}/{lang}/u/{'k' * 43}/question",
        )
    ),
    "reply_waiting": lambda lang: reply_letters.reply_waiting(
        reply_letters.ReplyWaiting(
            to=reader(lang),
            today=TODAY,
            item=item(lang, answers=None),
            text=NOTES[lang],
            days=14,
            key=f"{BASE}/{lang}/u/{'k' * 43}/reply",
        )
    ),
    "question_answered": lambda lang: messages.question_answered(
        question_letters.QuestionAnswered(
            to=reader(lang),
            today=TODAY,
            item=item(lang, answers=None),
            asked_by=Side.SECRETARIAT,
            answerer=" · ".join(POSTS[lang][:2]),
            question=NOTES[lang],
            text=NOTES[lang],
        )
    ),
    "action_ended": lambda lang: messages.action_ended(
        letters.Ended(
            to=reader(lang),
            today=TODAY,
            item=item(lang, state=State.SUPERSEDED, answers=None),
            reason=NOTES[lang],
            successor="FM-2024-03.4",
        )
    ),
    "closure_taken_back": lambda lang: messages.closure_taken_back(
        ClosureTakenBack(
            to=reader(lang), today=TODAY, item=item(lang, state=State.CANCELLED, answers=None), reason=NOTES[lang]
        )
    ),
    "digest": weeks.digest,
}
