"""Every computed sentence holds in its situation, and in all three languages."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import verbs
from app.domain.messages import Message
from app.domain.sentences import findings, next_steps, progress, standing
from app.domain.sentences.standing import ActionSituation
from app.domain.verbs import Verb
from app.domain.workflow import OWED, Evidence, State
from app.i18n.locales import LANGS
from app.wording import say_text
from tests.sentences import table

TODAY = dt.date(2026, 11, 26)
EVERY = list(table.every())
days = st.one_of(st.none(), st.integers(-800, 0).map(lambda away: TODAY + dt.timedelta(days=away)))
actions = st.builds(
    ActionSituation,
    ref=st.just("FM-2024-03.2"),
    state=st.sampled_from(State),
    evidence=st.sampled_from(Evidence),
    due_on=st.integers(-400, 400).map(lambda away: TODAY + dt.timedelta(days=away)),
    assigned_on=days,
    last_word_on=days,
    submitted_on=days,
    verified_on=days,
    has_owner=st.booleans(),
)
counts = st.integers(0, 200)


def english(messages: list[Message]) -> str:
    return " ".join(say_text(message, "en") for message in messages)


def named(situation: table.Situation) -> str:
    return f"{situation.subject}: {situation.name}"


@pytest.mark.parametrize("situation", EVERY, ids=named)
def test_what_is_said_is_true_of_its_situation(situation: table.Situation) -> None:
    assert situation.says("en") == situation.english


def test_no_situation_is_told_twice() -> None:
    assert len({named(situation) for situation in EVERY}) == len(EVERY)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("situation", EVERY, ids=named)
def test_a_sentence_is_whole_in_every_language(situation: table.Situation, lang: str) -> None:
    said = situation.says(lang)

    assert "'" not in said
    assert bool(said) == bool(situation.english)
    assert not re.search(r"%\(|\{|  |\.\.| \.|None(?! of)|Counted|Message", said)
    if lang == "ar":
        assert not re.search(r"[A-Za-z]{3,}", said)
    elif lang == "fr":
        assert not re.search(r"(?<!\u202f|\d)[:;?!]", said)


@pytest.mark.parametrize("situation", EVERY, ids=named)
def test_arabic_never_puts_one_or_two_before_a_noun(situation: table.Situation) -> None:
    assert not re.search(r"(?<![\d.,-])[12] (?!من أصل )[\u0621-\u064a]", situation.says("ar"))


@pytest.mark.parametrize("situation", EVERY, ids=named)
def test_two_are_both_or_neither_and_twice(situation: table.Situation) -> None:
    assert not re.search(r"\b(?:All|None of)(?: its)? 2\b|\b2 times", situation.says("en"))
    assert not re.search(r"\bAucune des? (?:ses )?2\b|\b2 (?:fois|\w+ sont toutes)\b", situation.says("fr"))


@given(actions)
def test_word_is_awaited_from_nobody_who_gave_it_today_or_was_never_named(action: ActionSituation) -> None:
    step = next_steps.of_action(action, TODAY)
    said = english([step.says] if step else [])

    if action.last_word_on == TODAY or not action.has_owner:
        assert "word from its owner is awaited" not in said
    if action.judged(TODAY).days_late and action.state in OWED:
        assert step is not None
        assert step.is_late
        assert "has passed" in said


@given(st.lists(actions, max_size=5))
def test_silence_is_said_only_of_owners_who_were_asked_and_never_spoke(found: list[ActionSituation]) -> None:
    said = english(standing.of_recommendation(found, TODAY))

    if "has given word yet" in said or "has not given word yet" in said:
        assert any(action.has_owner and action.assigned_on and not action.last_word_on for action in found)
    for action in found:
        own = english(standing.of_action(action, TODAY))
        if not action.has_owner or not action.assigned_on:
            assert "has not given word" not in own
            assert "was asked" not in own


@given(st.sampled_from(Verb), st.integers(1, 30), st.integers(-400, 400))
def test_nobody_is_on_track_after_the_deadline(verb: Verb, times: int, away: int) -> None:
    is_past = verbs.is_past(TODAY, TODAY - dt.timedelta(days=away))
    word = verbs.word_of(verb, times, is_past_deadline=is_past)

    assert is_past == (away > 0)
    if verb is Verb.ON_TRACK and is_past:
        assert word is not None
        assert "on track" not in english([word])


@given(counts, counts, counts, st.booleans())
def test_every_number_of_a_headline_says_what_it_counts(done: int, more: int, overdue: int, is_planned: bool) -> None:
    said = english(
        [progress.headline(implemented=done, denominator=done + more, overdue=overdue, is_planned=is_planned)]
    )

    assert all(re.match(r"(of \d+ )?(recommendation|action)s? ", said[match.end() + 1 :]) for match in _numbers(said))


def _numbers(said: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\d+", said))


@given(counts, counts)
def test_who_is_behind_the_plan_is_behind_by_the_difference(planned: int, verified: int) -> None:
    said = english([findings.growth(planned, verified)])

    assert ("Behind" in said) == (0 < verified < planned)
    if 0 < verified < planned:
        assert f"Behind: {planned - verified}." in said
