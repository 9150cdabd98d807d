"""Which words of a question tell passages apart, so that no search has to score half the library.

BM25 gives a word that stands in most passages next to no weight, yet every passage that holds it
must be scored. So a passage must hold one of the rarer words to be scored at all; words of middling
commonness then only add to its score, and the commonest are left to meaning. In a large library
fewer words are rare enough: a search is bounded by the passages scored, not by those held.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.question import Question
from index.words import any_of
from kb.store import Store, meta, wordings
from kb.store.wordings import Table

RARE = 0.17
"""Share of the rows up to which one of a question's words must stand in what is scored."""
COMMON = 0.30
"""Share of the rows above which a word tells nothing: its weight in BM25 is under 0.85, that of a
word in one of a hundred rows 4.6. What both shares did to the measures: docs/search.md.
"""
MOST_SCORED = 20_000
"""Passages, or documents, that are scored for the words of one question."""
_FEW = 500
"""Rows that cost nothing to score: in a small library no word is too common."""
_MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Match:
    """An FTS5 query, "" where there is nothing to find, and the first row to look at.

    `since` is 0 unless what is asked for stands in more rows than are scored: then the rows read in
    last are looked at. The query is made of the words `must`, one of which must stand, and `may`,
    FTS5 queries themselves, none of which stands in more than `most_rows` rows; where it is not,
    `must` is empty.
    """

    query: str
    since: int = 0
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    most_rows: int = 0


class Commonness:
    """Knows in how many rows of a search table each word stands; keeps it for a generation.

    Safe to share between threads.
    """

    def __init__(self, *, most_scored: int = MOST_SCORED) -> None:
        self._most = most_scored
        self._edition: meta.State | None = None
        self._rows: dict[tuple[Table, str], int] = {}
        self._sizes: dict[Table, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def passages(self, store: Store, question: Question) -> Match:
        """Return how to find the passages of a question by its words."""
        if question.words.groups:  # what is quoted must stand, however common it is
            query = question.match
            _, last, held = self._held(store, Table.PASSAGES, [query])
            return Match(query, self._since(held[query], last))
        found = self._telling(store, Table.PASSAGES, question.words.content)
        if not question.excluded:
            return found
        return Match(question.without_excluded(found.query), found.since)

    def details(self, store: Store, question: Question) -> Match:
        """Return how to find the documents of a question by their details and whole sections."""
        if question.words.groups:
            return Match(question.words.match)
        return self._telling(store, Table.DETAILS, question.words.content)

    def _telling(self, store: Store, table: Table, words: Sequence[str]) -> Match:
        """Return how to find the rows to score.

        One of the rare words must stand; a rare word counts twice, since FTS5 sees it twice.
        """
        query_of = {word: any_of([(word,)]) for word in words}
        rows, last, held = self._held(store, table, list(query_of.values()))
        found = {word: held[query] for word, query in query_of.items() if held[query]}
        rarest = sorted(found, key=lambda word: found[word])
        scored = accumulate(found[word] for word in rarest)
        rare = [
            word
            for word, together in zip(rarest, scored, strict=True)
            if found[word] <= max(RARE * rows, _FEW) and together <= self._most
        ] or rarest[:1]
        common = [w for w in rarest[len(rare) :] if found[w] <= max(COMMON * rows, _FEW)]
        since = self._since(found[rare[0]], last) if rare else 0
        must, may = (tuple(query_of[word] for word in some) for some in (rare, common))
        query = one_of = " OR ".join(must)
        if may:
            query = f"({one_of}) AND ({one_of} OR {' OR '.join(may)})"
        most = max((found[word] for word in (*rare, *common)), default=0)
        return Match(query, since, must, may, most)

    def _since(self, rows: int, last: int) -> int:
        return last - int(last * self._most / rows) if rows > self._most else 0

    def _held(
        self, store: Store, table: Table, queries: Sequence[str]
    ) -> tuple[int, int, dict[str, int]]:
        """Return the rows of a table, the last one's id, and how many rows match each query."""
        with self._lock:
            edition = meta.edition(store.db)
            if self._edition != edition or len(self._rows) > _MOST_KEPT:
                self._edition, self._rows, self._sizes = edition, {}, {}
            if table not in self._sizes:
                self._sizes[table] = wordings.size(store.db, table)
            for query in queries:
                if (table, query) not in self._rows:
                    self._rows[table, query] = wordings.rows_holding(store.db, table, query)
            rows, last = self._sizes[table]
            return rows, last, {query: self._rows[table, query] for query in queries}
