"""The form of a network that opens and runs fastest: onnxruntime's own optimising done beforehand.

To optimise a graph takes longer than to open it, so it is done once and kept. Only the package
`onnx` is needed for it, no torch.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from index.onnx_files import damaged, digest, put, record_beside, weights_of
from index.onnx_model import INPUTS, NOT_TAKEN, OUTPUT, TokenModel
from kb.errors import ModelUnavailable
from kb.refs import file_hash

_MASK = INPUTS[1]
_SMALLEST_OUTSIDE = 1024
"""Bytes from which an array of weights lies in the file beside the graph, which is mapped."""
_PROBES = (
    "care",
    "No care coordinator was allocated after discharge, and nobody noticed.",
    "The Trust's policy required a review within 72 hours (see page 4); none took place. " * 9,
)
_LEAST_COSINE = 0.9999


def optimise(network: Path, target: Path, *, alone: bool) -> None:
    """Write an optimised form of a network to `target`, its weights beside it.

    `alone` says that every text will be read by itself, as int8 needs it: the mask of what is
    padding then says nothing, and is left out. Raises `ImportError` where onnx is not installed.
    """
    import onnx
    import onnxruntime

    with tempfile.TemporaryDirectory() as made_in:
        plain, found = Path(made_in) / "plain.onnx", Path(made_in) / "optimised.onnx"
        model = onnx.load(network)
        onnx.save_model(_without_mask(model) if alone else model, plain)
        options = onnxruntime.SessionOptions()
        options.optimized_model_filepath = str(found)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(
            str(plain), options, providers=["CPUExecutionProvider"], disabled_optimizers=NOT_TAKEN
        )
        onnx.save_model(
            onnx.load(found),
            target,
            save_as_external_data=True,
            location=weights_of(target).name,
            size_threshold=_SMALLEST_OUTSIDE,
        )


def optimised_form(sha256: str, models: Path) -> Path | None:
    """Return the kept form of the network with this sha256; None where there is no sound one."""
    file = _place(sha256, models)
    try:
        record = record_beside(file)
    except ModelUnavailable:
        return None
    if record is None or (record.get("sha256"), record.get("source")) != (digest(file), sha256):
        return None
    return file


def keep_optimised(network: Path, sha256: str, models: Path, *, tokenizer: Path) -> None:
    """Keep an optimised form of a network that reads every text by itself, unless it is kept.

    A file that has not this sha256 is left alone. Raises `ModelUnavailable` where its vectors would
    not be the network's own, and `ImportError`, `OSError`: the network itself then goes on.
    """
    if optimised_form(sha256, models) is not None or file_hash(network) != sha256:
        return
    file = _place(sha256, models)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".optimised-") as made_in:
        made = Path(made_in) / file.name
        optimise(network, made, alone=True)
        quick = TokenModel(made, tokenizer, batch=1, optimised=True)
        if _least_cosine(quick, TokenModel(network, tokenizer, batch=1)) < _LEAST_COSINE:
            raise damaged(made)
        put(made, file, {"sha256": digest(made), "source": sha256})


def _place(sha256: str, models: Path) -> Path:
    return models / "onnx" / f"network-{sha256[:16]}.onnx"


def _least_cosine(one: TokenModel, other: TokenModel) -> float:
    with_one, with_other = (
        [batch.means()[0] for batch in model.states(_PROBES)] for model in (one, other)
    )
    return float(np.sum(np.stack(with_one) * np.stack(with_other), axis=1).min())


def _without_mask(model: Any) -> Any:
    """Return a graph in which attention adds no mask; as it was where it uses it otherwise.

    What is added before a softmax and comes of the mask alone is left out, and then all that
    nothing needs any more.
    """
    graph = model.graph
    softmaxes = {node.input[0]: node for node in graph.node if node.op_type == "Softmax"}
    of_mask = {_MASK}
    for node in graph.node:  # each stands after those that it needs
        masks = [name for name in node.input if name in of_mask]
        if node.op_type == "Add" and len(masks) == 1 and node.output[0] in softmaxes:
            (scores,) = (name for name in node.input if name not in of_mask)
            softmaxes[node.output[0]].input[0] = scores
        elif masks:
            of_mask.update(node.output)
    if OUTPUT in of_mask:
        return model
    needed, kept = {OUTPUT}, []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    inputs = [one for one in graph.input if one.name in needed]
    del graph.input[:]
    graph.input.extend(inputs)
    return model
