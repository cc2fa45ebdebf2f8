"""What a template gets: escaped, isolated, in its reader's language."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jinja2 import UndefinedError

from app import rendering
from app.domain.marks import Flag
from app.domain.messages import Message
from app.domain.progress import Status
from app.domain.workflow import BlockReason, Evidence, State
from app.formats import svg
from app.i18n import LANGS, numbers
from app.rendering import environment
from app.wording import say, say_text
from tests.fixtures.settings import Configure

TODAY = date(2026, 11, 23)


def shown(source: str, lang: str = "ar", **context: object) -> str:
    return environment(lang).from_string(source).render(context)


class Form:
    """What the doors hand to the macros."""

    def __init__(self, values: dict[str, str], errors: dict[str, Message], problems: list[Message]) -> None:
        self.values, self.errors, self.problems, self.once = values, errors, problems, "nonce"


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = '<script>alert(1)</script>"'
    page = shown(
        "{{ x }}{{ x|ltr }}{{ x|bdi }}{{ titled({'ar': x}) }}{{ m|say }}",
        x=evil,
        m=Message("Blocked: %(reason)s", reason=evil),
    )
    assert "<script" not in page
    assert page.count("&lt;script") == 5


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("own", LANGS)
def test_a_title_is_text_in_whatever_language_it_is(lang: str, own: str) -> None:
    evil = '</bdi><script>alert(1)</script>" onload="x'
    assert "<script" not in shown("{{ titled(t) }}{{ t|titled }}", lang, t={own: evil})
    assert shown("{{ titled(t) }}", lang, t={own: evil}).count("&lt;script") == 1
    assert "<script" not in shown('<p title="{{ t|title_text }}">', lang, t={own: evil})


def test_references_percents_and_grouped_numbers_are_isolated() -> None:
    assert shown("{{ 'FM-2024-03'|ltr }}") == '<bdi dir="ltr">FM-2024-03</bdi>'
    assert shown("{{ 34|percent }}") == '<bdi dir="ltr">34%</bdi>'
    assert shown("{{ 2600000|number }} {{ 12|number }}") == '<bdi dir="ltr">2.600.000</bdi> 12'


def test_a_title_in_another_language_says_so() -> None:
    assert shown("{{ titled(t) }}", t={"fr": "Guichet", "en": "Desk"}) == '<bdi lang="fr" dir="ltr">Guichet</bdi>'
    assert shown("{{ titled(t) }}", "en", t={"fr": "Guichet", "en": "Desk"}) == "<bdi>Desk</bdi>"


def test_dates_carry_the_machine_s_form_and_the_reader_s_words() -> None:
    said = shown("{{ d|when(today) }}", d=date(2026, 12, 5), today=TODAY)
    assert said == '<time datetime="2026-12-05" title="5 دجنبر 2026">بعد 12 يوما</time>'
    moment = shown("{{ t|moment }}", "fr", t=datetime(2026, 11, 23, 10, 42, tzinfo=UTC))
    assert moment == '<time datetime="2026-11-23T10:42:00Z">23 novembre 2026 à 10\u00a0h\u00a042</time>'


@pytest.mark.parametrize(
    ("zone", "at", "day", "said"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 23, 20, 1, tzinfo=UTC), "2026-11-24", "24 November 2026"),
        ("America/New_York", datetime(2026, 11, 24, 2, 1, tzinfo=UTC), "2026-11-23", "23 November 2026"),
    ],
)
def test_an_instant_is_written_with_the_day_of_the_installation(
    configure: Configure, zone: str, at: datetime, day: str, said: str
) -> None:
    """Morocco is on Greenwich's own time: only another zone shows which of the two is meant."""
    configure(timezone=zone)

    assert shown("{{ t|day }}", "en", t=at) == f'<time datetime="{day}">{said}</time>'
    assert shown("{{ t|day_text }}", "en", t=at) == said
    assert shown("{{ t|when(today) }}", "en", t=at, today=date.fromisoformat(day)).endswith(">today</time>")
    assert shown("{{ t|when_text(today) }}", "en", t=at, today=date.fromisoformat(day)) == "today"
    assert said in shown("{{ t|moment_text }}", "en", t=at)


def test_values_of_a_message_are_words_of_the_reader() -> None:
    message = Message("%(day)s at %(time)s", day=date(2026, 11, 30), time=BlockReason.LAND)
    assert say_text(message, "fr") == "30 novembre 2026 à Foncier"
    assert '<time datetime="2026-11-30">' in say(message, "fr")


def test_a_name_that_the_context_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        shown("{{ nothing }}")


def test_marks_say_the_lead_then_the_flags() -> None:
    page = shown(
        "{{ chips(s, f, late=12, reason=r) }}",
        "fr",
        s=State.IN_PROGRESS,
        f=(Flag.OVERDUE, Flag.BLOCKED),
        r=BlockReason.BUDGET,
    )
    words = ["#g-progress", "En cours", "#g-overdue", "En retard de 12 jours", "#g-blocked", "Bloquée\u202f: Budget"]
    places = [page.index(word) for word in words]
    assert places == sorted(places)


def test_in_arabic_the_flags_of_an_action_are_masculine_and_of_a_recommendation_feminine() -> None:
    flags = (Flag.OVERDUE, Flag.BLOCKED)
    action = shown("{{ chips(s, f, late=12) }}", "ar", s=State.IN_PROGRESS, f=flags)
    recommendation = shown("{{ chips(s, f, late=12) }}", "ar", s=Status.IN_PROGRESS, f=flags)
    assert re.findall("متأخرة?|متعثرة?", action) == ["متأخر", "متعثر"]
    assert re.findall("متأخرة?|متعثرة?", recommendation) == ["متأخرة", "متعثرة"]


def test_what_blocks_is_a_flag_and_the_lead_stays_in_progress() -> None:
    assert "En cours" in shown("{{ chip(s) }}", "fr", s=State.BLOCKED)


def test_members_of_two_enums_with_one_value_keep_their_own_words() -> None:
    page = shown("{{ chip(a) }}|{{ chip(b) }}", "en", a=Status.IN_PROGRESS, b=State.IN_PROGRESS)
    assert page.count("In progress") == 2
    assert shown("{{ a|label }} {{ b|label }}", "fr", a=State.VERIFIED, b=Evidence.VERIFIED) == "Vérifiée Vérifiée"


@pytest.mark.parametrize("member", [*Status, *State])
def test_every_status_and_state_has_a_glyph_in_the_sprite(member: Status | State) -> None:
    sprite = shown('{% include "macros/sprite.html" %}')
    glyph = shown("{{ chip(s) }}", s=member).split('href="#')[1].split('"')[0]
    assert f'id="{glyph}"' in sprite


def test_threads_in_three_languages_never_mix_their_words() -> None:
    words = {lang: shown("{{ _('In progress') }}", lang) for lang in LANGS}
    assert len(set(words.values())) == 3
    with ThreadPoolExecutor(6) as pool:
        rounds = list(pool.map(lambda lang: (lang, shown("{{ _('In progress') }}", lang)), LANGS * 60))
    assert all(said == words[lang] for lang, said in rounds)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("base", ["base.html", "workspace/base.html", "links/base.html"])
def test_every_frame_renders_in_every_language_and_direction(base: str, lang: str) -> None:
    page = shown(f'{{% extends "{base}" %}}{{% block title %}}T{{% endblock %}}', lang, path="meetings/?year=2024")
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in page
    assert " style=" not in page
    if base != "links/base.html":
        assert 'href="/fr/meetings/?year=2024"' in page


def test_only_the_workspace_loads_a_script() -> None:
    pages = {
        base: shown(f'{{% extends "{base}" %}}{{% block title %}}T{{% endblock %}}')
        for base in ("base.html", "links/base.html", "workspace/base.html")
    }
    assert [base for base, page in pages.items() if "<script" in page] == ["workspace/base.html"]


FIELDS = """{% import "macros/forms.html" as forms %}{{ forms.problems(form) }}{{ forms.hidden(form, 7) }}
{{ forms.text(form, "place", "Lieu") }}{{ forms.textarea(form, "note", "Note") }}
{{ forms.titles(form, "title", "Titre") }}{{ forms.select(form, "post", "Poste", [(1, "A"), (2, "B")]) }}
{{ forms.radios(form, "choice", "Choix", [("a", "A"), ("b", "B")]) }}
{{ forms.date(form, "due", "Date", value=due) }}{{ forms.checkbox(form, "pub", "Public") }}"""


def test_a_form_keeps_what_was_typed_and_marks_the_field() -> None:
    typed = {"place": '"Fès"', "note": "\nligne", "title.ar": "عنوان", "post": "2", "choice": "b", "pub": "1"}
    form = Form(typed, {"place": Message("Overdue")}, [Message("Blocked")])
    page = shown(FIELDS, "fr", form=form, due=date(2026, 11, 30))
    assert 'value="&#34;Fès&#34;"' in page
    assert 'aria-invalid="true" aria-describedby="e-place"' in page
    assert '<a href="#f-place">En retard</a>' in page
    assert '<option value="2" selected>' in page
    assert 'value="b" checked' in page
    assert 'value="عنوان"' in page
    assert 'name="once" value="nonce"' in page
    assert 'name="version" value="7"' in page
    assert 'value="2026-11-30"' in page


def test_a_form_that_nobody_sent_yet_is_empty_and_unmarked() -> None:
    page = shown(FIELDS, "fr", form=None, due=None)
    assert "aria-invalid" not in page
    assert "problems" not in page
    assert "None" not in page


@pytest.mark.parametrize("lang", LANGS)
def test_a_chart_says_large_numbers_too(lang: str) -> None:
    """A browser leaves out whatever is no text within the text of a drawing, a number set apart included."""
    start, today = date(2026, 1, 5), TODAY
    reached = [(start, 4_159)]
    line = svg.burn_up(accepted=reached, planned=reached, verified=reached, today=today)
    module: Any = environment(lang).get_template("macros/charts.html").module
    legend, _, drawing = str(module.line(line, "x")).partition('<svg class="chart')

    assert legend.count(numbers.number(4_159, lang)) == 3
    assert "<bdi" not in drawing


def test_threads_that_are_first_at_once_get_one_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a mail puts into it would else be missing for all others, for as long as the process lives."""
    monkeypatch.setattr(rendering, "_environments", {})
    ready = threading.Barrier(12, timeout=20)

    def ask(_: int) -> int:
        ready.wait()
        return id(environment("ar"))

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(ask, range(12)))) == 1
