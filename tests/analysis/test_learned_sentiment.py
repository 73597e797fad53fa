"""The judge that learns: what it sees of a text, what it makes of labelled posts, and the file it is kept in."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitoring.analysis.sentiment import RuleJudge, Sentiment
from monitoring.analysis.sentiment.choosing import Choice, choose, sentiment_judge
from monitoring.analysis.sentiment.errors import ModelRefused
from monitoring.analysis.sentiment.explaining import By, explain_judgement
from monitoring.analysis.sentiment.learned.features import BUCKETS, pieces_of
from monitoring.analysis.sentiment.learned.judge import LearnedJudge, open_judge
from monitoring.analysis.sentiment.learned.model import DIGEST, MAGIC, Model, Verdict, read_model, write_model
from monitoring.analysis.sentiment.learned.training import train
from monitoring.analysis.understanding import understand_many
from tests.analysis.labelled_posts import examples, labelled_posts

TODAY = date(2026, 11, 22)
TEXTS = ("Surkea palvelu, kamala kahvi", "IHANA leivos, kiitos 😍", "avoinna maanantaina kello yhdeksän", "")


@pytest.fixture(scope="module")
def model() -> Model:
    """It knows Finnish well; of English it has seen too little to be compared."""
    return train([*examples(150), *examples(30, language="en")], today=TODAY)


@pytest.fixture(scope="module")
def file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "sentiment.model"
    write_model(model, path)
    return path


@pytest.fixture
def chosen_afterwards() -> Iterator[None]:
    yield
    choose(Choice())


@given(st.lists(st.text(), max_size=6))
@example(["", "a", "  ", "ab  c", "\ud800"])
def test_what_is_seen_of_a_text_does_not_depend_on_its_neighbors(texts: list[str]) -> None:
    together = pieces_of(texts)
    seen = [sorted(together.buckets[together.texts == number].tolist()) for number in range(len(texts))]
    assert seen == [sorted(pieces_of([text]).buckets.tolist()) for text in texts]
    assert all(0 <= bucket < BUCKETS for bucket in together.buckets)


def test_it_judges_a_language_that_the_rules_do_not_know(model: Model) -> None:
    unseen = labelled_posts(60, seed=2)
    judged = LearnedJudge(model).judge([text for text, _ in unseen], ["fi"] * len(unseen))
    right = [one.sentiment is sentiment for one, (_, sentiment) in zip(judged, unseen, strict=True)]
    assert sum(right) > 55
    finnish = next(one for one in model.standings if one.language == "fi")
    assert finnish.is_used
    assert finnish.model > 90 > 40 > finnish.rules


def test_where_it_was_not_better_the_rules_judge_as_they_always_did(model: Model) -> None:
    english = ["I love this place", "Rude staff and a dirty room", "We open at nine", "mahtava"]
    judge = LearnedJudge(model)
    for language in ("en", "de", "und"):
        languages = [language] * len(english)
        assert judge.judge(english, languages) == RuleJudge().judge(english, languages)
    assert next(one for one in model.standings if one.language == "en").verdict is Verdict.TOO_FEW


def test_corrections_of_nothing_but_mistakes_prove_nothing() -> None:
    """People correct what is wrong: on these posts alone any model beats the rules."""
    posts = [one for one in examples(300, is_independent=False) if one.sentiment is not Sentiment.NEUTRAL]
    (standing,) = train(posts, today=TODAY).standings
    assert (standing.verdict, standing.is_used) == (Verdict.ONLY_MISTAKES, False)


@given(st.lists(st.tuples(st.text(), st.sampled_from(["fi", "en", "und", ""])), max_size=5))
def test_any_texts_get_their_judgements_in_order(model: Model, given_texts: list[tuple[str, str]]) -> None:
    judge = LearnedJudge(model)
    together = judge.judge([text for text, _ in given_texts], [language for _, language in given_texts])
    assert together == [judge.judge([text], [language])[0] for text, language in given_texts]
    assert all(0 < one.confidence < 1 for one in together)


def test_a_saved_model_gives_the_same_answers(model: Model, file: Path) -> None:
    texts = [*TEXTS, *(text for text, _ in labelled_posts(50, seed=3))]
    languages = ["fi"] * len(texts)
    assert open_judge(str(file)).judge(texts, languages) == LearnedJudge(model).judge(texts, languages)
    assert read_model(file).standings == model.standings
    assert file.stat().st_size < 4_000_000


@given(st.data())
def test_a_file_cut_short_or_changed_is_refused(file: Path, data: st.DataObject) -> None:
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 400))
    if data.draw(st.booleans()):
        del content[place:]
    else:
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    changed = file.with_name("changed")
    changed.write_bytes(content)
    with pytest.raises(ModelRefused):
        read_model(changed)


def forged(file: Path, header: bytes | None = None, weights: bytes | None = None) -> Path:
    """A file with a checksum that fits, and something else inside."""
    body = file.read_bytes()[len(MAGIC) + DIGEST :]
    length = int.from_bytes(body[:4], "little")
    header = body[4 : 4 + length] if header is None else header
    weights = body[4 + length :] if weights is None else weights
    body = len(header).to_bytes(4, "little") + header + weights
    path = file.with_name("forged")
    path.write_bytes(MAGIC + hashlib.sha256(body).digest() + body)
    return path


def header_of(file: Path, **changed: object) -> bytes:
    body = file.read_bytes()[len(MAGIC) + DIGEST :]
    known = json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])
    return json.dumps(known | changed).encode()


def test_a_hostile_file_is_refused_although_its_checksum_fits(file: Path) -> None:
    standing = read_model(file).standings[0]
    assert read_model(forged(file)).standings[0] == standing  # so it is the change that is refused
    size = len(file.read_bytes())
    for header, weights in (
        (b"[" * 100_000, None),
        (b"\xff", None),
        (b"{}", None),
        (header_of(file, standings=[]), None),
        (header_of(file, standings=[{"language": "fi"}] * 2), None),
        (None, b""),
        (None, np.full(size // 2, np.nan, dtype="<f2").tobytes()),
    ):
        with pytest.raises(ModelRefused):
            read_model(forged(file, header, weights))


@pytest.mark.usefixtures("chosen_afterwards")
def test_with_a_model_that_cannot_be_used_the_rules_go_on_and_the_log_says_why(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = file.with_name("damaged")
    damaged.write_bytes(file.read_bytes()[:-1])
    for path, reason in (
        (forged(file, header_of(file, features=99)), "another version of SMEdash wrote it"),
        (damaged, "it is damaged"),
        (file.parent, "Is a directory"),
    ):
        choose(Choice(model=str(path)))
        with caplog.at_level(logging.ERROR):
            assert isinstance(sentiment_judge(), RuleJudge)
        assert f"{path} is not used to judge sentiment: {reason}" in caplog.text


@pytest.mark.usefixtures("chosen_afterwards")
def test_a_judgement_is_explained_by_whoever_made_it(file: Path) -> None:
    text = "mahtava kahvi, ihana leivos mutta surkea torilla"
    choose(Choice(model=str(file)))
    (learned,) = sentiment_judge().judge([text], ["fi"])
    explained = explain_judgement(text, "fi", learned)
    weights = dict(explained.weights)
    assert explained.by is By.CHOSEN
    assert weights["mahtava"] > 0 > weights["surkea"]
    english = "Not good, but the cake was amazing"
    (by_rules,) = RuleJudge().judge([english], ["en"])
    assert explain_judgement(english, "en", by_rules).by is By.RULES
    choose(Choice())
    assert explain_judgement(text, "fi", learned).by is By.FORMER


@pytest.mark.usefixtures("chosen_afterwards")
def test_what_the_settings_name_judges_mentions(file: Path) -> None:
    before = understand_many(["mahtava kahvi, ihana leivos, kiitos"], ["fi"])
    choose(Choice(model=str(file)))
    after = understand_many(["mahtava kahvi, ihana leivos, kiitos"], ["fi"])
    assert [one.sentiment for one in before + after] == [Sentiment.NEUTRAL, Sentiment.POSITIVE]
    choose(Choice(model=str(file.with_name("not yet trained"))))
    assert isinstance(sentiment_judge(), RuleJudge)
