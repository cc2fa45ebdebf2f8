"""Every member of every enum that a page shows has a word, in three languages."""

from enum import StrEnum

import pytest

from app.domain.marks import Flag
from app.domain.permissions import Role
from app.domain.progress import Closure, Group, Response, Status
from app.domain.schedule import Schedule
from app.domain.translations import TextKind
from app.domain.workflow import BlockReason, Evidence, Part, State, Verb
from app.i18n import LANGS, flag_word, label, status_word
from app.i18n.labels import LABELS
from app.models.intake import ProposalState
from app.models.meetings import ReleasePolicy
from app.models.notifications import Delivery
from app.models.recommendations import TranslationFlag
from app.models.updates import Via

SHOWN: tuple[type[StrEnum], ...] = (
    State, Verb, Evidence, BlockReason, Part, Role, Status, Response, Closure, Group, Schedule, Flag,
    ProposalState, ReleasePolicy, Delivery, TranslationFlag, TextKind, Via,
)  # fmt: skip


@pytest.mark.parametrize("enum", SHOWN, ids=lambda enum: enum.__name__)
def test_every_member_has_a_word_in_three_languages(enum: type[StrEnum]) -> None:
    for member in enum:
        words = {lang: label(member, lang) for lang in LANGS}
        assert all(words.values())
        assert words["ar"] != words["en"]


@pytest.mark.parametrize("enum", SHOWN, ids=lambda enum: enum.__name__)
def test_no_word_is_kept_for_a_member_that_is_gone(enum: type[StrEnum]) -> None:
    assert set(LABELS[enum.__name__]) == {member.value for member in enum}


def test_waiting_is_counted_in_days() -> None:
    assert status_word(Status.AWAITING_RESPONSE, "fr", 34) == "Sans réponse depuis 34 jours"
    assert status_word(Status.AWAITING_RESPONSE, "fr") == "En attente de réponse"
    assert status_word(Status.IN_PROGRESS, "fr", 34) == "En cours"


def test_a_flag_says_how_late_how_silent_or_why() -> None:
    assert flag_word(Flag.OVERDUE, "ar", 12) == "متأخرة بـ 12 يوما"
    assert flag_word(Flag.OVERDUE, "ar", 12, of_action=True) == "متأخر بـ 12 يوما"
    assert flag_word(Flag.SILENT, "en", 61) == "No update for 61 days"
    assert flag_word(Flag.BLOCKED, "en", reason=BlockReason.LAND) == "Blocked: Land"
    assert flag_word(Flag.DISPUTED, "en", 3) == "Disputed"


def test_in_arabic_words_agree_with_the_action_or_the_recommendation_that_carries_them() -> None:
    actions = [flag_word(flag, "ar", of_action=True) for flag in Flag]
    assert actions == ["متنازع فيه", "متأخر", "متعثر", "بدون تحيين"]
    assert [flag_word(flag, "ar") for flag in Flag] == ["متنازع فيها", "متأخرة", "متعثرة", "بدون تحيين"]
    assert flag_word(Flag.BLOCKED, "ar", reason=BlockReason.LAND, of_action=True) == "متعثر: العقار"
    assert label(State.VERIFIED, "ar") == "تم التحقق منه"
    assert label(State.NOT_APPLICABLE, "ar") == "أصبح غير ذي موضوع"
    assert label(Status.NO_LONGER_APPLICABLE, "ar") == "أصبحت غير ذات موضوع"


@pytest.mark.parametrize("enum", [State, Schedule, Evidence, Verb], ids=lambda enum: enum.__name__)
def test_no_word_of_an_action_stands_in_the_feminine(enum: type[StrEnum]) -> None:
    """The feminine would end in taa marbuta or in a pronoun of hers; nouns that do are named here."""
    nouns = {"إعادة", "الإسناد", "مسودة", "وثيقة", "بوثيقة", "مثبتة", "منازعة", "المنازعة", "تزكية", "مساهمة"}
    for member in enum:
        feminine = [word for word in label(member, "ar").split() if word.endswith(("ة", "ها")) and word not in nouns]
        assert feminine == [], label(member, "ar")
