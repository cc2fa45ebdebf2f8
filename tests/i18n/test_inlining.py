"""Macros that were written into loops read as if they had been called."""

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from app.i18n.spoken import SpokenEnvironment

MACROS = """{% set own = "set" %}{% import "deep.html" as deep %}
{% macro row(title, about="", kind="plain", more=None) %}
<li class="{{ kind }}">{{ title }}{% if more %}!{{ more }}{% endif %}{% if kind == "odd" %}?{% endif %}
<i>{{ about }}</i></li>
{% endmacro %}
{% macro twice(x) %}{% set y = x ~ x %}{{ y }}{% for x in y %}[{{ x }}{{ loop.index }}]{% endfor %}{{ x }}{% endmacro %}
{% macro outer(x) %}({{ row(x, about=link(x)) }}){% endmacro %}
{% macro link(x) %}<a>{{ x }}</a>{% endmacro %}
{% macro boxed(name) %}<p id="{{ name }}">{% if name %}{{ caller() }}{% endif %}</p>{% endmacro %}
{% macro around(name) %}{{ caller() }}{{ caller() }}{% endmacro %}
{% macro global() %}{{ word }}{% endmacro %}
{% macro of_the_page() %}{{ given }}{% endmacro %}
{% macro set_outside() %}{{ own }}{% endmacro %}
{% macro borrowed(x) %}{{ deep.deeper(x) }}{% endmacro %}
{% macro again(n) %}{{ n }}{% if n %}{{ again(n - 1) }}{% endif %}{% endmacro %}
{% macro _own(x) %}_{{ x }}{% endmacro %}
{% macro private(x) %}{% if _own(x) %}{{ _own(x) }}{% endif %}{% endmacro %}
{% macro any_number() %}{{ varargs|join("+") }}{% endmacro %}
"""
DEEP = "{% macro deeper(x) %}<deep>{{ x }}</deep>{% endmacro %}"
HEAD = '{% import "macros.html" as m with context %}'
LOOPS = [
    "{{ m.row(one) }}",
    "{{ m.row(one, '<b>') }}{{ m.row(one, kind='odd', more=one) }}",
    "{{ m.row(about=m.link(one), title=one) }}",
    "{{ m.row(m.link(one)|upper, m.link('&')) }}",
    "{% set title = one %}{{ m.row('x', title) }}{{ title }}",
    "{% set y = 'mine' %}{{ m.twice(one) }}{{ y }}{{ loop.index }}",
    "{{ m.twice(x=one) }}{% for x in one %}{{ m.twice(x) }}{{ x }}{% endfor %}",
    "{{ m.outer(one) }}",
    "{% call m.boxed(one) %}{% set name = 'n' %}{{ name }}{{ one }}{{ loop.index }}{% endcall %}",
    "{% call m.boxed('') %}{{ one }}{% endcall %}{% call m.around(1) %}{{ one }}{% endcall %}",
    "{% call m.boxed(one) %}{% call m.boxed('in') %}{{ m.link(one) }}{% endcall %}{% endcall %}",
    "{{ m.global() }}{{ m.of_the_page() }}{{ m.set_outside() }}{{ m.borrowed(one) }}",
    "{% set given = 'here' %}{{ m.of_the_page() }}",
    "{% for given in 'ab' %}{{ m.of_the_page() }}{{ m.global() }}{% endfor %}",
    "{% set word = 'ours' %}{{ m.global() }}",
    "{{ m.again(3) }}{{ m.any_number(1, 2) }}{{ m.any_number() }}",
    "{% set kept %}{{ m.row(one) }}{% endset %}{{ kept }}{{ kept }}",
    "{% if m.link(one) %}{{ m.link(one) ~ '&' }}{% else %}{{ m.row(one) }}{% endif %}",
    "{{ m.private(one) }}",
    "{{ m.row(m.link(one), m.link('a') ~ m.link('b') ~ one, 'odd', m.link('c') if one else '') }}",
    "{{ m.link(one) if one else m.link('none') ~ '&' }}{{ m.link(one) if one }}{{ one if one else m.link(1) }}",
    "{{ m.row(*[one]) }}{{ m.row(**{'title': one}) }}",
    "{% macro here(a) %}{{ a }}{{ given }}{% endmacro %}{{ here(one) }}",
]
HOLDER = '{% import "macros.html" as m %}{% import "deep.html" as deep %}'
OWN = "{% macro own(a) %}<b>{{ a }}</b>{% endmacro %}"
PAGES = [
    *(HEAD + "{% for one in those %}" + loop + "{% endfor %}" for loop in LOOPS),
    '{% import "macros.html" as m %}{% for one in those %}{{ m.outer(one) }}{{ m.global() }}{% endfor %}',
    HOLDER + "{% for a in those %}{{ m.borrowed(a) }}{% endfor %}",
    '{% import "macros.html" as m %}{% set deep = 1 %}{% for a in those %}{{ m.borrowed(a) }}{{ deep }}{% endfor %}',
    OWN + "{% for one in those %}{{ own(one) }}{% endfor %}",
    OWN + "{% set own = those[0].upper %}{% for one in 'a' %}{{ own() }}{% endfor %}",
    "{% set x = given %}{% macro own(a) %}{{ x }}{{ a }}{% endmacro %}{% for b in those %}{{ own(b) }}{% endfor %}",
    OWN
    + "{% set x = given %}{% macro own(a) %}{{ x }}{{ a }}{% endmacro %}{% for x in 'ab' %}{{ own(x) }}{% endfor %}",
    HEAD + "{% for m in ms %}{{ m.row(1) }}{% endfor %}",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_it_reads_the_same(page: str, name: str) -> None:
    context = {"those": ["<1>", "zwei", ""], "given": "<given>", "ms": [_Other()]}

    texts = [
        _environment(kind, {name: page}).get_template(name).render(context) for kind in (SpokenEnvironment, Environment)
    ]

    assert texts[0] == texts[1] != ""


class _Other:
    def row(self, _: int) -> str:
        return "another"


@pytest.mark.parametrize(("loop", "calls"), [*zip(LOOPS[:9], [0, 0, 0, 1, 0, 0, 0, 0, 0], strict=True), (LOOPS[12], 1)])
def test_a_loop_calls_only_what_is_not_shown_or_would_read_otherwise(loop: str, calls: int) -> None:
    environment = _environment(SpokenEnvironment, {})
    page = HEAD + "{% for one in those %}" + loop + "{% endfor %}"

    assert environment.compile(page, "page.html", raw=True).count("context.call(") == calls


def test_what_is_missing_is_told_as_by_the_macro() -> None:
    page = HEAD + "{% for one in 'ab' %}{{ m.row() }}{% endfor %}"

    with pytest.raises(Exception, match="parameter 'title' was not provided"):
        _environment(SpokenEnvironment, {"page.html": page}).get_template("page.html").render()


def _environment(kind: type[Environment], pages: dict[str, str]) -> Environment:
    loader = DictLoader({"macros.html": MACROS, "deep.html": DEEP, **pages})
    environment = kind(
        loader=loader, autoescape=lambda name: name is None or name.endswith("html"), undefined=StrictUndefined
    )
    environment.globals["word"] = "<word>"
    return environment
