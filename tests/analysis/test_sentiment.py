"""Does a post speak well or badly?"""

from __future__ import annotations

import pytest

from monitoring.analysis.sentiment import RuleJudge, Sentiment, explain_sentiment, lexicon
from monitoring.analysis.sentiment.lexicon import FOLDER, Role, lexicon_for

JUDGE = RuleJudge()
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "hi-Latn", "id", "it", "pt")


def sentiment_of(text: str, language: str) -> Sentiment:
    return JUDGE.judge_one(text, language).sentiment


@pytest.mark.parametrize(
    ("language", "good", "bad", "neutral"),
    [
        (
            "en",
            "The staff were friendly and helpful",
            "Rude staff and a dirty room",
            "We open at nine on Monday",
        ),
        (
            "de",
            "Sehr freundliche Bedienung, gerne wieder",
            "Unverschämt teuer und kalt",
            "Wir öffnen um neun",
        ),
        (
            "fr",
            "Accueil chaleureux et plats délicieux",
            "Service déplorable, à fuir",
            "Nous ouvrons à neuf heures",
        ),
        ("es", "Me encanta este sitio", "Una estafa, no vuelvo", "Abrimos a las nueve"),
        ("it", "Cibo buonissimo e personale gentile", "Che schifo, mai più", "Apriamo alle nove"),
        ("pt", "Adorei o atendimento, recomendo", "Péssimo, comida horrível", "Abrimos às nove"),
        (
            "id",
            "Makanannya enak dan pelayanannya ramah",
            "Pelayanan lambat dan kotor",
            "Kami buka jam sembilan",
        ),
        ("ar", "الخدمة ممتازة والطعام لذيذ", "الخدمة سيئة والمكان قذر", "نفتح الساعة التاسعة"),
        ("hi", "खाना बहुत स्वादिष्ट था", "सेवा बहुत खराब है", "हम नौ बजे खुलते हैं"),
        ("hi-Latn", "khana bahut badhiya tha", "bilkul bekar service", "hum nau baje khulte hain"),
    ],
)
def test_every_language_knows_good_bad_and_neither(language: str, good: str, bad: str, neutral: str) -> None:
    assert [sentiment_of(text, language) for text in (good, bad, neutral)] == [1, -1, 0]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The coffee is not good"),
        ("en", "I don't recommend it"),
        ("de", "Das Essen war nicht gut"),
        ("de", "Gefällt mir gar nicht"),  # the negator comes after
        ("fr", "Ce n'est pas bon"),
        ("es", "No me gusta"),
        ("it", "Non mi piace"),
        ("pt", "Não gostei"),
        ("id", "makanannya tidak enak"),
        ("ar", "المكان ليس جيدا"),
        ("hi", "खाना अच्छा नहीं है"),
        ("hi-Latn", "khana acha nahi hai"),
    ],
)
def test_a_negator_turns_praise_into_complaint(language: str, text: str) -> None:
    assert sentiment_of(text, language) is Sentiment.NEGATIVE


def test_a_negator_does_not_reach_across_punctuation() -> None:
    assert sentiment_of("Not today. Good coffee", "en") is Sentiment.POSITIVE


def test_what_follows_but_counts_more() -> None:
    assert sentiment_of("The food was good but the service was terrible", "en") is Sentiment.NEGATIVE
    assert (
        sentiment_of("The service was terrible but the food was good, great even", "en") is Sentiment.POSITIVE
    )


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("really good", "good"),
        ("good", "somewhat good"),
        ("goooood", "good"),
        ("GOOD", "good"),
        ("good!!!", "good"),
        ("good", "good?"),
        ("good", "good https://example.org"),
        ("good 😍", "good"),
    ],
)
def test_how_it_is_said_counts(stronger: str, weaker: str) -> None:
    judge = RuleJudge()
    assert judge.score(judge.read(stronger, "en")) > judge.score(judge.read(weaker, "en")) > 0


def test_capitals_inside_a_sentence_are_names() -> None:
    assert sentiment_of("See you at the Best Western on Friday", "en") is Sentiment.NEUTRAL
    assert sentiment_of("Das ist ein Skandal", "de") is Sentiment.NEGATIVE  # every German noun has a capital


@pytest.mark.parametrize("text", ["😡😡", "👎", ":-(", "💔", "&lt;/3"])
def test_signs_are_understood_in_any_language(text: str) -> None:
    assert sentiment_of(text, "fi") is Sentiment.NEGATIVE


@pytest.mark.parametrize("text", ["❤️", "👍🏽", ":)", ";-)", "&lt;3", "😍", "^^"])
def test_good_signs_too(text: str) -> None:
    assert sentiment_of(text, "fi") is Sentiment.POSITIVE


def test_a_language_without_lexicon_is_neutral_and_unsure() -> None:
    judgement = JUDGE.judge_one("Tämä oli kamala kokemus", "fi")
    assert judgement.sentiment is Sentiment.NEUTRAL
    assert judgement.confidence < JUDGE.judge_one("We open at nine", "en").confidence


def test_a_short_text_of_unknown_language_is_understood_where_languages_agree() -> None:
    assert sentiment_of("Genial!", "und") is Sentiment.POSITIVE
    assert sentiment_of("Horrible", "und") is Sentiment.NEGATIVE
    assert sentiment_of("gift", "und") is Sentiment.NEUTRAL  # a present in English, poison in German


def test_accents_may_be_left_out_but_umlauts_tell_words_apart() -> None:
    assert sentiment_of("nao gostei, pessimo", "pt") is sentiment_of("não gostei, péssimo", "pt")
    assert sentiment_of("sehr schoen", "de") is Sentiment.POSITIVE
    assert sentiment_of("sie kommen schon morgen", "de") is Sentiment.NEUTRAL


def test_a_hashtag_is_read_as_its_words() -> None:
    assert explain_sentiment("#SoDisappointed", "en")[0][0] == "Disappointed"
    assert sentiment_of("Ankunft um neun #enttäuscht", "de") is Sentiment.NEGATIVE


def test_arabic_is_read_without_its_vowel_signs_and_articles() -> None:
    assert sentiment_of("والخِدْمَةُ المُمْتازة", "ar") is Sentiment.POSITIVE


def test_the_explanation_names_the_words_strongest_first() -> None:
    assert explain_sentiment("Not good, but the cake was amazing 😍", "en") == [
        ("😍", 2.5),
        ("amazing", 2.0),
        ("Not good", -0.8),
    ]


def test_more_evidence_means_more_confidence() -> None:
    weak, strong = "nice enough", "Amazing, wonderful, the best coffee ever!"
    assert 0 < JUDGE.judge_one(weak, "en").confidence < JUDGE.judge_one(strong, "en").confidence < 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_speaks_for_and_against_and_negates(language: str) -> None:
    known = lexicon_for(language)
    weights = [meaning.weight for meaning in (*known.words.values(), *known.stems.values())]
    assert sum(weight > 0 for weight in weights) > 100
    assert sum(weight < 0 for weight in weights) > 100
    assert all(abs(weight) <= 4 for weight in weights)
    assert {meaning.role for meaning in known.words.values()} >= set(Role) - {Role.NONE}


def test_there_is_a_lexicon_of_every_promised_language() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {*LANGUAGES, "common"}


def test_a_lexicon_forgets_before_it_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MOST_REMEMBERED", 100)
    english = lexicon_for("en")
    for number in range(1_000):
        english.entries(f"word{number} good")
        assert english.remembered <= 100
    assert explain_sentiment("good", "en") == explain_sentiment("good", "en") != []
