"""Another spelling for words that stand nowhere in the library, taken from its own words."""

import re
import threading
from collections import Counter
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.question import Question
from index.words import any_of, tokens
from kb.store import Store, meta, wordings

_WORD = re.compile(r"[^\W\d_]{5,}")
_FURTHEST = 2
_LEAST_DOCUMENTS = 2
"""A word of a single document may be its own misprint, or a name: neither is offered."""
_MOST_WORDS = 20
"""Words looked at: an unknown one is compared with every word of the library."""
_MOST_KEPT = 50_000


class Spelling:
    """Offers other spellings; keeps the words of the library's generation in memory.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._edition: meta.State | None = None
        self._counts: Counter[str] | None = None
        self._standing: dict[str, bool] = {}
        self._lock = threading.Lock()

    def suggestion(self, store: Store, text: str) -> str | None:
        """Return a question with the words put right that stand nowhere; None if none can be."""
        self._bring_up_to_date(store)
        found: dict[tuple[int, int], str] = {}
        words = (
            match
            for start, end in Question.of(text).spans
            for match in _WORD.finditer(text, start, end)
        )
        for match in islice(words, _MOST_WORDS):
            word = match.group().lower()
            if not self._stands(store, word) and (near := self._near(store, word)):
                found[match.span()] = near
        for (start, end), near in sorted(found.items(), reverse=True):
            text = text[:start] + near + text[end:]
        return text if found else None

    def _near(self, store: Store, word: str) -> str | None:
        """Return the word with the fewest changed letters; of these the one in most documents."""
        known = self._known(store)
        close = process.extract(
            word, list(known), scorer=OSA.distance, score_cutoff=_FURTHEST, limit=None
        )
        best = min(close, key=lambda one: (one[1], -known[one[0]], one[0]), default=None)
        return None if best is None else str(best[0])

    def _bring_up_to_date(self, store: Store) -> None:
        with self._lock:
            edition = meta.edition(store.db)
            if self._edition != edition or len(self._standing) > _MOST_KEPT:
                self._edition, self._counts, self._standing = edition, None, {}

    def _stands(self, store: Store, word: str) -> bool:
        """Tell whether a word stands anywhere in the library."""
        with self._lock:
            if word not in self._standing:
                self._standing[word] = wordings.stand(store.db, any_of([tokens(word)]))
            return self._standing[word]

    def _known(self, store: Store) -> Counter[str]:
        with self._lock:
            if self._counts is None:
                every = wordings.counts(store.db)
                self._counts = Counter({w: n for w, n in every.items() if n >= _LEAST_DOCUMENTS})
            return self._counts
