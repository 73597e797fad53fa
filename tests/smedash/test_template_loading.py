"""Templates are folded for each language, and say the same as unfolded ones."""

from __future__ import annotations

import pytest
from django.template import Context, Engine, Template, TemplateDoesNotExist, engines
from django.template.base import TextNode
from django.template.loader_tags import IncludeNode
from django.urls import clear_script_prefix, set_script_prefix
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
    '{% include "elements/_brand.html" %}{% include "elements/_brand.html" with number=9 only %}{{ number }}',
    '{% for many in many %}{% include "elements/_period_name.html" with choice=number %}{{ choice }}{% endfor %}',
    '{% url "dashboard:overview" mark %}{% url "dashboard:overview" slug=mark %}{% url "account_login" as a %}{{ a }}',
    '{% autoescape off %}{% url "dashboard:overview" mark %}{{ sign }}{% endautoescape %}',
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


PARTS = {
    "page": '{% for each in many %}{% include "part" with word=each %}{% endfor %}{{ word }}{{ within }}',
    "part": '{% include "turn" %}{% include "constant" %}{{ word }}{% now "Y" as within %};',
    "turn": '{% for each in "ab" %}{% cycle "1" "2" "3" %}{% endfor %}',
    "constant": "{# nothing #}-",
    "itself": '{{ deep }}{% if deep < 3 %}{% include "itself" with deep=deep|add:1 %}{% endif %}',
    "one": '{{ deep }}{% if deep < 3 %}{% include "other" with deep=deep|add:1 %}{% endif %}',
    "other": '[{% include "one" %}]',
    "missing": '{% if many %}{% include "nowhere" %}{% endif %}.',
    "outer": '{% include "inner" %}',
    "inner": '{% extends "base" %}{% block middle %}{{ word }}{% endblock %}',
    "base": "<{% block middle %}{% endblock %}>",
    "relative": '{% include "./constant" %}',
}


def draw(name: str, *, is_folded: bool, **values: object) -> str:
    """With our loader, or with Django's own."""
    loader = "smedash.template_loading.Loader" if is_folded else "django.template.loaders.cached.Loader"
    kept = [("django.template.loaders.locmem.Loader", PARTS)]
    return Engine(loaders=[(loader, kept)]).get_template(name).render(Context(values))


@pytest.mark.parametrize("name", [*PARTS])
def test_a_template_with_parts_draws_the_same(name: str) -> None:
    drawn = [draw(name, is_folded=folded, many=[], word="<b>", deep=0) for folded in (True, False)]
    assert drawn[0] == drawn[1]


def test_what_a_part_was_given_ends_with_it() -> None:
    drawn = [draw("page", is_folded=folded, many=["x", "y"], word="z") for folded in (True, False)]
    assert drawn == ["12-x;12-y;z", "12-x;12-y;z"]


def test_a_part_that_does_not_exist_is_missed_where_it_is_wanted() -> None:
    with pytest.raises(TemplateDoesNotExist, match="nowhere"):
        draw("missing", is_folded=True, many=[1])


def test_an_address_is_kept_for_each_of_what_it_names() -> None:
    template = Template('{% url "conversions:change_one_goal" "here" number %}')
    fold(template)
    drawn = [template.render(Context({"number": number})) for number in (1, 2, 1, "1")]
    assert drawn == [f"/o/here/goal/{number}/change/" for number in (1, 2, 1, 1)]


@pytest.mark.parametrize("prefix", ["/", "/here/"])
def test_an_address_is_kept_for_each_place_of_the_whole(prefix: str) -> None:
    template = Template('{% url "dashboard:overview" "halden" %}')
    fold(template)
    set_script_prefix(prefix)
    try:
        assert template.render(Context()) == f"{prefix}o/halden/"
    finally:
        clear_script_prefix()


def test_a_part_stands_where_it_is_included() -> None:
    kept = [("django.template.loaders.locmem.Loader", PARTS)]
    part = Engine(loaders=[("smedash.template_loading.Loader", kept)]).get_template("part")
    # One remembers where its cycle is, the other never changes.
    assert [str(node) for node in part.nodelist.get_nodes_by_type(IncludeNode)] == [
        "<IncludeNode: template=<FilterExpression '\"turn\"'>>"
    ]
    assert [node.s for node in part.nodelist if isinstance(node, TextNode)] == ["-", ";"]


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
