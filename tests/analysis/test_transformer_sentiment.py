"""The transformer's judge, with a model of a few words that is made here: real ONNX, real tokenizer."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from monitoring.analysis.sentiment import RuleJudge, Sentiment
from monitoring.analysis.sentiment.choosing import Choice, choose, sentiment_judge
from monitoring.analysis.sentiment.errors import ModelRefused
from monitoring.analysis.sentiment.transformer import LONGEST, TOKENS_AT_ONCE, TransformerJudge, open_judge
from smedash.local.checkout import ROOT

ORDER = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
LABELS = {"0": "negative", "1": "neutral", "2": "positive"}
# What each word adds to negative, neutral and positive. A padding that is not masked would make all neutral.
WORDS = {
    "<pad>": (0, 50, 0), "<unk>": (0, 0.01, 0), "bad": (2, 0, 0), "good": (0, 0, 2), "@user": (0, 0, 0.5),
    "http": (0, 1, 0),
}  # fmt: skip


def make_model(
    folder: Path, labels: Mapping[str, str] = LABELS, order: tuple[int, ...] = (0, 1, 2), worth: float = 1.0
) -> Path:
    """A folder with a model that adds up what each word says."""
    folder.mkdir(exist_ok=True)
    table = np.array(list(WORDS.values()), dtype=np.float32)[:, list(order)] * worth
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["words"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["masks"]),
        helper.make_node("Mul", ["words", "masks"], ["said"]),
        helper.make_node("ReduceSum", ["said", "along"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["posts", "tokens"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["posts", 3])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2]), "last"),
            numpy_helper.from_array(np.array([1]), "along"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    save(made, folder / "model.onnx")
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"id2label": labels, "pad_token_id": 0}))
    return folder


@pytest.fixture
def judge(tmp_path: Path) -> TransformerJudge:
    return open_judge(str(make_model(tmp_path / "tiny")))


@pytest.fixture
def chosen_afterwards() -> Iterator[None]:
    yield
    choose(Choice())


def sentiments(judge: TransformerJudge, texts: list[str]) -> list[Sentiment]:
    return [one.sentiment for one in judge.judge(texts, ["und"] * len(texts))]


def test_texts_of_any_length_are_judged_in_their_order(judge: TransformerJudge) -> None:
    texts = ["good", "bad " * 60, "", "word " * 30 + "good", "bad", "word " * (3 * LONGEST)] * 20
    expected = [ORDER[2], ORDER[0], ORDER[0], ORDER[2], ORDER[0], ORDER[1]] * 20
    assert sum(len(text.split()) for text in texts) > TOKENS_AT_ONCE  # so there are several batches
    assert sentiments(judge, texts) == expected
    assert judge.judge(texts, ["en"] * len(texts)) == [judge.judge([text], ["en"])[0] for text in texts]


def test_its_confidence_is_the_probability(judge: TransformerJudge) -> None:
    one, other = judge.judge(["good", "good good bad"], ["en", "en"])
    assert one.confidence == pytest.approx(np.exp(2) / (np.exp(2) + 2), abs=0.001)
    assert other.confidence == pytest.approx(np.exp(4) / (np.exp(4) + np.exp(2) + 1), abs=0.001)


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        ({"0": "Positive", "1": "NEGATIVE", "2": "neutral"}, (2, 0, 1)),
        ({"2": "LABEL_2", "0": "LABEL_0", "1": "LABEL_1"}, (0, 1, 2)),
        ({"0": "NEU", "1": "POS", "2": "NEG"}, (1, 2, 0)),
    ],
)
def test_labels_may_stand_in_any_order(
    tmp_path: Path, labels: dict[str, str], order: tuple[int, ...]
) -> None:
    judge = open_judge(str(make_model(tmp_path / "other", labels, order)))
    assert sentiments(judge, ["bad", "http http", "good"]) == list(ORDER)


def test_people_and_links_are_masked_as_in_the_posts_it_learned_from(judge: TransformerJudge) -> None:
    masked, plain = judge.judge(["@ada.example https://good.example/bad", "@user http"], ["en", "en"])
    assert masked == plain


def test_what_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path) -> None:
    stars = make_model(tmp_path / "stars", {"0": "1 star", "1": "2 stars", "2": "3 stars"})
    mad = make_model(tmp_path / "mad", worth=float("nan"))
    broken = make_model(tmp_path / "broken")
    (broken / "model.onnx").write_bytes(b"no model")
    mute = make_model(tmp_path / "mute")
    (mute / "tokenizer.json").unlink()
    for where, reason in (
        (stars, "its labels are 1 star, 2 stars, 3 stars"),
        (mad, "it does not answer with three numbers"),
        (broken, "it cannot be loaded"),
        (mute, "it has no tokenizer.json"),
        (tmp_path, "it has no model.onnx"),
        (tmp_path / "nowhere", "there is no such folder"),
    ):
        with pytest.raises(ModelRefused, match=reason):
            open_judge(str(where))


@pytest.mark.usefixtures("chosen_afterwards")
@pytest.mark.parametrize(
    ("missing", "where"), [("onnxruntime", "tiny"), ("tokenizers", "tiny"), ("huggingface_hub", "owner/tiny")]
)
def test_without_its_packages_the_rules_go_on_and_the_log_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, missing: str, where: str
) -> None:
    monkeypatch.delitem(sys.modules, "monitoring.analysis.sentiment.transformer")
    monkeypatch.setitem(sys.modules, missing, None)
    choose(Choice(transformer=where))
    with caplog.at_level(logging.ERROR):
        assert isinstance(sentiment_judge(), RuleJudge)
    assert f"{where} is not used to judge sentiment: it needs the package {missing}" in caplog.text


def test_a_name_on_the_hub_is_enough_and_once_fetched_no_network_is_needed(tmp_path: Path) -> None:
    """The hub's own folder of what was fetched, and a whole process with the setting."""
    fetched = tmp_path / "models--owner--tiny"
    (fetched / "refs").mkdir(parents=True)
    (fetched / "refs" / "main").write_text("0" * 40)
    (fetched / "snapshots").mkdir()
    make_model(fetched / "snapshots" / ("0" * 40), {"0": "positive", "1": "neutral", "2": "negative"})
    ran = subprocess.run(
        [sys.executable, ROOT / "manage.py", "analyze"],
        input="good morning\n",
        capture_output=True,
        text=True,
        check=True,
        env={
            **os.environ,
            "SENTIMENT_TRANSFORMER": "owner/tiny",
            "HF_HUB_CACHE": str(tmp_path),
            "HF_HUB_OFFLINE": "1",
            "DEBUG": "true",
            "SECRET_KEY": "x" * 60,
        },
    )
    assert json.loads(ran.stdout)["sentiment"] == "negative"  # as this model's labels stand
