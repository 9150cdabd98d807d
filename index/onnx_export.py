"""The export of a sentence-transformers model to ONNX: made once, checked, and told by its sha256.

Only `export` imports torch; whether there is a sound export is asked without it.
"""

import hashlib
import json
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.onnx_model import INPUTS, OUTPUT, TokenModel
from kb.encoder import Encoder
from kb.errors import ModelUnavailable

OPSET = 17
LEAST_COSINE = {False: 0.9999, True: 0.95}
"""How near the export's vectors must come to the reference's, without and with int8 weights."""

_PROBES = (
    "care",
    "No care coordinator was allocated after discharge, and nobody noticed.",
    "The Trust's policy required a review within 72 hours (see page 4); none took place. " * 9,
    "Naïve CAPITALS, a tab\tand a 14/03/2099 date – £3,000.\n\nA second paragraph.",
)
"""Texts by which an export is compared: one word, a sentence, a long text, odd characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What stands beside an export: what it was made from and by, and what it must still be.

    `sha256` is that of the graph followed by its weights, `cosine` the least of the probes' cosines
    to the reference.
    """

    sha256: str
    source: str
    int8: bool
    dimension: int
    most_tokens: int
    cosine: float
    opset: int
    made_with: dict[str, str]


def record_of(file: Path) -> Record | None:
    """Return what is recorded of an export, None if there is none (or it was not finished)."""
    try:
        return Record(**json.loads(_beside(file).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise _damaged(file) from error


def checked(file: Path, *, source: str) -> Record | None:
    """Return the record of an export that is what it was when made; None if there is none.

    `source` is the sha256 of the weights that it must have been made from. Raises
    `ModelUnavailable` when the file or its record was cut off or changed since.
    """
    record = record_of(file)
    if record is None:
        return None
    found = _sha256(file, file.with_name(weights_name(file)))
    if (found, source) != (record.sha256, record.source):
        raise _damaged(file)
    return record


def export(
    folder: Path, file: Path, *, source: str, int8: bool, most_tokens: int, reference: Encoder
) -> Record:
    """Export the transformer in a folder; the file is there whole and compared, or not at all.

    `source` is the sha256 of its weights. Raises `ModelUnavailable` when a package is missing or
    the mean of the exported states is not what `reference` makes of a text.
    """
    from importlib.metadata import version  # slow to import, and a search must not wait for it

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export-") as made_in:
        made = Path(made_in) / "model.onnx"
        try:
            write_graph(folder, made, int8=int8, weights=weights_name(file))
        except ImportError as error:
            raise ModelUnavailable(
                f"The faster form of the model was not made: the package '{error.name}' is not "
                "installed. Run 'pip install onnx onnxruntime'."
            ) from error
        model = TokenModel(
            made, folder / "tokenizer.json", most_tokens=most_tokens, batch=1 if int8 else 2
        )
        record = Record(
            sha256=_sha256(made, made.with_name(weights_name(file))),
            source=source,
            int8=int8,
            dimension=reference.dimension,
            most_tokens=most_tokens,
            cosine=_compared(model, reference, least=LEAST_COSINE[int8]),
            opset=OPSET,
            made_with={name: version(name) for name in ("torch", "onnx", "onnxruntime")},
        )
        _put(made, file, record)
    return record


def write_graph(folder: Path, file: Path, *, int8: bool, weights: str | None = None) -> None:
    """Write the transformer in a folder as ONNX: ids and mask in, the states of all tokens out.

    `weights` names a file beside it for the weights, which loads in half the time and memory since
    it is mapped, not read; None keeps everything in one file. Imports torch; raises `ImportError`
    when a package is missing.
    """
    import onnx  # torch needs it too, and would say so in a hundred lines
    import torch
    from transformers import AutoModel

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            # The fused attention has no ONNX form; the plain one computes the same.
            self.model = AutoModel.from_pretrained(str(folder), attn_implementation="eager")

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
            return self.model(input_ids=ids, attention_mask=mask).last_hidden_state

    example = torch.ones(2, 9, dtype=torch.long)  # its size stands in no way in the graph
    with tempfile.TemporaryDirectory() as made_in, _quiet():
        whole = Path(made_in) / "whole.onnx"
        torch.onnx.export(
            States().eval(),
            (example, example),
            str(whole),
            dynamo=False,
            opset_version=OPSET,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*INPUTS, OUTPUT)},
        )
        if int8:
            _quantise(whole)
        onnx.save_model(
            onnx.load(whole),
            file,
            save_as_external_data=weights is not None,
            location=weights,
            size_threshold=1024,
        )


def _quantise(whole: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(whole),
        str(whole),
        weight_type=QuantType.QInt8,
        per_channel=True,  # one scale a matrix: cosine 0.96 to the reference instead of 0.99
        op_types_to_quantize=["MatMul", "Gather"],
    )


def _compared(model: TokenModel, reference: Encoder, *, least: float) -> float:
    found = model.means(_PROBES, dimension=reference.dimension)
    cosine = float(np.sum(found * reference.encode(_PROBES), axis=1).min())
    if cosine < least:
        raise ModelUnavailable(
            f"The faster form of {reference.id} was not made: its vectors would not be the same "
            f"(cosine {cosine:.4f}), since it does not take the mean of its tokens."
        )
    return round(cosine, 6)


def _put(made: Path, file: Path, record: Record) -> None:
    """Move the files to their places, the record last: without one the others do not count."""
    text = made.with_suffix(".json")
    text.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
    weights = weights_name(file)
    moves = {made.with_name(weights): file.with_name(weights), made: file, text: _beside(file)}
    _beside(file).unlink(missing_ok=True)
    for source, target in moves.items():
        with source.open("rb+") as handle:
            os.fsync(handle.fileno())
        source.replace(target)


def weights_name(file: Path) -> str:
    """Return the name of the file of weights, which the graph names: it lies in its folder."""
    return f"{file.stem}.bin"


def _beside(file: Path) -> Path:
    return file.with_suffix(".json")


def _sha256(graph: Path, weights: Path) -> str:
    """Return the digest of two files, one after the other; of nothing where one is missing."""
    digest = hashlib.sha256()
    for file in (graph, weights):
        if file.exists():
            with file.open("rb") as handle:
                hashlib.file_digest(handle, lambda: digest)
    return digest.hexdigest()


def _damaged(file: Path) -> ModelUnavailable:
    return ModelUnavailable(
        f"The exported model {file} is damaged or was changed. Run 'pfdkb ingest' to make it again."
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's advice to its own developers off a person's screen."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
