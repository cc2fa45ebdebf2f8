"""What a line of a morning asks: of an action, of one milestone of it, of the part of a supporting post."""

import pytest

from app.domain.digest_shapes import DigestShape
from app.domain.workflow import State
from app.mail import letters, messages
from app.mail.digest_letters import DigestPart
from app.mail.letters import Answers, Item
from app.mail.policy import Mail
from app.mail.specimens.facts import BASE, TITLES, TODAY, item, reader
from app.mail.specimens.weeks import digest_of

KEY = f"{BASE}/fr/u/{'m' * 43}"
OF_MILESTONE = Answers(
    on_track=f"{KEY}/milestone?s=on_track", blocked=f"{KEY}/milestone?s=blocked", reached=f"{KEY}/milestone?s=reached"
)
every = pytest.mark.parametrize("lang", ["ar", "fr", "en"])


def milestone(lang: str, days: int = 7, **changes: object) -> Item:
    return item(lang, 2, days, title="Étape", milestone_of=TITLES[lang][0], answers=OF_MILESTONE, **changes)


def morning(lang: str, *items: Item) -> Mail:
    return messages.reminder(letters.Several(to=reader(lang), today=TODAY, items=items))


@every
def test_a_milestone_is_named_with_its_action_and_asked_about_itself(lang: str) -> None:
    mail = morning(lang, milestone(lang))

    for part in (mail.text, mail.html.replace("&#39;", "'")):
        assert "Étape" in part
        assert TITLES[lang][0] in part
        assert [part.count(f"{KEY}/milestone?s={word}") for word in ("reached", "on_track", "blocked")] == [1, 1, 1]
        assert "?s=done" not in part
    assert "Étape" in mail.subject
    assert mail.subject.endswith("FM-2024-03.2")


def test_of_a_blocked_action_its_milestone_is_still_due_and_not_itself_blocked() -> None:
    mail = morning("fr", milestone("fr", state=State.BLOCKED))

    assert mail.subject.startswith("Échéance dans 7 jours")
    assert "■" not in mail.text
    assert "Jalon pas encore atteint" in mail.text


def test_one_that_is_late_says_by_how_much() -> None:
    assert "▲ En retard de 3 jours" in morning("fr", milestone("fr", -3)).text


@every
def test_of_many_the_answers_are_links(lang: str) -> None:
    mail = morning(lang, *(milestone(lang, days) for days in range(5)))

    assert mail.html.count(f"{KEY}/milestone?s=reached") == 5


@every
@pytest.mark.parametrize("many", [1, 5])
@pytest.mark.parametrize("is_blocked", [False, True])
def test_a_part_is_asked_for_its_news_and_not_whether_all_is_done(lang: str, many: int, is_blocked: bool) -> None:
    on_track = "" if is_blocked else f"{KEY}?s=on_track"
    part = item(lang, 2, 7, answers=Answers(on_track=on_track, news=f"{KEY}?s=report"))

    mail = morning(lang, *[part] * many)

    for text in (mail.text, mail.html):
        assert text.count("?s=report") == many
        assert text.count("?s=on_track") == (0 if is_blocked else many)
        assert "?s=done" not in text
        assert "?s=blocked" not in text


def test_the_text_of_a_digest_has_one_address_for_each_line() -> None:
    late = letters.LetterSection(items=(item("fr", 1, -3),))
    digest = digest_of("fr", DigestPart(shape=DigestShape.OWNER, sections={"overdue": late}))

    assert digest.text.count("/u/") == 1


@pytest.mark.parametrize("many", [1, 5])
@pytest.mark.parametrize(
    ("days", "word", "other"), [(0, "En bonne voie", "En cours"), (-3, "En cours", "En bonne voie")]
)
def test_nobody_is_asked_whether_what_is_late_is_on_track(many: int, days: int, word: str, other: str) -> None:
    asked = Answers(**{name: f"{KEY}?s={name}" for name in ("on_track", "blocked", "done")})
    mails = [
        morning("fr", *[item("fr", 2, days, answers=asked, state=State.ASSIGNED)] * many),
        morning("fr", *[milestone("fr", days)] * many),
    ]

    for mail in mails:
        for part in (mail.text, mail.html):
            assert (word in part, other in part) == (True, False)
