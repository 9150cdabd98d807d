"""The export of a sentence-transformers model to ONNX: made once, checked, and told by its sha256.

Only `export` imports torch; whether there is a sound export is asked without it.
"""

import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.onnx_files import damaged, digest, put, record_beside
from index.onnx_model import INPUTS, OUTPUT, TokenModel
from index.onnx_optimised import optimise
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
    to the reference. Exports of earlier versions were not optimised beforehand.
    """

    sha256: str
    source: str
    int8: bool
    dimension: int
    most_tokens: int
    cosine: float
    opset: int
    made_with: dict[str, str]
    optimised: bool = False


def record_of(file: Path) -> Record | None:
    """Return what is recorded of an export, None if there is none (or it was not finished)."""
    found = record_beside(file)
    try:
        return None if found is None else Record(**found)
    except TypeError as error:
        raise damaged(file) from error


def checked(file: Path, *, source: str) -> Record | None:
    """Return the record of an export that is what it was when made; None if there is none.

    `source` is the sha256 of the weights that it must have been made from. Raises
    `ModelUnavailable` when the file or its record was cut off or changed since.
    """
    record = record_of(file)
    if record is None:
        return None
    if (digest(file), source) != (record.sha256, record.source):
        raise damaged(file)
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
        plain, made = Path(made_in) / "plain.onnx", Path(made_in) / file.name
        try:
            write_graph(folder, plain, int8=int8)
            optimise(plain, made, alone=int8)
        except ImportError as error:
            raise ModelUnavailable(
                f"The faster form of the model was not made: the package '{error.name}' is not "
                "installed. Run 'pip install onnx onnxruntime'."
            ) from error
        model = TokenModel(
            made,
            folder / "tokenizer.json",
            most_tokens=most_tokens,
            batch=1 if int8 else 2,
            optimised=True,
        )
        record = Record(
            sha256=digest(made),
            source=source,
            int8=int8,
            dimension=reference.dimension,
            most_tokens=most_tokens,
            cosine=_compared(model, reference, least=LEAST_COSINE[int8]),
            opset=OPSET,
            made_with={name: version(name) for name in ("torch", "onnx", "onnxruntime")},
            optimised=True,
        )
        put(made, file, asdict(record))
    return record


def write_graph(folder: Path, file: Path, *, int8: bool) -> None:
    """Write the transformer in a folder as ONNX: ids and mask in, the states of all tokens out.

    Imports torch; raises `ImportError` when a package is missing.
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
        onnx.save_model(onnx.load(whole), file)


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
