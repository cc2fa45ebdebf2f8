"""Time limits in words: where one is found, and which day it means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.deadlines import due_on, find
from app.intake.lexicon import lexicon
from app.intake.page import fold

MEETING = date(2026, 11, 30)

DAYS = [
    ("قبل نهاية 2027", "2027-12-31"),
    ("قبل متم سنة 2027", "2027-12-31"),
    ("قبل سنة 2028", "2027-12-31"),
    ("في أفق 2030", "2030-12-31"),
    ("بحلول عام 2030", "2030-12-31"),
    ("قبل 15 دجنبر 2026", "2026-12-15"),
    ("قبل ١٥ دجنبر ٢٠٢٦", "2026-12-15"),
    ("إلى غاية 31 غشت 2027", "2027-08-31"),
    ("فاتح شتنبر 2027", "2027-09-01"),
    ("في أجل أقصاه 31/03/2027", "2027-03-31"),
    ("قبل نهاية شهر يوليوز 2027", "2027-07-31"),
    ("قبل نهاية نونبر", "2026-11-30"),
    ("قبل 3 ماي", "2027-05-03"),
    ("في غضون ستة أشهر", "2027-05-30"),
    ("داخل أجل ثلاثة أشهر", "2027-02-28"),
    ("خلال شهرين", "2027-01-30"),
    ("داخل أجل 15 يوما", "2026-12-15"),
    ("خلال الربع الأول من سنة 2027", "2027-03-31"),
    ("قبل نهاية الفصل الثاني من 2027", "2027-06-30"),
    ("قبل نهاية السنة المقبلة", "2027-12-31"),
    ("قبل نهاية السنة الجارية", "2026-12-31"),
    ("avant la fin de l'année 2027", "2027-12-31"),
    ("d’ici fin mars 2027", "2027-03-31"),
    ("avant le 1er septembre 2027", "2027-09-01"),
    ("au plus tard le 15 août 2027", "2027-08-15"),
    ("avant le 15/04/27", "2027-04-15"),
    ("dans un délai de six mois", "2027-05-30"),
    ("sous 15 jours", "2026-12-15"),
    ("d'ici la fin de l'année", "2026-12-31"),
    ("au premier trimestre 2027", "2027-03-31"),
    ("avant la fin du T2 2027", "2027-06-30"),
    ("au deuxième semestre 2027", "2027-12-31"),
    ("à l'horizon 2030", "2030-12-31"),
    ("d'ici septembre prochain", "2027-09-30"),
    ("mi-février 2027", "2027-02-15"),
    ("before the end of 2026", "2026-12-31"),
    ("by 31 March 2027", "2027-03-31"),
    ("by March 31, 2027", "2027-03-31"),
    ("no later than 2027-02-28", "2027-02-28"),
    ("within six months", "2027-05-30"),
    ("within 60 days", "2027-01-29"),
    ("by the end of Q1 2027", "2027-03-31"),
    ("by the end of the second quarter of 2027", "2027-06-30"),
    ("before 2028", "2027-12-31"),
    ("by the end of next year", "2027-12-31"),
]


@pytest.mark.parametrize(("words", "day"), DAYS)
def test_a_time_limit_means_this_day(words: str, day: str) -> None:
    assert str(due_on(words, MEETING)) == day


@pytest.mark.parametrize(
    "words",
    [
        "في أقرب وقت ممكن",
        "سنويا",
        "dans les meilleurs délais",
        "à la prochaine réunion",
        "as soon as possible",
        "within 60 days of the adoption of this report",
        "dans un délai de trois mois à compter de la date de publication",
        "في غضون شهرين من تاريخ المصادقة",
        "le 31 février 2027",
        "",
    ],
)
def test_what_names_no_day_has_none(words: str) -> None:
    assert due_on(words, MEETING) is None


@pytest.mark.parametrize("words", ["في غضون ستة أشهر", "before the end of the year", "avant le 3 mai"])
def test_without_the_day_of_the_meeting_nothing_relative_has_a_day(words: str) -> None:
    assert due_on(words) is None


@pytest.mark.parametrize(
    ("lang", "sentence", "limit"),
    [
        ("ar", "إحداث المنصة قبل متم شهر يونيو 2027 بتنسيق مع الجهة", "قبل متم شهر يونيو 2027"),
        ("ar", "إعداد الدراسة في غضون ستة أشهر على الأكثر", "في غضون ستة أشهر على الأكثر"),
        ("ar", "تنظيم يوم دراسي خلال شهر ماي المقبل", "خلال شهر ماي المقبل"),
        ("fr", "publier la carte au plus tard le 15 mai 2027 et la diffuser", "au plus tard le 15 mai 2027"),
        ("fr", "achever les travaux dans un délai de huit mois", "dans un délai de huit mois"),
        ("en", "open the desk no later than 1 June 2027 in Fez", "no later than 1 June 2027"),
        ("en", "report within 90 days to the council", "within 90 days"),
    ],
)
def test_a_time_limit_is_found_verbatim(lang: str, sentence: str, limit: str) -> None:
    place = find(fold(sentence), 0, len(sentence), lexicon(lang))
    assert place is not None
    assert sentence[place[0] : place[1]] == limit


@given(st.text(max_size=60), st.one_of(st.none(), st.dates()))
def test_no_words_break_the_reader(words: str, today: date | None) -> None:
    assert due_on(words, today) is None or isinstance(due_on(words, today), date)
