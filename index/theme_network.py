"""Training of the tagger's network: the search model's upper layers learn the themes.

The only place where a model is trained with torch; what comes out is run by onnxruntime.
"""

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index.onnx_export import write_graph
from index.theme_reader import MOST_TOKENS

FROZEN_LAYERS = 2
"""The embeddings and lowest layers stay as they are: a third of the work, and less overfitting."""
BATCH = 16
RATE, HEAD_RATE = 1.2e-4, 2e-3
WARM_UP = 0.1  # share of the steps
RARE = -2.9  # where the biases begin: a theme stands on one passage in eighteen

Labels = NDArray[np.bool_]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Weights on the mean and on the largest values of the token states (themes x width)."""

    of_mean: NDArray[np.float32]
    of_most: NDArray[np.float32]
    bias: NDArray[np.float32]


class _Network(torch.nn.Module):
    def __init__(self, folder: Path, themes: int) -> None:
        super().__init__()
        from transformers import AutoModel

        self.body = AutoModel.from_pretrained(str(folder), attn_implementation="sdpa")
        width = self.body.config.hidden_size
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(2 * width, themes)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.constant_(self.head.bias, RARE)
        for part in (self.body.embeddings, *self.body.encoder.layer[:FROZEN_LAYERS]):
            part.requires_grad_(False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        real = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * real).sum(1) / real.sum(1)
        most = (states + (real - 1) * 1e4).max(1).values
        judged: torch.Tensor = self.head(self.drop(torch.cat([mean, most], 1)))
        return judged


def train(
    texts: Sequence[str],
    labels: Labels,
    *,
    folder: Path,
    target: Path,
    epochs: float,
    seed: int,
    progress: Progress = lambda done, total: None,
) -> Head:
    """Train a copy of the model in `folder` on labels (texts x themes); write the network.

    The graph goes to `target` (int8), the head comes back. The loss is the cross-entropy of each
    theme by itself, summed; AdamW, the rate rising for a tenth of the steps and then falling to
    nought. Memory: about 3 GB; time: minutes an epoch on two cores.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    network = _Network(folder, labels.shape[1])
    tokens = tokens_of(folder, texts, most=MOST_TOKENS)
    wanted = torch.tensor(labels, dtype=torch.float32)
    total = int(epochs * -(-len(texts) // BATCH))
    optimiser, schedule = _optimiser(network, total)
    network.train()
    for step, rows in enumerate(_steps(tokens, total), start=1):
        ids, mask = padded([tokens[row] for row in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            judged = network(ids, mask)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            judged.float(), wanted[rows], reduction="sum"
        )
        optimiser.zero_grad()
        (loss / len(rows)).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress(step, total)
    return _written(network.eval(), folder, target)


def tokens_of(folder: Path, texts: Sequence[str], *, most: int) -> list[list[int]]:
    """Return the tokens of texts by the tokenizer of a model's folder, cut at so many."""
    from index.onnx_model import cut, load_tokenizer

    tokenizer = load_tokenizer(folder / "tokenizer.json")
    return [cut(one, most).ids for one in tokenizer.encode_batch(list(texts))]


def _optimiser(network: _Network, total: int) -> tuple[torch.optim.Optimizer, Any]:
    body = [p for p in network.body.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in body if p.ndim > 1], "lr": RATE, "weight_decay": 0.01},
        {"params": [p for p in body if p.ndim == 1], "lr": RATE, "weight_decay": 0.0},
        {"params": list(network.head.parameters()), "lr": HEAD_RATE, "weight_decay": 0.01},
    ]
    optimiser = torch.optim.AdamW(groups)
    warm = max(1, int(WARM_UP * total))

    def rate(step: int) -> float:
        return min(1.0, step / warm) * max(0.02, (total - step) / max(1, total - warm))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def _steps(tokens: Sequence[Sequence[int]], total: int) -> Iterator[list[int]]:
    """Yield `total` batches of rows of like length, each epoch in another order."""
    done = 0
    while True:
        order = list(range(len(tokens)))
        random.shuffle(order)
        for batch in of_like_length(order, tokens, size=BATCH, among=40):
            if done == total:
                return
            yield batch
            done += 1


def of_like_length(
    order: Sequence[int], tokens: Sequence[Sequence[int]], *, size: int, among: int
) -> list[list[int]]:
    """Return batches of rows of like length in random order, each out of `among` batches of rows.

    `order` is the order of the rows in this epoch.
    """
    batches = []
    for at in range(0, len(order), size * among):
        alike = sorted(order[at : at + size * among], key=lambda row: len(tokens[row]))
        batches += [alike[k : k + size] for k in range(0, len(alike), size)]
    random.shuffle(batches)
    return batches


def padded(tokens: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of texts, the shorter ones filled up, and a mask of what is real."""
    longest = max(map(len, tokens))
    ids = torch.zeros(len(tokens), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, one in enumerate(tokens):
        ids[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    return ids, mask


def _written(network: _Network, folder: Path, target: Path) -> Head:
    weight = network.head.weight.detach().numpy().astype(np.float32)
    width = weight.shape[1] // 2
    with tempfile.TemporaryDirectory() as made:
        network.body.save_pretrained(made)
        write_graph(Path(made), target, int8=True)
    bias = network.head.bias.detach().numpy().astype(np.float32)
    return Head(weight[:, :width], weight[:, width:], bias)
