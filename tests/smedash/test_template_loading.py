"""Templates are folded for each language, and say the same as unfolded ones."""

from __future__ import annotations

import pytest
from django.template import Context, Engine, Template, engines
from django.template.base import TextNode
from django.utils.translation import override

from smedash.template_loading import fold
from smedash.templatetags.ui import icon

TEXTS = (
    '{% load i18n ui %}<p>{% translate "Mentions" %} {% icon "tag" 12 %}</p>',
    '{% load i18n %}{% translate "100%% of it" %}{% blocktranslate %}Nothing else{% endblocktranslate %}',
    "{% load i18n %}{% blocktranslate %}All of {{ number }}{% endblocktranslate %}",
    '{% load i18n %}{% translate "Mentions" as word %}[{{ word }}]{% translate word %}',
    '{% load i18n %}{% translate "Mentions"|upper %}',
    "{% load i18n %}{% blocktranslate count n=number %}one{% plural %}{{ n }} of them{% endblocktranslate %}",
    '{% load ui %}{% icon mark %}{% icon "tag" as drawn %}{{ drawn }}',
    '{% load static %}<link href="{% static "css/base.css" %}">{% static "icon.svg" as file %}{{ file }}',
    '{% load i18n %}{% for each in many %}{% translate "Open" %}{% empty %}{% translate "None" %}{% endfor %}',
    '{% load i18n %}{% if number %}a{% translate "Yes" %}{% else %}{% translate "No" %}b{% endif %}',
    '{% load i18n %}{% with a=number %}{% comment %}x{% endcomment %}{% translate "A" %}{{ a }}{% endwith %}',
    '{% load i18n %}{% language "de" %}{% translate "Yes" %}{% endlanguage %}{% translate "Yes" %}',
    '{% load i18n %}{% autoescape off %}{% translate "<b>" %}{{ sign }}{% endautoescape %}{% translate "<b>" %}',
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_folded_template_draws_the_same(text: str, language: str) -> None:
    values: dict[str, object] = {"number": 3, "sign": "<tag>", "mark": "tag", "many": [1, 2]}
    engine = Engine.get_default()
    with override(language):
        plain, folded = (Template(text, engine=engine) for _copy in range(2))
        fold(folded)
        for given in (values, {"number": 0, "mark": "x"}):
            assert folded.render(Context(given)) == plain.render(Context(given))


def test_what_never_changes_becomes_one_text() -> None:
    template = Template('{% load i18n ui %}{# a #}<p>{% translate "Tags" %}{% icon "tag" %}</p>')
    fold(template)
    (node,) = template.nodelist
    assert isinstance(node, TextNode)
    assert node.s == f"<p>Tags{icon('tag')}</p>"


def test_an_empty_template_stays_empty() -> None:
    template = Template("{% load i18n %}")
    fold(template)
    assert list(template.nodelist) == []


def test_each_language_has_templates_of_its_own() -> None:
    engine = Engine.get_default()
    with override("de"):
        german = engine.get_template("404.html")
        assert engine.get_template("404.html") is german
    with override("en"):
        english = engine.get_template("404.html")
    assert german is not english
    with override("de"):
        assert '<html lang="de"' in engines["django"].get_template("404.html").render({})
