"""From a report to proposals: press prose, lists and minutes in three languages, invented, and texts without any."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.propose import Reading, as_json, propose

MEETING = date(2026, 3, 12)

PRESS_AR = """طنجة: لقاء جهوي حول صادرات الصناعة التقليدية

احتضنت غرفة التجارة والصناعة والخدمات يوم الخميس 12 مارس لقاء جمع المهنيين والإدارات المعنية. \
وقال رئيس الغرفة إن الجهة تتوفر على مؤهلات كبيرة.
وأوصى المشاركون بإحداث شباك موحد للمصدرين بالميناء قبل نهاية 2026، وتبسيط مساطر المراقبة الجمركية، \
بالإضافة إلى تكوين الحرفيين في تقنيات التغليف.
كما دعا اللقاء وزارة الصناعة والتجارة إلى مواكبة التعاونيات في المعارض الدولية في غضون ستة أشهر.
وأشاد الحاضرون بجودة التنظيم، معبرين عن شكرهم للسلطات المحلية.
"""

LIST_AR = """في ختام أشغال الورشة، أوصت اللجنة بما يلي:
- إعداد دليل عملي لفائدة المقاولات الصغرى؛
- مراجعة وتحديث القانون المنظم للمناطق الصناعية؛
- إنشاء مختبر جهوي للتحاليل وتوفير التجهيزات اللازمة له.

واختتم اللقاء بحفل شاي.
"""

PRESS_FR = """Oujda. Une rencontre régionale sur la logistique s'est tenue jeudi. \
M. Alaoui a souligné l'importance de l'événement.
Les participants ont recommandé de moderniser la gare routière avant le 30 juin 2027 \
et de créer une plateforme de groupage.
La commission demande au ministère des Transports de publier le calendrier des travaux dans un délai de trois mois.
Les organisateurs ont remercié leurs partenaires."""

MINUTES_FR = """Compte rendu de la réunion du comité de pilotage

Présents : Amina, Karim, Leila

Actions :
1. Transmettre la liste des exportateurs à la douane (pour le 15 avril)
2. Relancer l'agence de développement au sujet du pavillon
3. Élaborer et diffuser un guide pratique

La date de la prochaine réunion est fixée au 4 mai."""

PRESS_EN = """The regional forum closed on Thursday. The mayor said that the city was proud of its port.
Participants called on the Ministry of Trade to publish a single list of required certificates by the end of 2026.
The committee recommends that the regional council open a help desk for small exporters \
and that customs extend its hours.
"""

MINUTES_EN = """Minutes of the export task force

Attendees: Amina, Karim, Leila

- Karim will send the draft guide to the chamber of commerce by 30 April 2026.
- The group discussed the budget.

Action items:
- Prepare a calendar of trade fairs
- Contact the certification bodies
"""


def texts(reading: Reading) -> list[str]:
    return [proposal.text for proposal in reading.proposals]


def test_arabic_press_prose_gives_each_measure_apart() -> None:
    reading = propose(PRESS_AR, today=MEETING)
    assert reading.lang == "ar"
    assert texts(reading) == [
        "إحداث شباك موحد للمصدرين بالميناء قبل نهاية 2026",
        "تبسيط مساطر المراقبة الجمركية",
        "تكوين الحرفيين في تقنيات التغليف",
        "مواكبة التعاونيات في المعارض الدولية في غضون ستة أشهر",
    ]


def test_owner_and_time_limit_are_words_of_the_arabic_report() -> None:
    first, *_, last = propose(PRESS_AR, today=MEETING).proposals
    assert (first.owner, first.deadline, first.due_on) == (None, "قبل نهاية 2026", date(2026, 12, 31))
    assert (last.owner, last.deadline) == ("وزارة الصناعة والتجارة", "في غضون ستة أشهر")
    assert last.due_on == date(2026, 9, 12)


def test_an_arabic_list_under_a_recommending_sentence_is_read_to_its_end() -> None:
    assert texts(propose(LIST_AR)) == [
        "إعداد دليل عملي لفائدة المقاولات الصغرى",
        "مراجعة وتحديث القانون المنظم للمناطق الصناعية",
        "إنشاء مختبر جهوي للتحاليل",
        "توفير التجهيزات اللازمة له",
    ]


def test_french_press_prose_gives_each_measure_with_owner_and_day() -> None:
    first, second, third = propose(PRESS_FR, today=MEETING).proposals
    assert first.text == "moderniser la gare routière avant le 30 juin 2027"
    assert first.due_on == date(2027, 6, 30)
    assert second.text == "créer une plateforme de groupage"
    assert third.text.startswith("publier le calendrier des travaux")
    assert (third.owner, third.due_on) == ("ministère des Transports", date(2026, 6, 12))


def test_french_minutes_give_their_numbered_actions_and_nothing_of_the_frame() -> None:
    reading = propose(MINUTES_FR, today=MEETING)
    assert texts(reading) == [
        "Transmettre la liste des exportateurs à la douane (pour le 15 avril)",
        "Relancer l'agence de développement au sujet du pavillon",
        "Élaborer et diffuser un guide pratique",
    ]
    assert reading.proposals[0].due_on == date(2026, 4, 15)


def test_english_press_prose_gives_each_measure_with_its_owner() -> None:
    first, second, third = propose(PRESS_EN).proposals
    assert first.text == "publish a single list of required certificates by the end of 2026"
    assert (first.owner, first.due_on) == ("the Ministry of Trade", date(2026, 12, 31))
    assert second.text == "the regional council open a help desk for small exporters"
    assert (second.owner, third.text) == ("the regional council", "customs extend its hours")


def test_english_minutes_give_what_somebody_will_do_and_the_action_items() -> None:
    first, *others = propose(MINUTES_EN).proposals
    assert (first.owner, first.due_on) == ("Karim", date(2026, 4, 30))
    assert [p.text for p in others] == ["Prepare a calendar of trade fairs", "Contact the certification bodies"]


def test_a_report_in_two_languages_is_read_in_both() -> None:
    reading = propose(PRESS_AR + "\n" + PRESS_FR)
    assert reading.lang == "ar"
    assert len(reading.proposals) == 7


@pytest.mark.parametrize(
    "text",
    [
        "ناقش الحضور أوضاع القطاع، وخرج اللقاء بتوصيات هامة سترفع إلى الجهات المعنية.",
        "دعا الدكتور عمر خلال كلمته إلى تطوير البحث العلمي، مضيفا أن النتائج مشجعة.",
        "صادق المجلس على محضر الدورة السابقة وانتخب رئيسا جديدا.",
        "Le ministre a salué les efforts accomplis. Des recommandations seront publiées. La séance est levée à midi.",
        "M. Omar demande une pause. La prochaine réunion se tiendra le 3 mai 2027.",
        "The minister said that exports should grow. The next meeting will be held on 3 May 2027.",
        "Recommendations were discussed at length. The report was adopted.",
    ],
)
def test_a_report_that_recommends_nothing_gives_nothing(text: str) -> None:
    assert texts(propose(text)) == []


def test_a_sure_verb_is_surer_than_a_form() -> None:
    sure = propose("Le comité recommande de créer un guichet unique.", "fr").proposals[0]
    unsure = propose("Il faudrait créer un guichet unique.", "fr").proposals[0]
    assert 0 < unsure.confidence < sure.confidence < 1


def test_places_count_letters_of_the_text_as_given_vowel_signs_included() -> None:
    text = "أَوْصَى المُشَارِكُونَ بِتَبْسِيطِ المَسَاطِرِ الجُمْرُكِيَّةِ."
    (only,) = propose(text).proposals
    assert text[only.start : only.end] == only.text
    assert only.text.endswith("الجُمْرُكِيَّةِ")


def test_the_printed_form_holds_what_scripts_rely_on() -> None:
    printed = as_json(propose(PRESS_EN))
    assert (printed["lang"], printed["text"]) == ("en", PRESS_EN)
    proposals = printed["proposals"]
    assert isinstance(proposals, list)
    assert set(proposals[0]) == {"text", "start", "end", "owner", "deadline", "due_on", "confidence"}
    assert proposals[0]["due_on"] == "2026-12-31"


PIECES = st.sampled_from(
    [
        *PRESS_AR.split(),
        *PRESS_FR.split(),
        *MINUTES_EN.split(),
        *LIST_AR.split(),
        "\n",
        "\n- ",
        "1. ",
        ": ",
        "«",
        "(",
        "؛\n",
    ]
)


@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=80).map(" ".join)))
def test_any_text_gives_places_in_order_that_hold_what_they_say(text: str) -> None:
    reading = propose(text, today=MEETING)
    last = 0
    for p in reading.proposals:
        assert last <= p.start < p.end <= len(text)
        assert p.text == text[p.start : p.end]
        assert all(words is None or words in text for words in (p.owner, p.deadline))
        assert 0 <= p.confidence <= 1
        last = p.end


def test_a_repeated_preposition_begins_another_measure() -> None:
    text = "ودعا المشاركون إلى تقوية الدبلوماسية التجارية، وإلى تحديد الأسواق الواعدة، وإلى مواكبة المقاولات المصدرة."
    assert [proposal.text for proposal in propose(text, "ar").proposals] == [
        "تقوية الدبلوماسية التجارية",
        "تحديد الأسواق الواعدة",
        "مواكبة المقاولات المصدرة",
    ]
