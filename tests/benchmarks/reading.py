"""Reading beside encoding, in one run on one core: `python -m tests.benchmarks reading`.

Reading is all that an ingest does but for encoding: the rows of the exports, their cleaning,
sections, concerns, recipients and fields, passages, tags, and the writing of the library. Both
are given in seconds of processor time, and what is loaded once is loaded before.
"""

import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from index.encoder import encoder_for, token_counter
from ingest.intake import Outcome
from ingest.pipeline import ingest
from kb.encoder import Encoder, Vectors
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store

REPORTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "reports"
ROWS = 300
SEED = 2099


class Timed:
    """An encoder that keeps how many texts it encoded, and the processor's seconds for them."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.id, self.fingerprint = encoder.id, encoder.fingerprint
        self.dimension = encoder.dimension
        self.seconds, self.texts = 0.0, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return what the encoder returns."""
        began = time.process_time()
        found = self._encoder.encode(texts)
        self.seconds += time.process_time() - began
        self.texts += len(texts)
        return found


def sampled(folder: Path, number: int) -> Path:
    """Write rows of the exports that hold a report's text, drawn at random, and return where."""
    csv.field_size_limit(1 << 30)
    tables = {}
    for file in sorted(REPORTS.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            tables[file.name] = list(csv.DictReader(lines))
    rows = [(name, row) for name, table in tables.items() for row in table if row["concerns"]]
    chosen = random.Random(SEED).sample(rows, number)
    folder.mkdir()
    for name, table in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(table[0]))
            writer.writeheader()
            writer.writerows(row for of, row in chosen if of == name)
    return folder


def ingested(home: Home, folder: Path, encoder: Encoder) -> tuple[Outcome, float]:
    """Ingest a folder; return what was done and the processor's seconds, child processes too."""
    began = time.process_time(), _of_children()
    with Store.writing(home, purpose="a benchmark") as store:
        count = token_counter(DEFAULT_MODEL, home)
        outcome = ingest(store, [folder], encoder=encoder, count=count)
    return outcome, time.process_time() - began[0] + _of_children() - began[1]


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print how fast reading is, how fast encoding, and how many times faster reading is."""
    if not REPORTS.is_dir():
        sys.exit("The published exports must lie in ../shared.")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        encoder = Timed(encoder_for(DEFAULT_MODEL, Home(folder)))
        ingested(Home(folder / "first"), sampled(folder / "few", 3), encoder)
        encoder.seconds, encoder.texts = 0.0, 0
        outcome, seconds = ingested(Home(folder / "home"), sampled(folder / "rows", ROWS), encoder)
    reading = (seconds - encoder.seconds) / outcome.passages
    encoding = encoder.seconds / encoder.texts
    print(f"{'':10}{'passages':>10}{'seconds':>10}{'a second':>10}")
    print(
        f"{'reading':10}{outcome.passages:10}{seconds - encoder.seconds:10.1f}{1 / reading:10.0f}"
    )
    print(f"{'encoding':10}{encoder.texts:10}{encoder.seconds:10.1f}{1 / encoding:10.0f}")
    print(
        f"Reading is {encoder.seconds / (seconds - encoder.seconds):.1f} times faster than encoding"
        f" what it gave to encode, {encoding / reading:.1f} times a passage."
    )
