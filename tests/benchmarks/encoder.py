"""The export beside sentence-transformers, on one core: `python -m tests.benchmarks encoder HOME`.

The same passages of the library in HOME, drawn at random, are encoded by each in turn, round by
round, so that whatever else the machine does falls on all alike. Seconds are the processor's, of
the fastest round; the plain recipe is `SentenceTransformer.encode` as it comes, 32 at a time.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import encoder_for, model_folder, prepare_export
from kb.encoder import Vectors
from kb.settings import DEFAULT_MODEL, Home, Precision
from kb.store import Store

COMPARED, TIMED, ROUNDS = 500, 160, 3
SEED = 2099
Encode = Callable[[Sequence[str]], Vectors]


def on_one_core() -> None:
    """Hold this process, and every thread that it starts later, to one core."""
    os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def sampled(home: Home, number: int) -> list[str]:
    """Return passages of the library, drawn at random, each text once."""
    with Store.reading(home) as store:
        rows = store.db.execute(
            "SELECT DISTINCT text FROM passages WHERE boilerplate = 0 ORDER BY text_sha256"
        ).fetchall()
    return random.Random(SEED).sample([row[0] for row in rows], min(number, len(rows)))


def plain() -> Encode:
    """Return the plain recipe."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_folder(DEFAULT_MODEL, Home(Path()))), device="cpu")
    return lambda texts: model.encode(
        list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
    )


def systems(scratch: Home) -> dict[str, Encode]:
    """Return the encoders; sentence-transformers is taken where no export is, so comes first."""
    found = {
        "sentence-transformers, 32 at a time": plain(),
        "sentence-transformers, as we call it": encoder_for(DEFAULT_MODEL, scratch).encode,
    }
    for how in Precision:
        if why := prepare_export(DEFAULT_MODEL, scratch, precision=how):
            sys.exit(why)
        encoder = encoder_for(DEFAULT_MODEL, scratch, precision=how)
        found[f"export, {how}"] = encoder.encode
    return found


def main(folder: str) -> None:
    """Print the processor's seconds of each encoder, their ratio, and cosines to the plain one."""
    on_one_core()
    texts = sampled(Home(Path(folder)), COMPARED)
    timed = texts[:TIMED]
    with tempfile.TemporaryDirectory() as scratch:
        encoders = systems(Home(Path(scratch)))
        vectors = {name: encode(texts) for name, encode in encoders.items()}
        seconds = dict.fromkeys(encoders, float("inf"))
        for _ in range(ROUNDS):
            for name, encode in encoders.items():
                began = time.process_time()
                encode(timed)
                seconds[name] = min(seconds[name], time.process_time() - began)
    first = next(iter(encoders))
    print(f"{'':38}{'seconds':>9}{'times as fast':>15}{'least cosine':>14}{'median':>9}")
    for name, taken in seconds.items():
        cosines = np.sum(vectors[name] * vectors[first], axis=1)
        print(
            f"{name:38}{taken:9.2f}{seconds[first] / taken:15.2f}"
            f"{cosines.min():14.6f}{np.median(cosines):9.4f}"
        )
    print(f"{len(timed)} passages timed, {len(texts)} compared; one core.")
