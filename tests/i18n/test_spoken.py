"""Sentences that were put into a template when it was compiled read as if they had been looked up each time."""

import pytest
from jinja2 import Environment
from markupsafe import Markup

from app.i18n import catalogues
from app.i18n.locales import LANGS
from app.i18n.spoken import SpokenEnvironment

SENTENCES = [
    '{{ _("Overview") }}',
    '{{ _("Referred to:") }} <b>{{ _("Yes") }}</b>',
    '{{ _("Implementation rate: %(rate)s.", rate=value) }}',
    '{% set word = _("Overview") %}{{ word ~ value }}',
    "{{ _(value) }}",
    '{{ _("of 100 %%: %(rate)s", rate=_("Overview")) }}',
    '{{ ngettext("%(num)s action is overdue", "%(num)s actions are overdue", 2) }}',
    '{{ ngettext("%(num)s action is overdue", "%(num)s actions are overdue", 11, num="<b>11</b>") }}',
    '{{ ngettext("%(num)s of %(rate)s", "%(num)s of %(rate)s", 3, rate=value) }}',
    '{{ pgettext("action", "Blocked") }} {{ pgettext("action", "%(rate)s late", rate=value) }}',
    '{{ npgettext("action", "%(num)s late", "%(num)s late", 11, num="<b>11</b>") }}',
    '{% macro m(a, b="&") %}{{ a }}{{ b }}{% endmacro %}{{ m(value) }}{% for x in "ab" %}{{ m(x, b="<") }}{% endfor %}',
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}{{ value }}{% endcall %}{{ value.upper() }}",
]


class _Typed(str):
    """A string that is not plain, as those of an enum are."""


class _Marked:
    def __html__(self) -> str:
        return "<u>"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize("template", SENTENCES)
def test_it_reads_the_same(lang: str, autoescape: bool, template: str) -> None:
    spoken = _environment(SpokenEnvironment, lang, autoescape)
    looked_up = _environment(Environment, lang, autoescape)

    context = {"value": "<i>12 %</i>" if "rate" in template else "Overview"}

    assert spoken.from_string(template).render(context) == looked_up.from_string(template).render(context)


def test_nothing_is_looked_up_while_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    template = _environment(SpokenEnvironment, "fr", True).from_string('{{ _("Overview") }}')
    monkeypatch.setattr(catalogues, "gettext", None)

    assert template.render() == catalogues.catalogue("fr").gettext("Overview") != "Overview"


def _environment(kind: type[Environment], lang: str, autoescape: bool) -> Environment:
    environment = kind(extensions=["jinja2.ext.i18n"], autoescape=autoescape)
    environment.install_gettext_translations(catalogues.catalogue(lang), newstyle=True)  # type: ignore[attr-defined]
    if isinstance(environment, SpokenEnvironment):
        environment.lang = lang
    return environment


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        (Markup("<b>"), "<b>"),
        (_Typed("<i>"), "&lt;i&gt;"),
        (_Marked(), "<u>"),
        (7, "7"),
        (-1.5, "-1.5"),
        (True, "True"),
    ],
)
def test_what_is_not_marked_is_escaped_whatever_it_is(value: object, shown: str) -> None:
    environment = SpokenEnvironment(autoescape=True)

    assert environment.from_string("[{{ value }}]{% set put %}{{ value }}{% endset %}{{ put }}").render(
        value=value
    ) == (f"[{shown}]{shown}")
