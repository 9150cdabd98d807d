"""Where each word stands and what that is worth, kept for an edition of the library.

BM25 is a sum over the words of a question, so what a word adds to each row is the same in every
question. The words of a field come again and again; SQLite scores the rows of each only once.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.store import Store, finding, meta
from kb.store.wordings import Table

MOST_ROWS = 20_000
"""A word that stands in more rows of a search table than this is left to SQLite each time."""
MOST_KEPT = 2_000_000
"""Rows kept for all words together, 16 bytes each."""


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """The rows that a word stands in, by id, and what it adds to the BM25 of each."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]


class Postings:
    """Scores the rows of the search tables by words. Safe to share between threads."""

    def __init__(self, *, most_kept: int = MOST_KEPT) -> None:
        self._most = most_kept
        self._edition: meta.State | None = None
        self._words: dict[tuple[Table, str], _Standing] = {}
        self._kept = 0
        self._lock = threading.Lock()

    def best(
        self, store: Store, table: Table, must: Sequence[str], may: Sequence[str], *, limit: int
    ) -> list[tuple[int, float]]:
        """Return (row, BM25) of the best rows that hold a word of `must`; larger is better.

        The words are FTS5 queries, those of `may` only add to the score. Where there are some, the
        others count twice, as they do in the query that `index.commonness` makes of both. Standard
        wording is left out.
        """
        with self._lock:
            self._bring_up_to_date(store)
            needed, others = (
                [self._standing(store, table, word) for word in words] for words in (must, may)
            )
        rows, at = np.unique(np.concatenate([one.rows for one in needed]), return_inverse=True)
        worth = np.concatenate([one.scores for one in needed])
        scores = np.asarray(np.bincount(at, worth, len(rows)), np.float64)
        scores *= 2 if may else 1
        for one in others:
            _, of_all, of_word = np.intersect1d(
                rows, one.rows, assume_unique=True, return_indices=True
            )
            scores[of_all] += one.scores[of_word]
        order = np.argsort(-scores, kind="stable")[:limit]  # of equals the one read in first
        return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))

    def _bring_up_to_date(self, store: Store) -> None:
        edition = meta.edition(store.db)
        if self._edition != edition or self._kept > self._most:
            self._edition, self._words, self._kept = edition, {}, 0

    def _standing(self, store: Store, table: Table, word: str) -> _Standing:
        if (table, word) not in self._words:
            found = finding.scored(store.db, table, word)
            self._words[table, word] = _Standing(
                np.array([row for row, _ in found], np.int64),
                np.array([score for _, score in found], np.float64),
            )
            self._kept += len(found)
        return self._words[table, word]
