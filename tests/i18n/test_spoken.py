"""Sentences that were put into a template when it was compiled read as if they had been looked up each time."""

import pytest
from jinja2 import Environment

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
]


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
