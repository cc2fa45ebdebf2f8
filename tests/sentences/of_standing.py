"""The sentences under the titles of an action and of a recommendation, and what comes next for them."""

import datetime as dt
from typing import Any

from app.domain.messages import Message
from app.domain.progress import Status
from app.domain.sentences import next_steps, standing
from app.domain.sentences.standing import ActionSituation
from app.domain.workflow import Evidence, State
from tests.sentences.table import Rows, situations

TODAY = dt.date(2026, 11, 26)
DAY = dt.timedelta(days=1)


def action(state: State = State.IN_PROGRESS, due: int | None = 40, **facts: Any) -> ActionSituation:
    """`due` and the facts whose names end in _on are days from today."""
    dates = {name: _at(value) for name, value in facts.items() if name.endswith("_on")}
    given = {"ref": "FM-2024-03.2", "assigned_on": _at(-50)} | facts | dates
    return ActionSituation(state=state, due_on=_at(due), **given)


def _at(away: int | None) -> dt.date | None:
    return None if away is None else TODAY + away * DAY


# By situation: the action, its lead, its next step.
ACTIONS: dict[str, tuple[ActionSituation, str, str]] = {
    "a draft": (action(State.DRAFT, assigned_on=None, has_owner=False), "", ""),
    "day one: assigned today": (
        action(State.ASSIGNED, assigned_on=0),
        "Next deadline: in 40 days. Its owner was asked today.",
        "Its owner has to confirm receipt of FM-2024-03.2. Its deadline: 5 January 2027.",
    ),
    "assigned, no receipt yet": (
        action(State.ASSIGNED, assigned_on=-12),
        "Next deadline: in 40 days. Its owner has not given word yet.",
        "Its owner has to confirm receipt of FM-2024-03.2. Its deadline: 5 January 2027.",
    ),
    "declined within its deadline": (
        action(State.DECLINED),
        "Its owner declined it: a new owner has to be named.",
        "An owner has to be named for FM-2024-03.2. Its deadline: 5 January 2027.",
    ),
    "declined, and overdue": (
        action(State.DECLINED, -21),
        "Its owner declined it: a new owner has to be named.",
        "The deadline of FM-2024-03.2 has passed: an owner has to be named.",
    ),
    "without an owner": (
        action(State.IN_PROGRESS, has_owner=False),
        "Next deadline: in 40 days.",
        "An owner has to be named for FM-2024-03.2. Its deadline: 5 January 2027.",
    ),
    "in progress, heard today": (
        action(last_word_on=0),
        "Next deadline: in 40 days. Last word from its owner: today.",
        "Deadline of FM-2024-03.2: 5 January 2027.",
    ),
    "due tomorrow": (
        action(due=1, last_word_on=-1),
        "Next deadline: tomorrow. Last word from its owner: yesterday.",
        "Deadline of FM-2024-03.2: 27 November 2026.",
    ),
    "due today": (
        action(due=0, last_word_on=-2),
        "Next deadline: today. Last word from its owner: 2 days ago.",
        "Deadline of FM-2024-03.2: 26 November 2026.",
    ),
    "due far away": (
        action(due=400, last_word_on=-11),
        "Next deadline: 31 December 2027. Last word from its owner: 11 days ago.",
        "Deadline of FM-2024-03.2: 31 December 2027.",
    ),
    "overdue since yesterday, never heard": (
        action(due=-1),
        "The deadline was 25 November 2026. Its owner has not given word yet.",
        "The deadline of FM-2024-03.2 has passed: word from its owner is awaited.",
    ),
    "21 days overdue, but heard from today": (
        action(due=-21, last_word_on=0),
        "The deadline was 5 November 2026. Last word from its owner: today.",
        "The deadline of FM-2024-03.2 has passed: its completion is awaited. Last word from its owner: today.",
    ),
    "21 days overdue, heard from three days ago": (
        action(due=-21, last_word_on=-3),
        "The deadline was 5 November 2026. Last word from its owner: 3 days ago.",
        "The deadline of FM-2024-03.2 has passed: its completion is awaited. Last word from its owner: 3 days ago.",
    ),
    "21 days overdue, silent for thirty": (
        action(due=-21, last_word_on=-30),
        "The deadline was 5 November 2026. Last word from its owner: 30 days ago.",
        "The deadline of FM-2024-03.2 has passed: word from its owner is awaited.",
    ),
    "blocked within its deadline": (
        action(State.BLOCKED, last_word_on=-3),
        "Next deadline: in 40 days. Last word from its owner: 3 days ago.",
        "FM-2024-03.2 is blocked. Its deadline: 5 January 2027.",
    ),
    "blocked and overdue": (
        action(State.BLOCKED, -21, last_word_on=0),
        "The deadline was 5 November 2026. Last word from its owner: today.",
        "The deadline of FM-2024-03.2 has passed, and it is blocked.",
    ),
    "declared done before the deadline": (
        action(State.SUBMITTED, submitted_on=-3, last_word_on=-3),
        "Declared done on 23 November 2026; verification is awaited. Last word from its owner: 3 days ago.",
        "FM-2024-03.2 was declared done: its verification is awaited.",
    ),
    "declared done in time, verified by nobody since": (
        action(State.SUBMITTED, -10, submitted_on=-10, last_word_on=-10),
        "Declared done on 16 November 2026; verification is awaited. Last word from its owner: 10 days ago.",
        "FM-2024-03.2 was declared done: its verification is awaited.",
    ),
    "declared done a day late": (
        action(State.SUBMITTED, -4, submitted_on=-3, last_word_on=-3),
        "Declared done on 23 November 2026, 1 day after the deadline; verification is awaited. Last word from its "
        "owner: 3 days ago.",
        "FM-2024-03.2 was declared done 1 day after its deadline: its verification is awaited.",
    ),
    "declared done eleven days late": (
        action(State.SUBMITTED, -14, submitted_on=-3, last_word_on=-3),
        "Declared done on 23 November 2026, 11 days after the deadline; verification is awaited. Last word from its "
        "owner: 3 days ago.",
        "FM-2024-03.2 was declared done 11 days after its deadline: its verification is awaited.",
    ),
    "declared done, nobody recorded when": (
        action(State.SUBMITTED, None),
        "It was declared done; verification is awaited.",
        "FM-2024-03.2 was declared done: its verification is awaited.",
    ),
    "verified": (
        action(State.VERIFIED, -21, submitted_on=-30, verified_on=-20, last_word_on=-30),
        "Verified on 6 November 2026. Last word from its owner: 30 days ago.",
        "",
    ),
    "verified, but disputed": (
        action(State.VERIFIED, -21, evidence=Evidence.DISPUTED, submitted_on=-30, verified_on=-20, last_word_on=-30),
        "Verified on 6 November 2026, but disputed by whoever proposed it: it does not count. Last word from its "
        "owner: 30 days ago.",
        "FM-2024-03.2 is disputed by whoever proposed it: the secretariat has to settle it.",
    ),
    "cancelled, never heard": (action(State.CANCELLED, -21), "", ""),
    "superseded after word": (
        action(State.SUPERSEDED, -21, last_word_on=-90),
        "Last word from its owner: 28 August 2026.",
        "",
    ),
}  # fmt: skip


@situations("Under the title of an action")
def leads() -> Rows:
    for name, (one, lead, _) in ACTIONS.items():
        yield name, standing.of_action(one, TODAY), lead


@situations("What comes next for an action")
def steps() -> Rows:
    for name, (one, _, coming) in ACTIONS.items():
        step = next_steps.of_action(one, TODAY)
        yield name, [step.says] if step else [], coming


@situations("Since when something comes next")
def since() -> Rows:
    for name, status, away, said in (
        ("answer awaited, published today", Status.AWAITING_RESPONSE, 0, "since today"),
        ("answer awaited since yesterday", Status.AWAITING_RESPONSE, -1, "since 25 November 2026"),
        ("accepted long ago, nothing planned", Status.ACCEPTED_NO_ACTION, -300, "since 30 January 2026"),
    ):
        [step] = next_steps.of_recommendation(status, TODAY + away * DAY, [], TODAY)
        words = {
            Status.AWAITING_RESPONSE: "The administration’s response is awaited.",
            Status.ACCEPTED_NO_ACTION: "An action has to be planned.",
        }[status]
        yield name, [step.says, *filter(None, [step.since(TODAY)])], f"{words} {said}"
    late = next_steps.of_actions([action(due=-21)], TODAY)
    yield "late: its day is its deadline", list(filter(None, [late[0].since(TODAY)])), ""


@situations("Under the title of a recommendation")
def recommendations() -> Rows:
    done = action(State.VERIFIED, -21, submitted_on=-30, verified_on=-20, last_word_on=-30)
    disputed = action(State.VERIFIED, -21, evidence=Evidence.DISPUTED, submitted_on=-30, last_word_on=-30)
    asked, unasked = action(State.ASSIGNED, assigned_on=-12), action(has_owner=False)
    late = action(due=-21, last_word_on=0)

    def said(*actions: ActionSituation, may_be_planned: bool = True) -> list[Message]:
        return standing.of_recommendation(actions, TODAY, may_be_planned=may_be_planned)

    yield "day one: nothing planned", said(), "No action is planned yet."
    yield "not accepted, referred or merged", said(may_be_planned=False), "No action is under way."
    yield "its action was cancelled", said(action(State.CANCELLED)), "No action is under way."
    yield (
        "one action, assigned today",
        said(action(State.ASSIGNED, assigned_on=0)),
        ("Its only action is not verified yet. Next deadline: in 40 days. Its owner was asked today."),
    )
    yield (
        "one action, asked and silent",
        said(asked),
        ("Its only action is not verified yet. Next deadline: in 40 days. Its owner has not given word yet."),
    )
    yield (
        "two owners, both silent",
        said(asked, asked),
        ("Neither of its actions is verified yet. Next deadline: in 40 days. No owner has given word yet."),
    )
    yield "no owner was ever named", said(unasked), "Its only action is not verified yet. Next deadline: in 40 days."
    yield "declined", said(action(State.DECLINED)), "Its only action is not verified yet. Next deadline: in 40 days."
    yield (
        "late but heard from today",
        said(late),
        ("Its only action is not verified yet. The deadline was 5 November 2026. Last word from an owner: today."),
    )
    yield (
        "one verified, two late, one running",
        said(done, late, late, action(due=3)),
        (
            "1 of its 4 actions is verified. 2 actions are overdue. Next deadline: in 3 days. Last word from an owner: "
            "today."
        ),
    )
    yield "all verified", said(done, done), "Both its actions are verified. Last word from an owner: 30 days ago."
    yield (
        "verified, but disputed",
        said(disputed),
        ("Its only action is verified, but disputed by whoever proposed it. Last word from an owner: 30 days ago."),
    )
    yield (
        "two of eleven disputed",
        said(disputed, disputed, *[done] * 9),
        (
            "All its 11 actions are verified. 2 verified actions are disputed by whoever proposed them. Last word from "
            "an owner: 30 days ago."
        ),
    )
    yield (
        "eleven late",
        said(*[action(due=-3)] * 11),
        ("None of its 11 actions is verified yet. 11 actions are overdue. No owner has given word yet."),
    )
