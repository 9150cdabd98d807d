"""Training of the model of known failings: from points that were read and coded to a network.

    python -m index.failing_training HOME corpus/labels/failings.jsonl [--folds N]

reads the coded points by their places in the library at HOME. With `--folds` it only says how well
the failings of reports are told that nothing was learnt from: each of N quarters of the reports by
what was learnt from the other three. Without, it trains on all and writes `data/failings` (network,
weights, recipe). Minutes an epoch on two cores, about 3 GB.
"""

import json
import random
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from index.cluster_units import judge_points
from index.encoder import model_folder
from index.failings import (
    CATALOGUE,
    FOLDER,
    MOST_TOKENS,
    NETWORK,
    RECIPE,
    WEIGHTS,
    Weights,
    catalogue,
    save_weights,
)
from index.onnx_export import write_graph
from index.theme_network import Progress, of_like_length, padded, tokens_of
from kb.encoder import Vectors, WordHashEncoder
from kb.refs import file_hash, text_hash
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store
from kb.store import points as held

EPOCHS, SEED, BATCH = 4.0, 20990103, 32
FROZEN_LAYERS = 1
RATE, DIRECTION_RATE, SCALE_RATE = 1e-4, 2e-3, 2e-2
STEEPNESS, LEAST = 12.0, 0.55
"""Where training begins: a point far from all failings states none of them."""
STATED_COUNTS = 2.0
"""A failing that is stated counts twice: each stands on one point in several hundred."""
MARGIN = 1.5
"""Logits over even odds from which a point states a failing: one stray spoils a group."""
FOLDS = 4

Table = NDArray[np.bool_]
Show = Callable[[str], Progress]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Points with what was read of them: tables of points x failings, and the points' reports.

    What is `unsure` is learnt from neither way.
    """

    words: list[str]
    reports: list[str]
    stated: Table
    unsure: Table

    def some(self, rows: Sequence[int]) -> "Coded":
        """Return the points of these rows."""
        return Coded(
            [self.words[row] for row in rows], [self.reports[row] for row in rows],
            self.stated[list(rows)], self.unsure[list(rows)],
        )  # fmt: skip


class _Network(torch.nn.Module):
    """The search model with a direction for each failing; both begin where the search model is."""

    def __init__(self, folder: Path, failings: int) -> None:
        super().__init__()
        from transformers import AutoModel

        self.body = AutoModel.from_pretrained(str(folder), attn_implementation="sdpa")
        for part in (self.body.embeddings, *self.body.encoder.layer[:FROZEN_LAYERS]):
            part.requires_grad_(False)
        self.drop = torch.nn.Dropout(0.1)
        self.directions = torch.nn.Parameter(torch.zeros(failings, self.body.config.hidden_size))
        self.least = torch.nn.Parameter(torch.full((failings,), LEAST))
        self.steepness = torch.nn.Parameter(torch.tensor(float(np.log(STEEPNESS))))

    def vectors(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return unit vectors of texts, the means of their token states."""
        states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        real = mask.unsqueeze(-1).to(states.dtype)
        mean = ((states * real).sum(1) / real.sum(1)).float()
        unit: torch.Tensor = torch.nn.functional.normalize(mean, dim=-1)
        return unit

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return by how much texts state failings (logits)."""
        directions = torch.nn.functional.normalize(self.directions, dim=-1)
        cosines = self.drop(self.vectors(ids, mask)) @ directions.T
        logits: torch.Tensor = torch.exp(self.steepness) * (cosines - self.least)
        return logits

    def weights(self) -> Weights:
        """Return the trained directions, and the cosines at which the odds are even."""
        with torch.no_grad():
            directions = torch.nn.functional.normalize(self.directions, dim=-1).numpy()
            least = self.least.numpy().copy()
            return Weights(directions, least, float(torch.exp(self.steepness)))


def learn(
    coded: Coded, statements: Sequence[str], folder: Path, *, epochs: float, seed: int,
    progress: Progress = lambda done, total: None,
) -> _Network:  # fmt: skip
    """Train a copy of the model in `folder` on coded points; return the network.

    The loss is the cross-entropy of each failing by itself, summed. AdamW, the rate rising for a
    tenth of the steps and then falling to nought.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    network = _Network(folder, len(statements))
    tokens = _tokens(folder, coded.words)
    with torch.no_grad():
        network.directions.copy_(torch.tensor(_read(network, _tokens(folder, statements))))
    total = int(epochs * -(-len(tokens) // BATCH))
    optimiser, schedule = _optimiser(network, total)
    wanted = torch.tensor(coded.stated, dtype=torch.float32)
    counts = (1 + (STATED_COUNTS - 1) * wanted) * torch.tensor(~coded.unsure, dtype=torch.float32)
    network.train()
    for step, rows in enumerate(_steps(tokens, total), start=1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            judged = network(*padded([tokens[row] for row in rows]))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            judged.float(), wanted[rows], weight=counts[rows], reduction="sum"
        )
        optimiser.zero_grad()
        (loss / len(rows)).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        progress(step, total)
    network.eval()
    return network


def _tokens(folder: Path, texts: Sequence[str]) -> list[list[int]]:
    return tokens_of(folder, texts, most=MOST_TOKENS)


def _read(network: _Network, tokens: Sequence[Sequence[int]]) -> Vectors:
    network.eval()
    found = np.zeros((len(tokens), network.directions.shape[1]), dtype=np.float32)
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    for at in range(0, len(order), 2 * BATCH):
        rows = order[at : at + 2 * BATCH]
        with torch.no_grad():
            found[rows] = network.vectors(*padded([tokens[row] for row in rows])).numpy()
    return found


def _optimiser(
    network: _Network, total: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    body = [p for p in network.body.parameters() if p.requires_grad]
    groups = [
        {"params": body, "lr": RATE},
        {"params": [network.directions], "lr": DIRECTION_RATE},
        {"params": [network.least, network.steepness], "lr": SCALE_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / (0.1 * total)) * max(0.02, (total - step) / total)

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def _steps(tokens: Sequence[Sequence[int]], total: int) -> Iterator[list[int]]:
    """Yield `total` batches of rows of like length, each epoch in another order."""
    done = 0
    while True:
        order = random.sample(range(len(tokens)), len(tokens))
        for batch in of_like_length(order, tokens, size=BATCH, among=20):
            if done == total:
                return
            yield batch
            done += 1


def read_coded(home: Home, labels: Path) -> Coded:
    """Return the library's points with what was read of them; the same words stand once."""
    with Store.writing(home, purpose="training") as store:
        if not held.units(store.db):
            from index.failings import FailingModel

            judge_points(store, FailingModel(WordHashEncoder()))
        units = held.units(store.db)
    column = {one.key: at for at, one in enumerate(catalogue())}
    rows: dict[str, int] = {}
    for unit in units:
        rows.setdefault(unit.words, len(rows))
    stated = np.zeros((len(rows), len(column)), np.bool_)
    unsure = np.zeros_like(stated)
    place = {(u.key, u.start, text_hash(u.text.strip())[:12]): rows[u.words] for u in units}
    for line in labels.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        row = place.get((one["passage"], one["start"], one["words"]))
        if row is not None:
            stated[row, [column[key] for key in one["states"]]] = True
            unsure[row, [column[key] for key in one.get("unsure", ())]] = True
    report = {rows[unit.words]: unit.report for unit in reversed(units)}
    return Coded(list(rows), [report[row] for row in range(len(rows))], stated, unsure & ~stated)


def cross_validate(
    coded: Coded, statements: Sequence[str], folder: Path, *, folds: int, show: Show
) -> None:
    """Print how well failings are told of reports that nothing was learnt from."""
    fold = np.array([zlib.crc32(one.encode()) % FOLDS for one in coded.reports])
    margins = np.zeros(coded.stated.shape, np.float32)
    for number in range(folds):
        rest = coded.some(np.flatnonzero(fold != number).tolist())
        apart = np.flatnonzero(fold == number).tolist()
        what = f"Fold {number + 1}"
        network = learn(rest, statements, folder, epochs=EPOCHS, seed=SEED, progress=show(what))
        weights = network.weights()
        found = _read(network, _tokens(folder, coded.some(apart).words))
        margins[apart] = weights.steepness * (found @ weights.directions.T - weights.least)
    sure = ~coded.unsure & (fold < folds)[:, None]
    stated = coded.stated & sure
    print(f"{int((fold < folds).sum())} points apart, failings stated {int(stated.sum())} times")
    print(f"average precision {average_precision_score(coded.stated[sure], margins[sure]):.3f}")
    for least in (0.0, 1.0, MARGIN, 2.0, 3.0, 4.0):
        given = (margins > least) & sure
        right = int((given & stated).sum())
        print(
            f"margin {least:3.1f}: {right} of {int(given.sum())} right "
            f"({right / max(1, given.sum()):.3f}), {right / stated.sum():.3f} of all found, "
            f"{np.any(given[fold < folds], axis=1).mean():.3f} of points"
        )


def write(network: _Network, recipe: dict[str, object]) -> None:
    """Write network (int8), weights and recipe; the recipe last, with the files' sha256."""
    with tempfile.TemporaryDirectory() as made:
        network.body.save_pretrained(made)
        write_graph(Path(made), FOLDER / NETWORK, int8=True)
    save_weights(FOLDER, network.weights().stricter(MARGIN))
    files = {name: file_hash(FOLDER / name) for name in (CATALOGUE, NETWORK, WEIGHTS)}
    text = json.dumps(recipe | {"files": files}, indent=2) + "\n"
    (FOLDER / RECIPE).write_text(text, encoding="utf-8")


def main(home: str, labels: str, *options: str) -> None:
    """Train on all and write, or with --folds only measure."""
    coded = read_coded(Home(Path(home)), Path(labels))
    folder = model_folder(DEFAULT_MODEL, Home(Path(home)))
    statements = [f"{one.name}. {one.statement}" for one in catalogue()]
    if options:
        _, number = options
        cross_validate(coded, statements, folder, folds=int(number), show=_shown)
        return
    network = learn(
        coded, statements, folder, epochs=EPOCHS, seed=SEED, progress=_shown("Training")
    )
    recipe = {
        "command": f"python -m index.failing_training HOME {labels}",
        "epochs": EPOCHS, "seed": SEED, "encoder": DEFAULT_MODEL,
        "labels": file_hash(Path(labels)), "points": len(coded.words),
        "stated": int(coded.stated.sum()), "failings": len(statements), "margin": MARGIN,
    }  # fmt: skip
    write(network, recipe)


def _shown(what: str) -> Progress:
    def show(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    main(*sys.argv[1:])
