"""Judges by a transformer in the ONNX format, from a folder or from the Hugging Face hub.

The folder holds `tokenizer.json`, `config.json` with the names of its labels, and the model: what
`optimum-cli export onnx` writes. ONNX Runtime and Tokenizers are the extra "transformer", and need not be installed
where nobody names one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from monitoring.analysis.entities import HANDLE, LINK
from monitoring.analysis.sentiment.errors import ModelRefused
from monitoring.analysis.sentiment.judgement import Judgement, Sentiment

MODEL_FILES = (  # the first that is there: whole numbers take a quarter of the memory and half the time
    "model_quantized.onnx", "onnx/model_quantized.onnx", "model_int8.onnx", "onnx/model_int8.onnx",
    "model.onnx", "onnx/model.onnx",
)  # fmt: skip
HUB_NAME = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@(?P<revision>[\w.-]+))?")
LONGEST = 128  # tokens of a post that are read; what is most of it stands in its beginning
TOKENS_AT_ONCE = 4_096
LONGEST_TEXT = 2_000  # characters: more than LONGEST tokens in any script
SUREST = 0.999
IN_ORDER = ("negative", "neutral", "positive")
TRIALS = ("ok", "a long sentence of many words " * 50)

MOST_SCORE = 50.0  # beyond it a probability no longer changes

Integers = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Files:
    tokenizer: Path
    config: Path
    model: Path


class TransformerJudge:
    def __init__(self, files: Files) -> None:
        config = _config(files.config)
        self._order = _order_of(config)
        self._tokenizer = _tokenizer(files.tokenizer, config)
        self._padding = _padding(self._tokenizer, config)
        # One thread: every worker has a model of its own, and together they fill the cores.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            files.model, sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [one.name for one in self._session.get_inputs()]

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> list[Judgement]:
        """`languages` do not matter: the model knows those it was trained with."""
        encodings = self._tokenizer.encode_batch([_masked(text) for text in texts])
        likely = np.zeros((len(texts), len(IN_ORDER)))
        for places in _batches([len(encoding.ids) for encoding in encodings]):
            likely[places] = self._likely([encodings[place] for place in places])
        return [
            Judgement(
                sentiment=Sentiment(int(row.argmax()) - 1), confidence=min(round(float(row.max()), 3), SUREST)
            )
            for row in likely
        ]

    def explain(self, text: str, language: str) -> list[tuple[str, float]]:
        """It cannot say: every word weighs by all others."""
        return []

    def try_out(self) -> None:
        """Raise ModelRefused unless texts of any length get three numbers."""
        scores = self._scores(self._tokenizer.encode_batch(list(TRIALS)))
        if scores.shape != (len(TRIALS), len(IN_ORDER)) or not np.isfinite(scores).all():
            raise ModelRefused("it does not answer with three numbers for a text")

    def _likely(self, encodings: list[Encoding]) -> Scores:
        scores = np.clip(np.nan_to_num(self._scores(encodings)), -MOST_SCORE, MOST_SCORE)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely: Scores = (powers / powers.sum(axis=1, keepdims=True))[:, self._order]
        return likely

    def _scores(self, encodings: list[Encoding]) -> Scores:
        given = _given(encodings, self._padding)
        return np.asarray(
            self._session.run(None, {name: given[name] for name in self._inputs})[0], np.float64
        )


def open_judge(where: str) -> TransformerJudge:
    """The judge in a folder, or by a name on the hub. Raises ModelRefused with a sentence."""
    try:
        judge = TransformerJudge(_files(_folder(where)))
        judge.try_out()
    except (ModelRefused, ImportError):
        raise
    except Exception as error:  # three libraries, each with errors of its own
        raise ModelRefused(f"it cannot be loaded ({_first_line(error)})") from error
    return judge


def _folder(where: str) -> Path:
    if Path(where).is_dir():
        return Path(where)
    named = HUB_NAME.fullmatch(where)
    if named is None:
        raise ModelRefused("there is no such folder, and it is no name on the hub, such as owner/model")
    hub = import_module("huggingface_hub")  # a folder does not need it
    wanted = ["tokenizer.json", "config.json", *_wanted(hub, named["name"], named["revision"])]
    return Path(hub.snapshot_download(named["name"], revision=named["revision"], allow_patterns=wanted))


def _wanted(hub: Any, name: str, revision: str | None) -> list[str]:
    """The model that would be used, not every size of it that is there; without network, the one fetched before."""
    try:
        there = set(hub.list_repo_files(name, revision=revision))
    except Exception:  # whatever is wrong, the next call says it
        cached = (hub.try_to_load_from_cache(name, model, revision=revision) for model in MODEL_FILES)
        there = {model for model, path in zip(MODEL_FILES, cached, strict=True) if isinstance(path, str)}
    return [file for model in MODEL_FILES if model in there for file in (model, f"{model}_data*")][:2]


def _files(folder: Path) -> Files:
    for name in MODEL_FILES:
        if (folder / name).is_file():
            found = Files(folder / "tokenizer.json", folder / "config.json", folder / name)
            for path in (found.tokenizer, found.config):
                if not path.is_file():
                    raise ModelRefused(f"it has no {path.name}")
            return found
    raise ModelRefused("it has no model.onnx; export one with optimum-cli export onnx")


def _config(path: Path) -> dict[str, Any]:
    config = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(config, dict):
        raise ModelRefused("its config.json is not an object")
    return config


def _order_of(config: Mapping[str, Any]) -> list[int]:
    """Where negative, neutral and positive stand among the model's answers."""
    labels = config.get("id2label")
    if not isinstance(labels, dict):
        raise ModelRefused("its config.json has no id2label")
    plain = {str(label).strip().lower(): int(place) for place, label in labels.items()}
    for names in (IN_ORDER, ("label_0", "label_1", "label_2"), ("neg", "neu", "pos")):
        if plain.keys() == set(names) and set(plain.values()) == {0, 1, 2}:
            return [plain[name] for name in names]
    raise ModelRefused(
        f"its labels are {', '.join(sorted(plain))}; they must be negative, neutral and positive"
    )


def _tokenizer(path: Path, config: Mapping[str, Any]) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    # RoBERTa counts positions from the one after its padding: two of those that it names are taken.
    room = int(config.get("max_position_embeddings", LONGEST + 2)) - 2
    tokenizer.enable_truncation(max_length=min(LONGEST, room))
    tokenizer.no_padding()  # batches are padded here, to what each needs
    return tokenizer


def _padding(tokenizer: Tokenizer, config: Mapping[str, Any]) -> int:
    told = config.get("pad_token_id")
    found = [tokenizer.token_to_id(name) for name in ("<pad>", "[PAD]")]
    return int(next(one for one in (told, *found, 0) if one is not None))


def _given(encodings: list[Encoding], padding: int) -> dict[str, Integers]:
    """What a model may ask for; what is padding is masked."""
    longest = max(len(encoding.ids) for encoding in encodings)
    shape = (len(encodings), max(longest, 1))
    ids, mask = np.full(shape, padding, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros(shape, dtype=np.int64)}


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Places of texts that are about as long as each other, so that little of a batch is padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _masked(text: str) -> str:
    """Links and handles as the models of posts were trained with."""
    return HANDLE.sub("@user", LINK.sub("http", text[:LONGEST_TEXT]))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
