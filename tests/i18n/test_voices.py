"""A voice says its own words in its own language while it speaks, and leaves no trace in what is said without it."""

import threading

from app.domain.messages import Counted
from app.i18n import catalogues, voices
from app.i18n.voices import SpokenVoice
from app.mail.specimens import situations, weeks
from app.wording import say, say_text

DUE = Counted("%(num)s action due", "%(num)s actions due", 1)
MANY = Counted("%(num)s action due", "%(num)s actions due", 3)


def test_it_speaks_its_own_language_alone_and_only_while_it_speaks() -> None:
    before = say_text(MANY, "fr"), say_text(DUE, "ar")
    with voices.speaking(SpokenVoice("fr", {DUE.text: ("%(num)s à faire", "%(num)s à faire, toutes")})):
        said = say_text(DUE, "fr"), say_text(MANY, "fr"), say_text(DUE, "ar")

    assert said == ("1 à faire", "3 à faire, toutes", before[1])
    assert (say_text(MANY, "fr"), say_text(DUE, "ar")) == before


def test_english_can_be_said_otherwise_and_arabic_in_all_its_forms() -> None:
    with voices.speaking(SpokenVoice("en", {DUE.text: ("one", "%(num)s of them")})):
        assert [say_text(Counted(DUE.text, DUE.many, n), "en") for n in (0, 1, 2)] == ["0 of them", "one", "2 of them"]
    forms = tuple(f"{n}:%(num)s" for n in range(6))
    with voices.speaking(SpokenVoice("ar", {DUE.text: forms})):
        said = [say_text(Counted(DUE.text, DUE.many, n), "ar") for n in (0, 1, 2, 3, 11, 100)]
    assert said == ["0:0", "1:1", "2:2", "3:3", "4:11", "5:100"]


def test_a_form_that_it_lacks_is_said_as_ever() -> None:
    with voices.speaking(SpokenVoice("fr", {DUE.text: ("une action",)})):
        assert say_text(MANY, "fr") == catalogues.ngettext("fr", DUE.text, DUE.many, 3) % {"num": 3}


def test_its_mails_and_ours_are_written_in_turn_and_neither_hears_the_other() -> None:
    voice = SpokenVoice("fr", {"This morning: %(counts)s.": ("Bonjour : %(counts)s.",), "Your page": ("Chez vous",)})
    letter = situations.of("reminder")[0]
    plain = letter("fr")
    for _ in range(2):
        with voices.speaking(voice):
            own = letter("fr")
        assert own.text.startswith("Bonjour : ")
        assert "Chez vous" in own.html
        assert letter("fr") == plain


def test_counts_and_headings_that_are_remembered_are_remembered_by_voice() -> None:
    voice = SpokenVoice("fr", {"%(num)s action overdue": ("%(num)s EN RETARD", "%(num)s EN RETARD")})
    letter = weeks.digest_owner
    plain = letter("fr")
    with voices.speaking(voice):
        own = letter("fr")

    assert "7 EN RETARD" in own.subject
    assert "<h2>7 EN RETARD</h2>" in own.html
    assert letter("fr") == plain


def test_threads_speak_each_in_its_own_voice() -> None:
    letter, heard = situations.of("sign_in")[0], dict[int, set[str]]()

    def speak(number: int) -> None:
        voice = SpokenVoice("fr", {"Your sign-in link for Tatbiq": (f"Lien {number}",)})
        with voices.speaking(voice):
            heard[number] = {letter("fr").subject for _ in range(30)}

    threads = [threading.Thread(target=speak, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert heard == {number: {f"Lien {number}"} for number in range(6)}


def test_pages_say_their_own_words_whatever_a_mail_has_said() -> None:
    page = str(say(MANY, "fr"))
    with voices.speaking(SpokenVoice("fr", {DUE.text: ("X", "X")})):
        situations.of("reminder")[0]("fr")
    assert str(say(MANY, "fr")) == page
