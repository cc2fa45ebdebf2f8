"""One letter of each kind for a language, told by the cast; titles as long and as mixed as real ones."""

import datetime as dt
from collections.abc import Callable

from app import wording
from app.domain import ladder, on_behalf
from app.domain.ladder import Audience
from app.domain.messages import Message
from app.domain.on_behalf import CameBy
from app.domain.permissions import Role
from app.domain.questions import Side
from app.domain.sentences import joint_changes
from app.domain.workflow import BlockReason, State, Verb
from app.mail import letters, messages, part_letters, question_letters, reply_letters, request_letters
from app.mail.acting_letters import Acting, Handover
from app.mail.invitation_letters import InvitationLetter
from app.mail.joint_letters import JointChanges
from app.mail.letters import Answers, Item, LetterSection, Reader
from app.mail.policy import Mail
from app.mail.proposal_letters import Proposed, ProposedMove
from app.mail.recorded import RecordedLetter
from app.mail.takeback_letters import ClosureTakenBack

TODAY = dt.date(2026, 11, 23)
BASE = "https://suivi.example.ma"
TITLES = {
    "ar": ("إحداث شباك لمواكبة المقاولات في الحصول على شهادات المطابقة", "دليل الشهادات CE وHACCP المطلوبة في 12 سوقا"),
    "fr": (
        "Ouvrir un guichet d'accompagnement des entreprises vers la certification",
        "Guide des certificats à l'export",
    ),
    "en": ("Open a help desk that takes firms through certification", "Guide to export certificates"),
}
NOTES = {
    "ar": "ننتظر تأشير المراقب المالي على الصفقة رقم 12/2026.\nالمراسلة المرجعية: 2026-11-02.",
    "fr": "Nous attendons le visa du contrôleur sur le marché n° 12/2026.\nLettre du 2 novembre.",
    "en": "We wait for the financial controller's visa on contract 12/2026.\nLetter of 2 November.",
}
POSTS = {
    "ar": ("المكلف بالتتبع", "المركز الجهوي للاستثمار فاس مكناس"),
    "fr": ("Chargé du suivi", "Centre régional d'investissement Fès-Meknès"),
    "en": ("Follow-up officer", "Regional investment centre, Fès-Meknès"),
}


def reader(lang: str) -> Reader:
    return Reader(
        address="karim@cri.example.ma", lang=lang, name="كريم" if lang == "ar" else "Karim",
        post=" · ".join(POSTS[lang]), home=f"{BASE}/{lang}/workspace/", settings=f"{BASE}/{lang}/workspace/me",
    )  # fmt: skip


def item(lang: str, number: int = 2, days: int = 7, **changes: object) -> Item:
    link = f"{BASE}/{lang}/u/{'k' * 43}"
    plain: dict[str, object] = {
        "title": TITLES[lang][number % 2], "ref": f"FM-2024-03.{number}",
        "page": f"{BASE}/{lang}/workspace/actions/FM-2024-03.{number}", "due_on": TODAY + dt.timedelta(days),
        "answers": Answers(on_track=f"{link}?s=on_track", blocked=f"{link}?s=blocked", done=f"{link}?s=done"),
    }  # fmt: skip
    return Item(**{**plain, **changes})  # type: ignore[arg-type]


def whole(lang: str) -> Item:
    post, organisation = POSTS[lang]
    return item(lang, programme="2025", recommendation=TITLES[lang][1], organisation=organisation, post=post)


def several(lang: str) -> tuple[Item, ...]:
    return (
        item(lang, 1, -12, copies=(Audience.MANAGER,)),
        item(lang, 2, 0, state=State.BLOCKED, block_reason=BlockReason.BUDGET, unblocker=POSTS[lang][1]),
        item(lang, 3, 1),
        item(lang, 4, 40, state=State.ASSIGNED, waiting_days=7),
    )


def announced() -> tuple[ladder.Step, ...]:
    subject = ladder.Subject(State.ASSIGNED, assigned_on=TODAY, due_on=TODAY + dt.timedelta(120))
    return tuple(ladder.announce(subject, frozenset()))


def sections(lang: str, rows: int = 3) -> list[LetterSection]:
    late = tuple(item(lang, n, -n, waiting_days=30 + n) for n in range(1, rows + 1))
    due = tuple(item(lang, n, n % 7) for n in range(11, 11 + rows))
    waiting = tuple(item(lang, n, 40, state=State.ASSIGNED, waiting_days=n) for n in range(21, 21 + rows))
    changed = tuple(item(lang, n, 90, answers=None, note=NOTES[lang]) for n in range(31, 31 + rows))
    return [LetterSection(items=late, total=rows + 4), *(LetterSection(items=rest) for rest in (due, waiting, changed))]


def digest_owner(lang: str, rows: int = 3) -> Mail:
    late, due, waiting, changed = sections(lang, rows)
    return messages.digest_owner(
        letters.OwnerDigest(
            to=reader(lang), today=TODAY, overdue=late, due=due, waiting=waiting, changed=changed,
            unsubscribe=f"{BASE}/{lang}/off/{'u' * 43}",
        )
    )  # fmt: skip


def digest_secretariat(lang: str, rows: int = 3) -> Mail:
    silence, verification, requests, _ = sections(lang, rows)
    failures = LetterSection(items=(Item(title="omar@example.ma", note="550 5.1.1 no such user"),))
    return messages.digest_secretariat(
        letters.SecretariatDigest(
            to=reader(lang), today=TODAY, silence=silence, verification=verification, requests=requests,
            failures=failures, head="0f" * 32,
        )
    )  # fmt: skip


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
    "changed_together": lambda lang: messages.changed_together(changed(lang)),
    "sign_in": lambda lang: messages.sign_in(
        letters.SignInLetter(to=reader(lang), link=f"{BASE}/{lang}/sign-in/{'s' * 43}", code="483 920", minutes=10)
    ),
    "invitation": lambda lang: messages.invitation(
        InvitationLetter(
            to=reader(lang),
            link=f"{BASE}/{lang}/sign-in/invitation/{'s' * 43}",
            until=TODAY + dt.timedelta(7),
            post=" · ".join(POSTS[lang]),
            offered=Role.VERIFIER,
            programme=TITLES[lang][1],
        )
    ),
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
    "no_holder": lambda lang: messages.no_holder(
        letters.NoHolder(
            to=reader(lang),
            today=TODAY,
            post=POSTS[lang][0],
            organisation=POSTS[lang][1],
            page=f"{BASE}/{lang}/workspace/posts/follow-up",
            items=several(lang),
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
    "undeliverable": lambda lang: messages.undeliverable(
        letters.Undeliverable(
            to=reader(lang),
            who="عمر" if lang == "ar" else "Omar",
            address="omar@example.ma",
            about=TITLES[lang][0],
            reason="550 5.1.1 no such user",
            page=f"{BASE}/{lang}/workspace/outgoing",
        )
    ),
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
    "proposal_moved": lambda lang: messages.proposal_moved(
        Proposed(
            to=Reader(address="coop@example.ma", lang=lang, name="Coop"),
            today=TODAY,
            title=TITLES[lang][0],
            ref="FM-2024-03",
            page=f"{BASE}/{lang}/recommendations/FM-2024-03",
            moves=(
                ProposedMove(
                    title=TITLES[lang][1], ref="FM-2024-03.2", verb=Verb.VERIFY, ask=f"{BASE}/{lang}/voice/{'k' * 43}"
                ),
                ProposedMove(title=TITLES[lang][0], ref="FM-2024-03.1", verb=Verb.NOT_UPHELD, reason=NOTES[lang]),
            ),
        )
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
    "digest_owner": digest_owner,
    "digest_secretariat": digest_secretariat,
}
