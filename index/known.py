"""Facts of passages and documents that searches met before: read once for a state of the library.

One search counts some hundred passages and their documents; the next one meets many of them again.
"""

import functools
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TypeVar

from kb.encoder import Vectors
from kb.store import Store, facts, meta, points
from kb.store.facts import DocumentFacts, PassageFacts

MOST_KEPT = 200_000
"""Passages, and as many documents, whose facts are kept: some hundred megabytes at most."""
_VECTORS_SHARE = 4
"""Of so many passages the vectors of points are kept for one: they are larger."""

Facts = TypeVar("Facts")


class Known:
    """Answers for facts by id; what is not known yet is read. Safe to share between threads."""

    def __init__(self, *, most_kept: int = MOST_KEPT) -> None:
        self._most = most_kept
        self._state: meta.State | None = None
        self._passages: dict[int, PassageFacts] = {}
        self._documents: dict[int, DocumentFacts] = {}
        self._points: dict[int, Vectors] = {}
        self._lock = threading.Lock()

    def passages(self, store: Store, ids: Iterable[int]) -> dict[int, PassageFacts]:
        """Return the facts of passages, in the order of `ids`; those not held are left out."""
        with self._lock:
            self._bring_up_to_date(store)
            read = functools.partial(facts.of_passages, store.db)
            return _of(list(ids), self._passages, read, self._most)

    def documents(self, store: Store, ids: Iterable[int]) -> dict[int, DocumentFacts]:
        """Return the facts of documents, in the order of `ids`; those not held are left out."""
        with self._lock:
            self._bring_up_to_date(store)
            read = functools.partial(facts.of_documents, store.db)
            return _of(list(ids), self._documents, read, self._most)

    def points(self, store: Store, ids: Iterable[int], fingerprint: str) -> dict[int, Vectors]:
        """Return the vectors of each passage's points of concern by a model, a row each."""
        with self._lock:
            self._bring_up_to_date(store)
            read = functools.partial(points.of_passages, store.db, fingerprint=fingerprint)
            return _of(list(ids), self._points, read, self._most // _VECTORS_SHARE)

    def _bring_up_to_date(self, store: Store) -> None:
        # The state is read in the same snapshot as the facts, so the two always belong together.
        state = meta.state(store.db)
        if state != self._state:
            self._state = state
            self._passages, self._documents, self._points = {}, {}, {}


def _of(
    ids: list[int],
    known: dict[int, Facts],
    read: Callable[[Iterable[int]], Mapping[int, Facts]],
    most: int,
) -> dict[int, Facts]:
    with suppress(KeyError):
        return dict(zip(ids, map(known.__getitem__, ids), strict=True))
    unknown = [one for one in ids if one not in known]
    fresh = read(unknown)
    if len(known) + len(fresh) > most:
        known.clear()
        fresh = {**read([one for one in ids if one not in fresh]), **fresh}
    known.update(fresh)
    return {one: known[one] for one in ids if one in known}
