"""What each mail says is found by itself: nothing that is rendered is missing, and each sentence has its example."""

import ast
from collections.abc import Iterator

import pytest

from app.config import ROOT, TEMPLATES
from app.domain import wordings
from app.domain.messages import away
from app.i18n import catalogues, labels, voices
from app.i18n.locales import LANGS
from app.mail import proofs, sayings
from app.mail.specimens import everywhere, situations
from app.queries.mailing.wordings import ours
from app.rendering import environment

NAMES = [sayings.COMMON, *sayings.names()]
LISTED = {sentence.text for name in NAMES for sentence in sayings.of(name)}
# The words of the whole house, and the two that stand between sentences: changed in mails alone they would lie.
HOUSE = {word for words in labels.LABELS.values() for word in words.values()} | {away(n).text for n in range(-2, 3)}
SOURCES = ("mail_sentences", "proposal_sentences", "sentences/mail_lines")


class Recorder(voices.Listener):
    """Hears also what templates say as they are compiled: with words of its own it has templates of its own."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang)
        self.forms = {"": ("",)}


@pytest.mark.parametrize("lang", LANGS)
def test_whatever_is_said_in_any_mail_is_in_the_list_of_one(lang: str) -> None:
    recorder = Recorder(lang)
    with voices.speaking(recorder):
        environment(lang)  # the marks of pages are compiled with it
        recorder.heard.clear()
        for letter in [*everywhere.LETTERS, *(one for name in situations.LETTERS for one in situations.of(name))]:
            letter(lang)

    assert len(recorder.heard) > 200
    assert recorder.heard.keys() - HOUSE - LISTED == set()


def test_every_mail_with_templates_is_listed_with_sentences_of_its_own() -> None:
    assert set(sayings.names()) == {path.name for path in (TEMPLATES / "mail").iterdir() if path.is_dir()}
    assert all(len(sayings.of(name)) >= 2 for name in NAMES)


@pytest.mark.parametrize("source", SOURCES)
def test_every_sentence_of_mails_is_said_by_an_example(source: str) -> None:
    """A new one needs a situation in app/mail/specimens, or nobody could change it or see how it looks."""
    said = set(_ids(source))

    assert said
    assert said - LISTED - HOUSE == set()


def _ids(source: str) -> Iterator[str]:
    tree = ast.parse((ROOT / "app" / "domain" / f"{source}.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in {"N_", "Message", "Counted"}
        ):
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_what_the_whole_house_says_is_changed_in_no_mail() -> None:
    assert not LISTED & HOUSE


@pytest.mark.parametrize("lang", LANGS)
def test_our_own_words_would_be_accepted_and_stay_as_they_are(lang: str) -> None:
    for name in NAMES:
        for sentence in sayings.of(name):
            forms = ours(sentence, lang)
            typed = {str(number): wordings.typeable(form) for number, form in enumerate(forms)}
            assert wordings.checked(lang, forms, typed) == list(forms)


@pytest.mark.parametrize("lang", LANGS)
def test_each_form_has_a_number_that_asks_for_it(lang: str) -> None:
    asked = [catalogues.form_of(lang, number) for number, _ in wordings.NUMBERS[lang]]

    assert asked == list(range({"ar": 6, "fr": 2, "en": 2}[lang]))


def test_a_name_in_an_address_is_of_one_sentence() -> None:
    keys = {sentence.key for name in NAMES for sentence in sayings.of(name)}

    assert len(keys) == len(LISTED)


def test_what_many_mails_say_is_changed_in_one_place_and_every_other_sentence_tells_its_mails() -> None:
    common = {sentence.text for sentence in sayings.of(sayings.COMMON)}

    for name in sayings.names():
        for sentence in sayings.of(name):
            assert sentence.text not in common
            assert name in sayings.saying(sentence.text)
    assert sayings.saying("Your page") == [sayings.COMMON]
    assert sayings.saying("Your week: %(counts)s") == ["digest"]
    assert sayings.saying("Nobody says that") == []


@pytest.mark.parametrize("name", ["reminder", "extension_decided"])
def test_the_example_of_a_sentence_says_it(name: str) -> None:
    for sentence in sayings.of(name):
        voice = voices.SpokenVoice("fr", {sentence.text: ("⁂ ⁂",) * 2})
        mail = proofs.proof(proofs.saying(sentence, name), "fr", voice)
        assert any("⁂ ⁂" in part for part in (mail.subject, mail.text, mail.html)), sentence.text
