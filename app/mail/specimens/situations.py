"""Every mail in every situation in which it says something else: each sentence is said in one of these letters."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.digest_shapes import DigestShape
from app.domain.ladder import Audience
from app.domain.messages import Message
from app.domain.on_behalf import CameBy, told
from app.domain.questions import Side
from app.domain.sentences import joint_changes, mail_lines, parts
from app.domain.verbs import Verb
from app.domain.workflow import PartState, State
from app.mail import letters as given
from app.mail import messages, part_letters, question_letters, request_letters
from app.mail.acting_letters import ActingHandover
from app.mail.digest_letters import DigestPart
from app.mail.joint_letters import JointChanges
from app.mail.letters import Answers, Item, LetterSection
from app.mail.policy import Mail
from app.mail.recorded import RecordedLetter
from app.mail.specimens import letters, weeks
from app.mail.specimens.facts import BASE, NOTES, POSTS, TITLES, TODAY, item, reader, several, whole
from app.mail.specimens.outside import proposed
from app.wording import say_text

Letter = Callable[[str], Mail]
LETTERS: Mapping[str, Letter] = letters.LETTERS
_DAY = dt.timedelta(days=1)
_STATES = [State.DECLINED, State.ASSIGNED, State.SUBMITTED]


def of(name: str) -> tuple[Letter, ...]:
    """The plainest first."""
    return LETTERS[name], *_MORE.get(name, ())


def _morning(*facts: Mapping[str, Any]) -> Letter:
    return lambda lang: messages.reminder(
        given.Several(to=reader(lang), today=TODAY, items=tuple(_line(lang, n, one) for n, one in enumerate(facts, 1)))
    )


def _line(lang: str, number: int, facts: Mapping[str, Any]) -> Item:
    """`says`: a sentence of ours in the place of a note."""
    changes = dict(facts)
    if says := changes.pop("says", None):
        changes["note"] = say_text(says, lang)
    return item(lang, number, changes.pop("days", 7), **changes)


def _of_milestone(days: int) -> dict[str, Any]:
    link = f"{BASE}/u/{'m' * 43}/milestone"
    answers = Answers(on_track=f"{link}?s=on_track", blocked=f"{link}?s=blocked", reached=f"{link}?s=reached")
    return {"days": days, "milestone_of": TITLES["fr"][0], "answers": answers}


def _about(make: Callable[..., Mail], letter: Callable[..., Any], **facts: Any) -> Letter:
    return lambda lang: make(letter(to=reader(lang), today=TODAY, item=whole(lang), **facts))


def _ended(state: State) -> Letter:
    return lambda lang: messages.action_ended(
        given.Ended(to=reader(lang), today=TODAY, item=item(lang, state=state, answers=None), reason=NOTES[lang])
    )


def _submitted(part: Message) -> Letter:
    return lambda lang: messages.action_submitted(
        given.Submitted(to=reader(lang), today=TODAY, item=whole(lang), open_parts=((POSTS[lang][1], part),))
    )


def _recorded(came: Message) -> Letter:
    return _about(messages.recorded_on_behalf, RecordedLetter, came=came, said=Message(Verb.ON_TRACK.facts.word))


def _week(shape: DigestShape, **sections: tuple[dict[str, Any], ...]) -> Letter:
    def digest(lang: str) -> Mail:
        filled = {
            name: LetterSection(items=tuple(_line(lang, n, one) for n, one in enumerate(rows, 1)))
            for name, rows in sections.items()
        }
        return weeks.digest_of(lang, DigestPart(shape=shape, sections=filled))

    return digest


def _acting_handover(lang: str) -> Mail:
    section = LetterSection(items=several(lang))
    return messages.handover(
        ActingHandover(to=reader(lang), today=TODAY, open=section, former="Omar", acting_until=TODAY + 9 * _DAY)
    )


def _together(lang: str) -> Mail:
    says = [say_text(joint_changes.change(kind, None), lang) for kind in sorted(joint_changes.KINDS)]
    lines = tuple(item(lang, n, n, note=said) for n, said in enumerate(says, 1))
    return messages.changed_together(JointChanges(to=reader(lang), today=TODAY, items=lines, total=len(lines)))


def _escalated(lang: str) -> Mail:
    lines = [item(lang, n, -n, note=say_text(said, lang)) for n, said in enumerate(_OF_OTHERS, 1)]
    lines.append(item(lang, 9, 9, state=State.SUBMITTED, waiting_days=9))
    return messages.escalation(
        given.Escalation(to=reader(lang), today=TODAY, items=tuple(lines), audience=Audience.SECRETARIAT)
    )


def _to_verify(lang: str) -> Mail:
    lines = tuple(item(lang, n, -n, state=State.SUBMITTED, waiting_days=8) for n in (1, 2))
    return messages.verification_waiting(given.Several(to=reader(lang), today=TODAY, items=lines))


_OF_OTHERS = (
    Message(mail_lines.OF_BODY, body="CRI"),
    Message(mail_lines.OF_BODY_NAMED, body="CRI", what=TITLES["fr"][1]),
    Message(mail_lines.UNDECIDED),
    Message(mail_lines.NO_HOLDER),
)
_YOURS = (Message(mail_lines.YOURS), Message(mail_lines.YOURS_NAMED, what=TITLES["fr"][1]))
_LATE, _ASKED = {"days": -12}, {"state": State.ASSIGNED, "waiting_days": 7}
_PARTS = [
    *(parts.PartSituation(state) for state in PartState if state is not PartState.DONE),
    parts.PartSituation(PartState.ASKED, due_on=TODAY - 4 * _DAY),
    parts.PartSituation(PartState.ASKED, asked_on=TODAY - 40 * _DAY),
]
_MORE: Mapping[str, tuple[Letter, ...]] = {
    "reminder": (
        *(_morning({"days": days}) for days in (-12, 0, 1, 7, 90)),
        *(_morning(one) for one in (_of_milestone(5), _ASKED, {"state": State.BLOCKED, "days": 3}, {"due_on": None})),
        *(_morning({"at_intervals": what, "answers": None}) for what in ("word", "value")),
        *(_morning(one, one) for one in ({"days": 3}, _ASKED, {"state": State.BLOCKED})),
        _morning(_of_milestone(-3), _of_milestone(5), {"at_intervals": "word"}, {"at_intervals": "value"}),
        _morning(*({"says": said, "answers": Answers(news=f"{BASE}/u/n")} for said in _YOURS)),
    ),
    "escalation": (_escalated,),
    "verification_waiting": (_to_verify,),
    "action_submitted": tuple(_submitted(parts.of_one(part, TODAY)) for part in _PARTS),
    "action_ended": (_ended(State.CANCELLED), _ended(State.NOT_APPLICABLE)),
    "acting": (lambda lang: messages.acting(letters.acting(lang, is_off=True)),),
    "handover": (_acting_handover,),
    "changed_together": (_together,),
    "deadline_moved": (
        _about(messages.deadline_moved, given.DeadlineMoved, before=TODAY, is_correction=True),
        lambda lang: messages.deadline_moved(
            given.DeadlineMoved(to=reader(lang), today=TODAY, item=item(lang, due_on=None), before=TODAY)
        ),
    ),
    "recorded_on_behalf": (
        *(_recorded(told(came_by, TODAY)) for came_by in CameBy if came_by is not CameBy.LETTER),
        _recorded(told(None, None)),
    ),
    "extension_asked": (
        _about(
            messages.extension_asked, request_letters.ExtensionAsked, asker="CRI", until=TODAY, reason="…",
            may_decide=False,
        ),
    ),
    "extension_decided": (
        _about(messages.extension_decided, request_letters.ExtensionDecided, until=TODAY, granted_on=TODAY),
        _about(messages.extension_decided, request_letters.ExtensionDecided, until=TODAY),
    ),
    "question_asked": (
        _about(
            messages.question_asked, question_letters.QuestionAsked, asked_by=Side.OWNER, asker="CRI", text="…",
            key=f"{BASE}/u/q",
        ),
    ),
    "question_answered": (
        _about(
            messages.question_answered, question_letters.QuestionAnswered, asked_by=Side.OWNER, answerer="CRI",
            question="…", text="…",
        ),
    ),
    "proposal_moved": (
        proposed((Verb.ASSIGN, None), (Verb.ASSIGN, TODAY), (Verb.REOPEN, None)),
    ),
    "part_moved": (_about(messages.part_moved, part_letters.PartAsked, before=TODAY),),
    "digest": (
        *weeks.LETTERS.values(),
        _week(DigestShape.OWNER, due=({"says": Message(mail_lines.QUESTION)}, {})),
        _week(DigestShape.OWNER, waiting=tuple({"state": state, "waiting_days": 7} for state in _STATES)),
        _week(DigestShape.OWNER, changed=({"note": "…"},)),
        _week(DigestShape.SECRETARIAT, verification=({},), silence=({"waiting_days": 9},)),
        _week(DigestShape.SECRETARIAT, silence=({"waiting_days": 9},)),
    ),
}  # fmt: skip
