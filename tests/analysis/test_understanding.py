"""Everything that is understood about a post."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitoring.analysis.sentiment import Sentiment
from monitoring.analysis.terms import MOST_TERMS
from monitoring.analysis.understanding import Understanding, understand, understand_many


def test_a_post_is_understood() -> None:
    text = (
        "@Ada.example did you try the #FlatWhite at Blue Bottle? So good 😍 https://example.org/menu?day=1."
    )
    assert understand(text) == Understanding(
        language="en",
        sentiment=Sentiment.POSITIVE,
        confidence=understand(text).confidence,
        hashtags=("flatwhite",),
        handles=("ada.example",),
        links=("https://example.org/menu?day=1",),
        terms=("flatwhite", "blue", "bottle"),
        is_question=True,
    )


def test_the_platforms_language_is_used() -> None:
    assert understand("super", language="pt-BR").language == "pt"


def test_several_posts_are_understood_in_order() -> None:
    texts = ["Great coffee today", "", "Schrecklich enttäuschend heute"]
    assert understand_many(texts) == [understand(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "hashtags", "handles", "links"),
    [
        ("#Straße #STRASSE #हिन्दी", ("strasse", "हिन्दी"), (), ()),
        ("#1 of #2026goals &#39;quoted&#39;", ("2026goals",), (), ()),
        ("mail ada@example.org, not @ada@example.org", (), ("ada@example.org",), ()),
        ("(see https://example.org/a_(b)) and http://x.example.", (), (), ("https://example.org/a_(b)", "http://x.example")),
        ("ftp://example.org javascript:alert(1)", (), (), ()),
        ("https://example.org/#part https://example.org/@ada", (), (), ("https://example.org/#part", "https://example.org/@ada")),
        ("＃北京 很好", ("北京",), (), ()),
        ("#İstanbul #ISTANBUL", ("istanbul",), (), ()),
        (f"#{'a' * 101} #short", ("short",), (), ()),
        ("https://example.org/\u200b#tag https://example.org/a\u202egpj.exe", ("tag",), (), ("https://example.org/", "https://example.org/a")),
        ("https:///etc/passwd https:// http://-", (), (), ()),
    ],
)  # fmt: skip
def test_what_a_post_points_to(
    text: str, hashtags: tuple[str, ...], handles: tuple[str, ...], links: tuple[str, ...]
) -> None:
    found = understand(text)
    assert (found.hashtags, found.handles, found.links) == (hashtags, handles, links)


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("The coffee was cold and the coffee shop closed", "en", ("coffee", "cold", "shop", "closed")),
        ("Der Kaffee war nicht für mich", "de", ("kaffee",)),
        ("L'hôtel de la plage, c'est l’océan", "fr", ("hôtel", "plage", "océan")),
        ("यह किताब बहुत अच्छी है", "hi", ("किताब", "अच्छी")),
        ("see https://example.org/secret-path", "en", ()),
        ("北京 烤鸭", "zh", ("北京", "烤鸭")),
    ],
)
def test_terms_say_what_it_is_about(text: str, language: str, terms: tuple[str, ...]) -> None:
    assert understand(text, language=language).terms == terms


@pytest.mark.parametrize(
    "text",
    [
        "Is it open?",
        "Does anyone know a good roaster",
        "Weiß jemand wann ihr öffnet",
        "Alguien sabe dónde",
        "هل المحل مفتوح",
        "几点开门？",
    ],
)
def test_a_question_is_noticed(text: str) -> None:
    assert understand(text).is_question


@pytest.mark.parametrize("text", ["Open now.", "https://example.org/?q=1", "I know what you mean"])
def test_a_statement_is_not_a_question(text: str) -> None:
    assert not understand(text).is_question


@given(text=st.text(), language=st.none() | st.sampled_from(["en", "de", "ar", "hi", "th", "xx", "und", ""]))
@example(text="\ud800 @\ud800 #\udfff", language=None)
@example(text="http://[", language="en")
@example(text="\\ud800 &#xd800; &#0;", language="en")
@example(text="#" * 2_000 + "@" * 2_000 + ":" * 2_000, language="en")
def test_any_text_is_understood(text: str, language: str | None) -> None:
    found = understand(text, language=language)
    assert 0 < found.confidence < 1
    assert len(found.terms) <= MOST_TERMS
    assert all(link.lower().startswith(("http://", "https://")) for link in found.links)
