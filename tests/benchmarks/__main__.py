"""Search of the library beside plain recipes: quality and time of a query, in one run.

    pfdkb --home DIR ingest ../shared/data/documents ../shared/data/reports
    python -m tests.benchmarks DIR

    python -m tests.benchmarks reading
    python -m tests.benchmarks encoder DIR
    python -m tests.benchmarks cold-start DIR
    python -m tests.benchmarks tagging DIR

The first prints a table of nDCG@10, P@5, recall@50 and the median time of a query, the last as a
ratio to the plain recipe of encoding the question and asking FAISS. The judgements are language
models'. The others are described in the modules of their names.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from index.build import open_index
from index.encoder import encoder_for
from index.evaluate import DEPTH, measure, read_judgements, read_queries
from index.search import Searcher
from index.words import Words
from kb.cli.base import question_reader
from kb.encoder import Encoder
from kb.queries import Filters, SearchQuery
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store, passages
from tests.benchmarks import cold_start, encoder, reading, tagging

JUDGED = Path(__file__).resolve().parents[3] / "shared" / "data" / "search"
Ranking = list[tuple[str, float]]
System = Callable[[str], Ranking]


def documents(found: list[tuple[int, float]], docnos: dict[int, str]) -> Ranking:
    """Return documents by their best passage."""
    best: dict[str, float] = {}
    for passage, score in found:
        best.setdefault(docnos[passage], score)
    return list(best.items())[:DEPTH]


def systems(store: Store, encoder: Encoder) -> dict[str, System]:
    """Return the plain recipes and ours, each a function from a question to ranked documents."""
    index = open_index(store, encoder.fingerprint).index
    docnos: dict[int, str] = dict(
        store.db.execute(
            "SELECT p.id, d.docno FROM passages p JOIN documents d ON d.id = p.document_id"
        ).fetchall()
    )

    def words(text: str) -> Ranking:
        found = passages.by_words(store.db, Words.of(text).match, Filters(), limit=1000)
        return documents([(passage, score) for passage, _, score in found], docnos)

    def meaning(text: str) -> Ranking:
        return documents(index.nearest(encoder.encode([text])[0], limit=1000), docnos)

    def fused(text: str) -> Ranking:
        scores: dict[str, float] = {}
        for ranking in (words(text), meaning(text)):
            for rank, (docno, _) in enumerate(ranking, start=1):
                scores[docno] = scores.get(docno, 0.0) + 1 / (60 + rank)
        return sorted(scores.items(), key=lambda one: -one[1])[:DEPTH]

    searcher = Searcher(encoder, reader=question_reader(store.home))

    def ours(text: str) -> Ranking:
        page = searcher.search(store, SearchQuery(text=text, limit=DEPTH, per_document=1))
        return [(hit.docno, hit.score) for hit in page.hits]

    return {
        "words alone (FTS5, BM25)": words,
        "meaning alone (MiniLM, FAISS)": meaning,
        "reciprocal rank fusion of the two": fused,
        "pfd-kb": ours,
    }


def main() -> None:
    """Print the comparison for the library in the folder named on the command line."""
    if sys.argv[1:] == ["reading"]:
        reading.main()
        return
    others = {
        "encoder": encoder.main,
        "cold-start": cold_start.main,
        "tagging": tagging.main,
    }
    if len(sys.argv) == 3 and sys.argv[1] in others:
        others[sys.argv[1]](sys.argv[2])
        return
    if len(sys.argv) != 2 or not JUDGED.is_dir():
        sys.exit("Give the home folder of a library; the judged queries must lie in ../shared.")
    home = Home(Path(sys.argv[1]))
    queries = read_queries(JUDGED / "dev_queries.tsv")
    judged = read_judgements(JUDGED / "dev_qrels.txt")
    with Store.reading(home) as store:
        rows = []
        for name, system in systems(store, encoder_for(DEFAULT_MODEL, home)).items():
            system("a first question loads what is loaded once")
            run, seconds = {}, []
            for key, text in queries.items():
                began = time.perf_counter()
                run[key] = system(text)
                seconds.append(time.perf_counter() - began)
            rows.append((name, measure(run, judged), median(seconds)))
    plain = next(seconds for name, _, seconds in rows if name.startswith("meaning"))
    print(f"{'':36}{'nDCG@10':>9}{'P@5':>7}{'recall@50':>11}{'time, ratio':>13}")
    for name, found, seconds in rows:
        print(
            f"{name:36}{found.ndcg_10:9.3f}{found.p_5:7.2f}{found.recall_50:11.3f}"
            f"{seconds / plain:13.2f}"
        )
    print(f"{len(queries)} queries; one query by meaning took {plain * 1000:.0f} ms here.")


if __name__ == "__main__":
    main()
