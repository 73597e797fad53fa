"""In which language a post is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.analysis.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The coffee here is really good and the staff are lovely", "en"),
        ("Der Kaffee war kalt und die Bedienung unfreundlich", "de"),
        ("Le service était excellent et les croissants délicieux", "fr"),
        ("El café estaba frío y nadie nos atendió", "es"),
        ("Il caffè era buono ma il locale troppo rumoroso", "it"),
        ("O atendimento foi ótimo, mas o café estava frio", "pt"),
        ("Pelayanannya ramah dan makanannya enak sekali", "id"),
        ("الخدمة ممتازة والمكان جميل", "ar"),
        ("खाना बहुत अच्छा था", "hi"),
        ("yaar ye phone bahut bekar hai", "hi-Latn"),
        ("東京タワーに行きました", "ja"),
        ("我爱北京天安门", "zh"),
        ("ผมชอบกาแฟมาก", "th"),
        ("커피가 맛있어요", "ko"),
        ("Кофе был очень вкусный, спасибо", "ru"),
        ("Nike dhe Adidas أحب هذا المكان كثيرا جدا", "ar"),
        ("DER KAFFEE WAR LEIDER SCHON WIEDER KALT 😡", "de"),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "ok", "123 €", "😀😀", "ha ha"])
def test_too_little_text_is_of_no_known_language(text: str) -> None:
    assert detect_language(text) == "und"


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        ("ok", "pt-BR", "pt"),
        ("Hallo", "DE_at", "de"),
        ("apa kabar", "in", "id"),
        ("hei alle", "nb", "no"),
        ("namaste bhai", "hi", "hi-Latn"),
        ("नमस्ते", "hi", "hi"),
        ("great", "hi-Latn", "hi-Latn"),
        ("北京", "ja", "ja"),
    ],
)
def test_the_platform_is_believed(text: str, stated: str, language: str) -> None:
    assert detect_language(text, stated=stated) == language


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        ("أحب هذا المكان", "en", "ar"),
        ("नमस्ते दोस्तों", "en", "hi"),
        ("What a lovely place this is", "ru", "en"),
        ("What a lovely place this is", "und", "en"),
        ("What a lovely place this is", "../../etc/passwd", "en"),
    ],
)
def test_the_platform_is_not_believed_against_the_script(text: str, stated: str, language: str) -> None:
    assert detect_language(text, stated=stated) == language


@given(text=st.text(), stated=st.none() | st.text())
def test_any_text_has_an_answer(text: str, stated: str | None) -> None:
    language = detect_language(text, stated=stated)
    assert language in ("und", "hi-Latn") or (language.isascii() and len(language) in (2, 3))
