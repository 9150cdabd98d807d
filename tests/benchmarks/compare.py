"""The comparison of search systems in one run: `make bench`, or `python -m tests.benchmarks HOME`.

Measures of quality on judged queries; the time of a warm query, each system asked in turn, query by
query and round by round, so that whatever else the machine does falls on all alike; the passages
that each takes in a second; the most memory; and from a new process to its first answer. What
depends on the machine is given as a ratio to the plain recipe in the same run.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from index.encoder import encoder_for, prepare_export
from index.evaluate import Measures, Run, measure, read_judgements, read_queries
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store, vectors
from tests.benchmarks import reading, throughput, txtai_index
from tests.benchmarks.child import Asked
from tests.benchmarks.encoder import on_one_core
from tests.benchmarks.systems import OURS, PAGE, PLAIN, SYSTEMS, TXTAI, Place
from tests.benchmarks.throughput import FP32, Sample

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
INGESTS = {
    "words alone (FTS5, BM25)": ("words", "fp32"),
    PLAIN: ("plain", "fp32"),
    TXTAI: ("txtai", "fp32"),
    OURS: ("ours", "int8"),
    FP32: ("ours", "fp32"),
}
"""How each row takes documents in: a way of `throughput`, and the precision of our model."""
_LEFT_OUT = "-"


@dataclass(slots=True)
class Row:
    """What was measured of one system; times in seconds, memory in bytes, None: not measured.

    `ingests` holds passages a second by the clock and by the processor, one pair a round.
    """

    measures: Measures | None = None
    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    memory: int | None = None
    ingests: list[tuple[float, float]] = field(default_factory=list)
    ingest_memory: int | None = None


def main(words: Sequence[str]) -> None:
    """Print the table."""
    asked = _arguments(words)
    if not SHARED.is_dir():
        sys.exit("The public documents, exports and judged queries must lie in ../shared.")
    if not asked.all_cores:
        on_one_core()  # and with it every child: beside other work two threads of torch only wait
    with tempfile.TemporaryDirectory(prefix="pfdkb-bench-") as scratch:
        place = Place(_library(asked.home, Path(scratch)), Path(scratch))
        names = [name for name in SYSTEMS if name != TXTAI or txtai_index.installed()]
        _make_ready(place)
        rows = {name: Row() for name in names}
        ask_in_turn(rows, place, rounds=asked.rounds)
        start_in_turn(rows, place, runs=asked.starts)
        if asked.rows:
            take_in_turn(rows, _sample(place, asked.rows), rounds=2)
    print("\n".join(table(rows)))
    if not txtai_index.installed():
        print(txtai_index.ABSENT)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("home", nargs="?", type=Path, help="a library; none: one is made")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all queries")
    parser.add_argument("--starts", type=int, default=5, help="cold starts of each system")
    parser.add_argument("--all-cores", action="store_true", help="not each system on one core")
    parser.add_argument("--rows", type=int, default=500, help="rows taken in, 0 for none")
    return parser.parse_args(list(words))


def _library(home: Path | None, scratch: Path) -> Home:
    """Return the library given, or one made of all public documents and exports."""
    if home is not None:
        return Home(home)
    from kb.cli.ingesting import run_ingest

    made = Home(scratch / "library")
    run_ingest(made, [SHARED / "documents", SHARED / "reports"])
    return made


def _make_ready(place: Place) -> None:
    """Write down the library's passages with their vectors, and make txtai's index of them."""
    models = Home(place.scratch / "models")
    fp32 = encoder_for(DEFAULT_MODEL, models)
    with Store.reading(place.home) as store:
        ids, found = vectors.for_passages(store.db, fp32.fingerprint)
        held = {row[0]: row for row in _passages(store)}
    if len(ids) < len(held):  # a library of int8, which is another model
        ids = np.array(list(held))
        prepare_export(DEFAULT_MODEL, models)
        found = encoder_for(DEFAULT_MODEL, models).encode([row[2] for row in held.values()])
    rows = [held[int(one)] for one in ids]
    place.passages.write_text(json.dumps(rows), encoding="utf-8")
    np.save(place.vectors, found)
    if txtai_index.installed():
        txtai_index.index_with([(row[0], row[2]) for row in rows], found, place.txtai)


def _passages(store: Store) -> list[tuple[int, str, str]]:
    rows = store.db.execute(
        "SELECT p.id, d.docno, p.text FROM passages p JOIN documents d ON d.id = p.document_id"
        " WHERE p.boilerplate = 0 ORDER BY p.id"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def ask_in_turn(rows: dict[str, Row], place: Place, *, rounds: int) -> None:
    """Ask every system every query: one after the other within a query, the queries in rounds."""
    queries = read_queries(SHARED / "search" / "dev_queries.tsv")
    judged = read_judgements(SHARED / "search" / "dev_qrels.txt")
    runs: dict[str, Run] = {name: {} for name in rows}
    with ExitStack() as stack:
        children = {name: stack.enter_context(Asked(name, place)) for name in rows}
        for child in children.values():
            child.ask("a first question loads what is loaded once")
        for _ in range(rounds):
            for key, text in queries.items():
                for name, child in children.items():
                    answer = child.ask(text)
                    runs[name][key] = [(docno, score) for docno, score in answer.ranking]
                    rows[name].clock.append(answer.clock)
                    rows[name].processor.append(answer.processor)
                    rows[name].memory = answer.peak
    for name, row in rows.items():
        row.measures = measure(runs[name], judged) if name != PAGE else None


def start_in_turn(rows: dict[str, Row], place: Place, *, runs: int) -> None:
    """Time each system from a new process to its first answer, one after the other."""
    for _ in range(runs):
        for name, row in rows.items():
            began = time.perf_counter()
            with Asked(name, place) as child:
                child.ask("care coordinator not allocated")
                row.starts.append(time.perf_counter() - began)


def _sample(place: Place, number: int) -> Sample:
    """Draw rows of the exports, and read them in once: that gives the passages for all."""
    from kb.cli.ingesting import run_ingest
    from kb.settings import Precision

    sample = Sample(place.scratch / "sample")
    sample.folder.mkdir()
    reading.sampled(sample.rows, number)
    for how in Precision:
        if why := prepare_export(DEFAULT_MODEL, sample.home, precision=how):
            sys.exit(why)
    run_ingest(sample.home, [sample.rows])
    return sample


def take_in_turn(rows: dict[str, Row], sample: Sample, *, rounds: int) -> None:
    """Take the sample in by every way, one after the other, each in a process of its own."""
    rows[FP32] = Row()
    for _ in range(rounds):
        for name, (way, precision) in INGESTS.items():
            if name in rows:
                found = throughput.measured(way, sample, precision=precision)
                number = found["passages"]
                rows[name].ingests.append((number / found["clock"], number / found["processor"]))
                rows[name].ingest_memory = int(found["peak"])


def table(rows: dict[str, Row]) -> list[str]:
    """Return the lines of a Markdown table, and two sentences on what the ratios are of."""
    plain = rows[PLAIN]
    lines = [
        "| system | nDCG@10 | P@5 | recall@50 | query, clock | query, processor | cold start |"
        " memory | ingest, clock | ingest, processor | memory of ingest |",
        "|---" * 11 + "|",
    ]
    lines += [f"| {name} | {' | '.join(_cells(row, plain))} |" for name, row in rows.items()]
    lines += [
        "",
        "Times are ratios to the plain recipe, the smaller the faster; passages a second of ingest"
        " are ratios, too, the larger the faster. Medians, in turn.",
        f"The plain recipe took {_middle(plain.clock) * 1000:.0f} ms a query"
        f" ({_middle(plain.processor) * 1000:.0f} ms of the processor) and"
        f" {_middle(plain.starts):.1f} s to its first answer",
    ]
    if PAGE in rows:
        lines[-1] += f"; our web page {_middle(rows[PAGE].clock) * 1000:.0f} ms"
    lines[-1] += "."
    return lines


def _cells(row: Row, plain: Row) -> list[str]:
    found = row.measures
    quality = (
        [f"{found.ndcg_10:.3f}", f"{found.p_5:.2f}", f"{found.recall_50:.3f}"]
        if found
        else [_LEFT_OUT] * 3
    )
    times = [
        _ratio(mine, of)
        for mine, of in (
            (row.clock, plain.clock),
            (row.processor, plain.processor),
            (row.starts, plain.starts),
        )
    ]
    ingests = [
        _ratio([one[kind] for one in row.ingests], [one[kind] for one in plain.ingests])
        for kind in (0, 1)
    ]
    return [*quality, *times, _megabytes(row.memory), *ingests, _megabytes(row.ingest_memory)]


def _ratio(mine: Sequence[float], of: Sequence[float]) -> str:
    return f"{_middle(mine) / _middle(of):.2f}" if mine and of else _LEFT_OUT


def _middle(values: Sequence[float]) -> float:
    return median(values) if values else float("nan")


def _megabytes(size: int | None) -> str:
    return _LEFT_OUT if size is None else f"{size / 1e6:.0f} MB"
