"""Cost against size: `python -m tests.benchmarks scale HOME [SIZE...] [--in DIR] [--plot FILE]`.

Makes libraries of 10 thousand, 100 thousand and a million passages out of the sentences of the
library in HOME (see `scale_library`), and measures each in new processes: building the index, how
much of the exact answer it finds, and warm pages of the web application. With `--in` the libraries
are kept in DIR and used again; otherwise they are made in a scratch folder, one after the other,
and removed. `--plot` writes a drawing. A million passages take about 7 GB of disk.

Milliseconds are the processor's, of all threads, unless the clock is named; medians.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import numpy as np

from index.build import build_index, open_index
from index.encoder import encoder_for, prepare_export
from index.postings import Postings
from kb.cli.base import encoder_or_reason, failings_or_none, question_reader
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store, finding, vectors
from tests.benchmarks.scale_library import SEED, SENTENCE, Source, make
from tests.benchmarks.scale_plot import drawing

SIZES = (10_000, 100_000, 1_000_000)
HELD_OUT = 100
DEEP = 400  # as far as search asks
TIED = 1e-6
BY_WORDS: tuple[tuple[Any, str], ...] = (
    (finding, "by_words"),
    (finding, "by_details"),
    (finding, "by_names"),
    (Postings, "best"),
)
QUESTIONS = (
    """mental health|missed observations on the ward|ambulance delay|cyclist and lorry
prison cell ligature|medication error insulin|falls in care home|sepsis not recognised
communication between hospital and GP|risk assessment|staff training|missing person police
epilepsy sudden death|road junction visibility|drug overdose prescription|fire door
discharge from hospital without plan|speed limit crossing|eating disorder|baby heart rate midwife
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a library of one size costs."""

    passages: int
    documents: int
    database_mb: float
    index_mb: float
    build_s: float
    build_peak_mb: float
    open_s: float
    recall_10: float
    recall_deep: float
    nearest_ms: float
    page_first_ms: float
    page_ms: float
    page_clock_ms: float
    words_ms: float
    page_peak_mb: float


COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("passages", "passages", ",d"),
    ("documents", "documents", ",d"),
    ("database, MB", "database_mb", ",.0f"),
    ("index file, MB", "index_mb", ",.0f"),
    ("index built, s", "build_s", ".1f"),
    ("its peak, MB", "build_peak_mb", ",.0f"),
    ("index opened, s", "open_s", ".2f"),
    ("recall@10", "recall_10", ".3f"),
    (f"recall@{DEEP}", "recall_deep", ".3f"),
    ("nearest, ms", "nearest_ms", ".1f"),
    ("page, asked first, ms", "page_first_ms", ".0f"),
    ("page, ms", "page_ms", ".0f"),
    ("of it words, ms", "words_ms", ".0f"),
    ("page by the clock, ms", "page_clock_ms", ".0f"),
    ("peak of pages, MB", "page_peak_mb", ",.0f"),
)


def main(*words: str) -> None:
    """Print a table of cost against size, and write a drawing of it where asked."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks scale")
    asked.add_argument("home", type=Path)
    asked.add_argument("sizes", type=int, nargs="*")
    asked.add_argument("--in", dest="folder", type=Path)
    asked.add_argument("--plot", type=Path)
    given = asked.parse_args(words)
    library = Home(given.home)
    if why := prepare_export(DEFAULT_MODEL, library):
        sys.exit(why)
    fingerprint = encoder_for(DEFAULT_MODEL, library).fingerprint
    source = Source.of(library, fingerprint)
    costs = []
    for size in given.sizes or SIZES:
        with _folder(given.folder) as folder:
            home = Home(folder / str(size))
            if not home.database.exists():
                make(source, home, size=size, fingerprint=fingerprint)
                home.models.rmdir()
                home.models.symlink_to(library.models.resolve())
            costs.append(measured(home))
    for name, column, form in COLUMNS:
        print(f"{name:24}" + "".join(f"{getattr(cost, column):>14{form}}" for cost in costs))
    if given.plot:
        given.plot.write_text(drawing([asdict(cost) for cost in costs]), encoding="utf-8")


def measured(home: Home) -> Cost:
    """Measure one library, each step in a process of its own."""
    facts: dict[str, Any] = {}
    for step in STEPS:
        command = [sys.executable, "-m", "tests.benchmarks", "one-scale", step, str(home.root)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        facts |= json.loads(done.stdout)
    facts["database_mb"] = home.database.stat().st_size / 1e6
    facts["index_mb"] = sum(file.stat().st_size for file in home.index.iterdir()) / 1e6
    return Cost(**facts)


def one(step: str, root: str) -> None:
    """Take one step over the library in a folder and print what was measured as JSON."""
    print(json.dumps(STEPS[step](Home(Path(root)))))


def _build(home: Home) -> dict[str, float]:
    encoder = encoder_for(DEFAULT_MODEL, home)
    with Store.writing(home, purpose="measure") as store:
        began = time.process_time()
        held = build_index(store, encoder)
        taken = time.process_time() - began
        documents = store.db.execute("SELECT count(*) FROM documents").fetchone()[0]
    of = {"passages": held, "documents": documents}
    return {**of, "build_s": taken, "build_peak_mb": _peak()}


def _recall(home: Home) -> dict[str, float]:
    """Compare the index with all vectors, over sentences that are encoded for this alone."""
    encoder = encoder_for(DEFAULT_MODEL, home)
    with Store.reading(home) as store:
        began = time.process_time()
        index = open_index(store, encoder.fingerprint).index
        opened = time.process_time() - began
        queries = encoder.encode(_sentences(store))
        ids, held = vectors.for_passages(store.db, encoder.fingerprint)
    found_10, found_deep, times = [], [], []
    for query in queries:
        began = time.thread_time()  # of all threads, those that multiplied below would still count
        found = [one for one, _ in index.nearest(query, limit=DEEP)]
        times.append(time.thread_time() - began)
        cosines = held @ query
        best = -np.sort(np.partition(-cosines, DEEP)[:DEEP])
        given = cosines[np.searchsorted(ids, found)]
        # The same words have the same vector, so which of them are found makes no difference.
        found_10.append(np.sum(given[:10] >= best[9] - TIED) / 10)
        found_deep.append(np.sum(given >= best[-1] - TIED) / DEEP)
    return {
        "open_s": opened,
        "recall_10": float(np.mean(found_10)),
        "recall_deep": float(np.mean(found_deep)),
        "nearest_ms": 1000 * median(times),
    }


def _pages(home: Home) -> dict[str, float]:
    """Ask each question twice; the second time counts, and the first is told beside it."""
    from webui import create_app

    spent = [0.0]
    for place, name in BY_WORDS:
        setattr(place, name, _timed(getattr(place, name), spent))
    app = create_app(
        home,
        encoder=encoder_or_reason(home),
        reader=question_reader(home),
        failings=failings_or_none(home),
    )
    client = app.test_client()
    rows = []
    for question in QUESTIONS * 2:
        spent[0] = 0.0
        clock, processor = time.perf_counter(), time.process_time()
        answer = client.get(f"/search?q={quote(question)}")
        rows.append((time.process_time() - processor, spent[0], time.perf_counter() - clock))
        if answer.status_code != 200:
            sys.exit(f"'{question}' was answered with {answer.status_code}.")
    first = [row[0] for row in rows[: len(QUESTIONS)]]
    page, words, by_clock = zip(*rows[len(QUESTIONS) :], strict=True)
    return {
        "page_first_ms": 1000 * median(first),
        "page_ms": 1000 * median(page),
        "words_ms": 1000 * median(words),
        "page_clock_ms": 1000 * median(by_clock),
        "page_peak_mb": _peak(),
    }


STEPS: dict[str, Callable[[Home], dict[str, float]]] = {
    "build": _build,
    "recall": _recall,
    "pages": _pages,
}


def _sentences(store: Store) -> list[str]:
    held = store.db.execute("SELECT max(id) FROM passages").fetchone()[0]
    drawn = random.Random(SEED).sample(range(1, held + 1), HELD_OUT)
    rows = store.db.execute(
        "SELECT text FROM passages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(drawn)],
    )
    return [max(SENTENCE.split(row[0]), key=len) for row in rows]


def _timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def timed(*args: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return function(*args, **named)
        finally:
            spent[0] += time.thread_time() - began

    return timed


def _peak() -> float:
    """Return the most memory that this process held, in MB; 0 where the system does not say."""
    # ru_maxrss is no use here: a new process begins with that of the one that started it.
    status = Path("/proc/self/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    scratch = Path(tempfile.mkdtemp())
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch)
