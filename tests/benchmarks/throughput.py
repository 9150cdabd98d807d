"""How many passages a second each way takes in, the same rows of the exports one after the other.

The plain recipe and txtai are given the passages ready-made and only encode and index them. Ours is
the whole of `pfdkb ingest`: reading, sections, tags by the trained model, SQLite, vectors, FAISS.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store
from tests.benchmarks.child import peak_memory, report, started, timed

FP32 = "pfd-kb, fp32"
Ingest = Callable[[], int]
"""Takes the sample in; returns how many passages."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of the exports, the passages that they give, and a home in which the model is ready."""

    folder: Path

    @property
    def rows(self) -> Path:
        """A folder of exports."""
        return self.folder / "rows"

    @property
    def home(self) -> Home:
        """The library that the sample was first read into; its models are used by all."""
        return Home(self.folder / "home")

    def passages(self) -> list[str]:
        """Return the texts of all its passages, boilerplate with them, as a reader cuts them."""
        with Store.reading(self.home) as store:
            return [row[0] for row in store.db.execute("SELECT text FROM passages ORDER BY id")]


def words_alone(sample: Sample) -> Ingest:
    """An FTS5 table of the passages."""
    texts = sample.passages()

    def index() -> int:
        with tempfile.TemporaryDirectory() as scratch:
            db = sqlite3.connect(Path(scratch) / "words.db")
            db.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter')")
            db.executemany("INSERT INTO words VALUES (?)", ((text,) for text in texts))
            db.commit()
            db.close()
        return len(texts)

    return index


def plain_recipe(sample: Sample) -> Ingest:
    """`SentenceTransformer.encode` as it comes, and FAISS."""
    import faiss
    from sentence_transformers import SentenceTransformer

    from index.encoder import model_folder

    texts = sample.passages()
    model = SentenceTransformer(str(model_folder(DEFAULT_MODEL, sample.home)), device="cpu")
    model.encode(texts[:4])

    def index() -> int:
        found = model.encode(texts)
        faiss.IndexFlatIP(found.shape[1]).add(found)
        return len(texts)

    return index


def txtai_hybrid(sample: Sample) -> Ingest:
    """txtai's own encoding, FAISS and BM25."""
    from tests.benchmarks import txtai_index

    texts = sample.passages()
    index = txtai_index.encoded_by_itself(sample.home)
    index(texts[:4])
    return lambda: index(texts)


def ours(sample: Sample) -> Ingest:
    """The whole of `pfdkb ingest`, which opens its models each time."""
    from kb.cli.ingesting import run_ingest

    def index() -> int:
        with tempfile.TemporaryDirectory() as scratch:
            home = Home(Path(scratch) / "home")
            home.create()
            home.models.rmdir()
            home.models.symlink_to(sample.home.models.resolve())
            return int(run_ingest(home, [sample.rows])["passages"])

    return index


def measured(name: str, sample: Sample, *, precision: str = "fp32") -> dict[str, float]:
    """Take the sample in by a way, in a process of its own; return what that printed."""
    child = started("one-ingest", name, sample.folder, PFDKB_PRECISION=precision)
    said, _ = child.communicate()
    if child.returncode:
        raise RuntimeError(f"Taking the sample in by '{name}' ended with {child.returncode}.")
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def take_in(name: str, folder: str) -> None:
    """Be the child: take the sample in once, and print passages, seconds and memory."""
    index = WAYS[name](Sample(Path(folder)))
    passages, clock, processor = timed(index)
    report({"passages": passages, "clock": clock, "processor": processor, "peak": peak_memory()})


WAYS: dict[str, Callable[[Sample], Ingest]] = {
    "words": words_alone,
    "plain": plain_recipe,
    "txtai": txtai_hybrid,
    "ours": ours,
}
