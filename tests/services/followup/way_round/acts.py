"""Every verb as it is carried out in the house, by its services and doors; `house.actor` says by whom."""

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.domain.answers import Answer
from app.domain.errors import NotFound
from app.domain.on_behalf import CameBy
from app.domain.undoing import ANSWERS
from app.domain.workflow import BlockReason, Verb
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.proposers import Proposer
from app.models.updates import Update
from app.queries.followup import voices as voice_keys
from app.services.followup import (
    actions,
    answers,
    bulk,
    bulk_edits,
    closures,
    corrections,
    evidence,
    extensions,
    on_behalf,
    parts,
    undoing,
    updates,
    verifications,
    voices,
)
from app.services.followup.answers import Obstacle
from app.services.followup.bulk_edits import BulkChange, BulkEdit
from app.services.followup.evidence import Document
from app.services.followup.on_behalf import Arrival
from app.services.followup.transitions import Words
from app.services.kernel import voice_links
from tests.services.followup.way_round import doors, world
from tests.services.followup.way_round.expected import PROPOSER, STALE
from tests.services.followup.way_round.house import House
from tests.services.followup.way_round.people import PEOPLES_ACTS
from tests.services.followup.way_round.tries import Try

Act = Callable[[House, Try], object]
BLOCKED = Obstacle(BlockReason.BUDGET, "Le wali")
PAPER = Document("Le guide", "https://a.ma/guide")


def _by(verb: Callable[..., object], **given: Any) -> Act:
    return lambda house, one: verb(house.session, house.actor(one), house.item(one), **given)


def _worded(verb: Callable[..., object]) -> Act:
    return lambda house, one: verb(house.session, house.actor(one), house.item(one), words=_words(house))


def _reasoned(verb: Callable[..., object]) -> Act:
    return lambda house, one: verb(house.session, house.actor(one), house.item(one), reason=house.world.words)


def _words(house: House) -> Words:
    return Words(note="Fait.", public_summary=house.world.words)


def _assign(house: House, one: Try) -> object:
    due_on = house.world.to_on(one) if world.is_dated(one) else None
    why = house.world.words if world.has_reason(one) else ""
    return actions.assign(house.session, house.actor(one), house.item(one), due_on=due_on, reason=why, is_past=True)


def _hand(house: House, one: Try) -> object:
    post_id = house.made.posts[one.post]
    return actions.reassign(house.session, house.actor(one), house.item(one), owner_post_id=post_id, reason="Autre")


def _move(house: House, one: Try) -> object:
    to_on, why = house.world.to_on(one), house.world.words
    return closures.move_deadline(
        house.session, house.actor(one), house.item(one), due_on=to_on, reason=why, is_past=True
    )


def _supersede(house: House, one: Try) -> object:
    successor, why = house.session.get_one(Action, house.made.ids["successor"]), house.world.words
    return closures.supersede(house.session, house.actor(one), house.item(one), reason=why, successor=successor)


def _say_voice(house: House, one: Try, *, is_so: bool) -> object:
    """By the newest key or by the first one ever mailed; whoever has an account writes down what came by letter."""
    proposer, item = house.session.get_one(Proposer, house.made.ids["proposer"]), house.item(one)
    if one.by_key or one.name not in (PROPOSER, STALE):
        said = voices.Spoken(proposer.id, is_so, CameBy.LETTER, house.world.in_days(0), _words(house))
        return voices.record(house.session, house.actor(one), item, said)
    token = _voice_key(house, proposer, item, is_first=one.name == STALE)
    key = voice_keys.opened(house.session, token, lock=True)
    return voices.answer(house.session, key, is_so=is_so, text=house.world.words)


def _voice_key(house: House, proposer: Proposer, item: Action, *, is_first: bool) -> str:
    mailed = sa.select(col(Update.id)).where(col(Update.action_id) == item.id, col(Update.verb) == Verb.VERIFY)
    number = sa.func.min if is_first else sa.func.max
    verification_id = house.session.scalars(mailed.with_only_columns(number(col(Update.id)))).one()
    token = secrets.token_urlsafe(32)
    if verification_id is not None:
        voice_links.keep(house.session, token, proposer.id, verification_id, item.id)
    return token


def _add_part(house: House, one: Try) -> object:
    due_on = house.world.to_on(one) if world.is_dated(one) else None
    post_id = house.made.posts["salma"]
    return parts.add(house.session, house.actor(one), house.item(one), post_id=post_id, titles={}, due_on=due_on)


def _move_part(house: House, one: Try) -> object:
    part = parts.one(house.session, house.item(one), house.made.organisations["chamber"])
    to_on, why = house.world.to_on(one), house.world.words
    return parts.move(house.session, house.actor(one), house.item(one), part, due_on=to_on, reason=why)


def _end_part(house: House, one: Try) -> object:
    part = parts.one(house.session, house.item(one), house.made.organisations["chamber"])
    return parts.end(house.session, house.actor(one), house.item(one), part, reason="Un autre")


def _say_of_part(verb: Verb) -> Act:
    return lambda house, one: parts.say(house.session, house.actor(one), house.item(one), verb, words=_words(house))


def _ask(house: House, one: Try) -> object:
    due_on = house.world.to_on(one)
    return extensions.ask(house.session, house.actor(one), house.item(one), due_on=due_on, reason="Retard")


def _about_request(verb: Callable[..., object]) -> Act:
    """Any that was ever made about the action, open or not."""

    def act(house: House, one: Try) -> object:
        mine = sa.select(ExtensionRequest).where(col(ExtensionRequest.action_id) == house.item(one).id)
        found = house.session.scalars(mine.order_by(col(ExtensionRequest.id))).all()
        if not found:
            raise NotFound
        return verb(house, one, found[one.which % len(found)])

    return act


def _endorse(house: House, one: Try, request: ExtensionRequest) -> object:
    return extensions.endorse(house.session, house.actor(one), house.item(one), request)


def _grant(house: House, one: Try, request: ExtensionRequest) -> object:
    to_on, why = house.world.to_on(one), house.world.words
    return extensions.grant(house.session, house.actor(one), house.item(one), request, due_on=to_on, reason=why)


def _refuse(house: House, one: Try, request: ExtensionRequest) -> object:
    return extensions.refuse(house.session, house.actor(one), house.item(one), request, reason="Non")


def _withdraw(house: House, one: Try, request: ExtensionRequest) -> object:
    return extensions.withdraw(house.session, house.actor(one), house.item(one), request)


def _answer(answer: Answer) -> Act:
    return lambda house, one: answers.give(
        house.session, house.actor(one), house.item(one), answer, words=_words(house), obstacle=BLOCKED
    )


def _record(house: House, one: Try) -> object:
    arrival = Arrival(house.made.posts[one.post], CameBy.PHONE, house.world.in_days(0))
    said = on_behalf.Said(Verb(doors.recorded(one)), _words(house), BLOCKED)
    return on_behalf.record(house.session, house.signed_in(one), house.item(one), arrival, said)


def _several(house: House, one: Try) -> list[Action]:
    return [house.items[number] for number in doors.several(house.world, one)]


def _bulk(change: BulkChange) -> Act:
    def act(house: House, one: Try) -> object:
        edit = BulkEdit(
            change, owner_post_id=house.made.posts[one.post], due_on=house.world.to_on(one), is_past=True,
            reason=house.world.words if doors.gives_reason(one) else "",
        )  # fmt: skip
        return bulk_edits.make(house.session, house.signed_in(one), _several(house, one), edit)

    return act


def _verify_all(house: House, one: Try) -> None:
    bulk.verify(house.session, house.signed_in(one), _several(house, one))


def _last_answer(house: House, one: Try) -> Update:
    mine = sa.select(Update).where(col(Update.action_id) == house.item(one).id, col(Update.verb).in_(sorted(ANSWERS)))
    found = house.session.scalars(mine.order_by(col(Update.id).desc()).limit(1)).first()
    if found is None:
        raise NotFound
    return found


def _undo(house: House, one: Try) -> None:
    undoing.undo(house.session, house.actor(one), house.item(one), _last_answer(house, one).id)


def _correct(house: House, one: Try) -> None:
    words, answer = house.world.words, _last_answer(house, one)
    corrections.correct(house.session, house.actor(one), house.item(one), answer, public_summary=words)


def _about_words(verb: Callable[..., object], **given: Any) -> Act:
    """Any public words that were ever said of the action."""

    def act(house: House, one: Try) -> object:
        mine = sa.select(Update).where(col(Update.action_id) == house.item(one).id, col(Update.public_summary) != "")
        found = house.session.scalars(mine.order_by(col(Update.id))).all()
        if not found:
            raise NotFound
        return verb(house.session, house.actor(one), found[one.which % len(found)], **given)

    return act


ACTS: Mapping[str, Act] = {
    "assign": _assign,
    "reassign": _hand,
    "acknowledge": _by(updates.acknowledge),
    "decline": _by(updates.decline, reason="Non"),
    "report": _worded(updates.report),
    "on_track": _by(updates.on_track),
    "block": _by(updates.block, block_reason=BLOCKED.reason, who_can_unblock=BLOCKED.who_can_unblock),
    "unblock": _by(updates.unblock),
    "submit": _worded(updates.submit),
    "verify": _by(verifications.verify),
    "return": _by(verifications.send_back, reason="Incomplet"),
    "dispute": partial(_say_voice, is_so=False),
    "confirm": partial(_say_voice, is_so=True),
    "not_upheld": _worded(voices.not_uphold),
    "cancel": _reasoned(closures.cancel),
    "supersede": _supersede,
    "not_applicable": _reasoned(closures.not_applicable),
    "reopen": _reasoned(closures.reopen),
    "undo": _undo,
    "correct": _correct,
    "move_deadline": _move,
    "add_part": _add_part,
    "move_part": _move_part,
    "end_part": _end_part,
    **{verb: _say_of_part(Verb(verb)) for verb in ("acknowledge_part", "report_part", "part_on_track", "part_done")},
    "ask_time": _ask,
    "endorse_time": _about_request(_endorse),
    "grant": _about_request(_grant),
    "refuse_time": _about_request(_refuse),
    "withdraw_time": _about_request(_withdraw),
    "attach": lambda house, one: evidence.add(house.session, house.actor(one), house.item(one), PAPER),
    "publish": _by(actions.publish),
    "withdraw": _by(actions.withdraw, reason="Erreur"),
    "release": _about_words(updates.release),
    "withhold": _about_words(updates.withhold, reason="Un nom"),
    "answer_receipt": _by(answers.acknowledge),
    "answer_on_track": _answer(Answer.ON_TRACK),
    "answer_report": _answer(Answer.REPORT),
    "answer_blocked": _answer(Answer.BLOCKED),
    "answer_done": _answer(Answer.DONE),
    "record": _record,
    "bulk_owner": _bulk(BulkChange.OWNER),
    "bulk_deadline": _bulk(BulkChange.DEADLINE),
    "bulk_publish": _bulk(BulkChange.PUBLISH),
    "bulk_withdraw": _bulk(BulkChange.WITHDRAW),
    "bulk_verify": _verify_all,
    **PEOPLES_ACTS,
}
