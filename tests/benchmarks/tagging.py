"""Tagging beside encoding, on one core: `python -m tests.benchmarks tagging HOME`.

The same passages of the library in HOME, drawn at random, are encoded for search and tagged in
turn. Seconds are the processor's, of the fastest round. In an ingest tagging costs less than this,
since the stories of the deaths are encoded and not tagged.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index.encoder import encoder_for, model_folder, prepare_export
from index.theme_reader import ThemeReader
from ingest.theme_model import ThemeModel
from ingest.theme_weights import FOLDER, NETWORK
from kb.documents import SectionKind
from kb.settings import DEFAULT_MODEL, Home
from kb.tagging import Taggable
from tests.benchmarks.encoder import ROUNDS, TIMED, on_one_core, plain, sampled


def main(folder: str) -> None:
    """Print the processor's seconds of encoding and of tagging, and their ratios."""
    on_one_core()
    texts = sampled(Home(Path(folder)), TIMED)
    asked = [Taggable(text=text, section=SectionKind.CONCERNS) for text in texts]
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch))
        prepare_export(DEFAULT_MODEL, home)
        tokenizer = model_folder(DEFAULT_MODEL, home) / "tokenizer.json"
        tagger = ThemeModel.load(ThemeReader(FOLDER / NETWORK, tokenizer), FOLDER)
        reference, encode = plain(), encoder_for(DEFAULT_MODEL, home).encode
        jobs: dict[str, Callable[[], object]] = {
            "encoding, the plain recipe": lambda: reference(texts),
            "encoding, our export": lambda: encode(texts),
            "tagging": lambda: tagger.tag(asked),
        }
        seconds = dict.fromkeys(jobs, float("inf"))
        for _ in range(ROUNDS):
            for name, job in jobs.items():
                began = time.process_time()
                job()
                seconds[name] = min(seconds[name], time.process_time() - began)
    for name, spent in seconds.items():
        print(f"{name:28} {spent:6.2f} s   tagging is {seconds['tagging'] / spent:.2f} of it")
