"""Recurring concerns: groups of concern passages that say the same thing went wrong.

The only door to scikit-learn here. Passages are grouped by average-linkage agglomeration with a
distance cut, so that nothing is forced into a group; what stays alone, or within one report, is
left out. Counts are of distinct reports and organisations, never of passages.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from index.words import STOP_WORDS
from kb.clusters import Cluster
from kb.encoder import Vectors
from kb.store import Store, vectors
from kb.store import clusters as kept
from kb.store.clusters import ConcernUnit

DISTANCE = 0.42
"""Mean cosine distance at which two groups are no longer joined (MiniLM vectors)."""
_LEAST_REPORTS = 2
_MOST_PASSAGES = 12_000
"""Above this the distance matrix (8 bytes a pair) would pass a gigabyte."""


def find_clusters(store: Store, fingerprint: str) -> list[Cluster]:
    """Group the library's concerns and store the groups; return them, the largest first."""
    units = kept.concern_units(store.db)[:_MOST_PASSAGES]
    ids, held = vectors.for_passages(store.db, fingerprint)
    row_of = {int(one): row for row, one in enumerate(ids)}
    units = [unit for unit in units if unit.passage_id in row_of]
    found = group(units, held[[row_of[u.passage_id] for u in units]]) if units else []
    kept.replace(store.db, found)
    return found


def group(
    units: Sequence[ConcernUnit], rows: Vectors, *, distance: float = DISTANCE
) -> list[Cluster]:
    """Group units whose vectors (unit length, shape (len(units), dimension)) lie close."""
    if len(units) < _LEAST_REPORTS:
        return []
    model = AgglomerativeClustering(
        n_clusters=None, distance_threshold=distance, metric="cosine", linkage="average"
    )
    labels: NDArray[np.int64] = model.fit_predict(rows)
    members: dict[int, list[int]] = defaultdict(list)
    for at, label in enumerate(labels):
        members[int(label)].append(at)
    recurring = [
        rows_of
        for rows_of in members.values()
        if len({units[at].document_id for at in rows_of}) >= _LEAST_REPORTS
    ]
    names = list(_labels(units, recurring))
    found = [_cluster(units, rows, at, name) for at, name in zip(recurring, names, strict=True)]
    return sorted(found, key=lambda c: (-c.reports, -c.organisations, c.id))


def _cluster(
    units: Sequence[ConcernUnit], rows: Vectors, members: Sequence[int], label: str
) -> Cluster:
    centre = rows[members].mean(axis=0)
    centre /= np.linalg.norm(centre)
    similar = rows[members] @ centre
    order = np.argsort(-similar, kind="stable")
    years = sorted(year for at in members if (year := units[at].year))
    organisations = {one for at in members for one in units[at].organisations}
    exemplar = units[members[int(order[0])]]
    return Cluster(
        id=hashlib.sha256(exemplar.text.encode()).hexdigest()[:10],
        label=label,
        members=tuple((units[members[int(at)]].passage_id, float(similar[at])) for at in order),
        reports=len({units[at].document_id for at in members}),
        organisations=len(organisations),
        first_year=years[0] if years else None,
        last_year=years[-1] if years else None,
        cohesion=float(similar.mean()),
    )


def _labels(units: Sequence[ConcernUnit], groups: Sequence[Sequence[int]]) -> Iterator[str]:
    """Name each group by the phrases that its reports share and other groups lack (c-TF-IDF).

    A phrase counts once a report, so that one long report cannot name a group.
    """
    if not groups:
        return
    texts = [" \n ".join(units[at].text for at in rows) for rows in groups]
    phrases = TfidfVectorizer(
        ngram_range=(1, 3),
        stop_words=sorted(STOP_WORDS | _EMPTY_WORDS),
        sublinear_tf=True,
        max_df=max(1, len(groups) // 3),
        token_pattern=r"[A-Za-z][A-Za-z-]{2,}",
    )
    try:
        weights = phrases.fit_transform(texts)
    except ValueError:  # no phrase is left: every word is empty or stands in every group
        yield from (units[rows[0]].text[:60] for rows in groups)
        return
    vocabulary = phrases.get_feature_names_out()
    analyse = phrases.build_analyzer()
    for at, rows in enumerate(groups):
        spread: Counter[str] = Counter()
        of_report: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            of_report[units[row].document_id] |= set(analyse(units[row].text))
        for words in of_report.values():
            spread.update(words)
        line = weights[at]
        scored = {
            str(vocabulary[column]): float(value) * spread[str(vocabulary[column])]
            for column, value in zip(line.indices, line.data, strict=True)
        }
        yield _name(scored, units[rows[0]].text)


_EMPTY_WORDS = frozenset(
    """
    coroner concern concerns concerned evidence heard inquest death deaths died future matter
    matters mr mrs ms miss dr redacted following received given make made trust hospital hospitals
    service services report
    """.split()
)


def _name(scored: dict[str, float], otherwise: str) -> str:
    """Return up to three phrases, none inside another."""
    chosen: list[str] = []
    # A longer phrase says more than its words: prefer it unless it is much rarer.
    for phrase in sorted(scored, key=lambda p: (-scored[p] * (1 + 0.35 * p.count(" ")), p)):
        taken = {word for one in chosen for word in one.split()}
        if not taken & set(phrase.split()):
            chosen.append(phrase)
        if len(chosen) == 3:
            break
    return ", ".join(chosen) or otherwise[:60]
