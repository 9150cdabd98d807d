"""Measures of search on judged queries, from queries and judgements in TREC form."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.search import Searcher
from kb.errors import UsageError
from kb.queries import SearchQuery
from kb.store import Store

DEPTH = 100
RELEVANT = 2
"""Grades 2 and 3 count as relevant for precision and recall; nDCG uses the grades themselves."""

Run = dict[str, list[tuple[str, float]]]
Judgements = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """nDCG@10, P@5 and recall@50, each the mean over the judged queries, 0..1."""

    ndcg_10: float
    p_5: float
    recall_50: float
    queries: int


def read_queries(file: Path) -> dict[str, str]:
    """Read `id<TAB>text[<TAB>narrative]` lines. Raises `UsageError` when they are not that."""
    rows = csv.reader(_text(file).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    queries = {row[0]: row[1] for row in rows if len(row) >= 2}
    if not queries:
        raise UsageError(f"{file} holds no queries. Each line is: id, a tab, the query.")
    return queries


def read_judgements(file: Path) -> Judgements:
    """Read TREC qrels: query, 0, docno, grade. Raises `UsageError` when they are not that."""
    judged: Judgements = {}
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            query, _, docno, grade = line.split()
            judged.setdefault(query, {})[docno] = int(grade)
        except ValueError:
            raise UsageError(
                f"{file}, line {number} is not a TREC judgement (query 0 docno grade)."
            ) from None
    return judged


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.") from error


def run_queries(store: Store, searcher: Searcher, queries: Mapping[str, str]) -> Run:
    """Rank documents for each query, `DEPTH` deep, by the same path as `search`."""
    run: Run = {}
    for key, text in queries.items():
        page = searcher.search(store, SearchQuery(text=text, limit=DEPTH, per_document=1))
        run[key] = [(hit.docno, hit.score) for hit in page.hits]
    return run


def measure(run: Run, judged: Judgements) -> Measures:
    """Score a run; only judged queries count, a query without an answer counts as nothing found.

    An unjudged document counts as not relevant, as is usual.
    """
    keys = [key for key in judged if key in run]
    if not keys:
        raise UsageError("The queries and the judgements share no query id.")
    rows = [_scores([docno for docno, _ in run[key]], judged[key]) for key in keys]
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return Measures(ndcg_10=mean[0], p_5=mean[1], recall_50=mean[2], queries=len(keys))


def _scores(ranking: Sequence[str], grades: Mapping[str, int]) -> tuple[float, float, float]:
    relevant = {docno for docno, grade in grades.items() if grade >= RELEVANT}
    found = [docno in relevant for docno in ranking]
    ideal = _dcg(sorted(grades.values(), reverse=True)[:10])
    gained = _dcg([grades.get(docno, 0) for docno in ranking[:10]])
    return (
        gained / ideal if ideal else 0.0,
        sum(found[:5]) / 5,
        sum(found[:50]) / len(relevant) if relevant else 0.0,
    )


def _dcg(grades: Sequence[int]) -> float:
    """Return the discounted gain with the grades as gains (Järvelin and Kekäläinen 2002)."""
    return sum(grade / math.log2(at + 2) for at, grade in enumerate(grades))


def write_run(run: Run, file: Path, *, name: str = "pfdkb") -> None:
    """Write a run in TREC form: query Q0 docno rank score name."""
    lines = [
        f"{query} Q0 {docno} {rank} {score:.6f} {name}"
        for query, ranking in run.items()
        for rank, (docno, score) in enumerate(ranking, start=1)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
