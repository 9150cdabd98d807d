"""The past concerns that a new one is compared with, and those that have anything in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.likeness import Asked, Candidate, rank, same_words, wording
from index.vectors import VectorIndex
from index.words import any_of
from kb.documents import Kind
from kb.encoder import Vectors
from kb.errors import UnknownFilterValue
from kb.queries import Filters
from kb.store import Store, finding, meta, passages, vectors
from kb.store import similar as held

_DEEP = 400
_MAY_BE_SAME = 0.80
_WORDS_TO_COMPARE = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept in memory of a generation: the passages that state a concern, and vectors.

    `document_of` has the document of each such passage, `of_kind` those of each kind of document;
    `index` None: no vectors can be had.
    """

    edition: meta.State
    document_of: Mapping[int, int]
    of_kind: Mapping[Kind, tuple[int, ...]]
    index: VectorIndex | None

    @classmethod
    def of(cls, store: Store, edition: meta.State, fingerprint: str | None) -> "Kept":
        """Read the library; a fingerprint of None goes without vectors."""
        stated = held.statements(store.db)
        document_of = {passage: document for passage, document, _ in stated}
        of_kind = {kind: tuple(p for p, _, k in stated if k is kind) for kind, _ in held.PLACES}
        index = None if fingerprint is None else cls._index(store, fingerprint, document_of)
        return cls(edition, document_of, of_kind, index)

    @staticmethod
    def _index(
        store: Store, fingerprint: str, document_of: Mapping[int, int]
    ) -> VectorIndex | None:
        parts = [
            vectors.for_passages(store.db, fingerprint, section_kind=section)
            for _, section in held.PLACES
        ]
        parts = [(ids, rows) for ids, rows in parts if len(ids)]
        if not parts:
            return None
        ids = np.concatenate([ids for ids, _ in parts])
        stated = np.isin(ids, np.fromiter(document_of, dtype=np.int64))
        rows = np.concatenate([rows for _, rows in parts])
        return VectorIndex.build(ids[stated], rows[stated])


@dataclass(frozen=True, slots=True)
class Compared:
    """Where one answer looks: `among` are the passages that the filters let through (None: all).

    The document `without` is left out.
    """

    store: Store
    kept: Kept
    places: tuple[Filters, ...]
    among: tuple[int, ...] | None
    without: int | None = None

    @classmethod
    def of(
        cls, store: Store, kept: Kept, filters: Filters, *, without: int | None = None
    ) -> "Compared":
        """Return what the filters leave. Raises `UnknownFilterValue`."""
        places = tuple(
            replace(filters, kind=kind, section=section)
            for kind, section in held.PLACES
            if filters.kind in (None, kind)
        )
        if not places:
            raise UnknownFilterValue(
                "Concerns are compared with those of reports and action plans: choose the kind "
                "report or action_plan."
            )
        if filters.empty:
            return cls(store, kept, places, None, without)
        if filters.kind is not None and replace(filters, kind=None).empty:
            return cls(store, kept, places, kept.of_kind[Kind(filters.kind)], without)
        allowed = (p for place in places for p, _ in finding.allowed(store.db, place))
        among = tuple(p for p in allowed if p in kept.document_of)
        return cls(store, kept, places, among, without)

    def candidates(self, asked: Asked) -> list[Candidate]:
        """Return the passages that have words, or meaning, in common with a concern."""
        found: dict[int, Candidate] = {}
        for vector in asked.vectors:
            for passage, cosine in self._nearest(vector):
                one = self._of(found, passage)
                one.meaning = max(one.meaning, cosine)
        for passage, score in self._by_words(asked):
            self._of(found, passage).words = score
        self._add_cosines(asked, found)
        for passage, tags in passages.tags_of(self.store.db, found).items():
            shared = (asked.themes.get(tag.theme, 0.0) * tag.score for tag in tags)
            found[passage].themes = max(shared, default=0.0)
        return [one for one in found.values() if one.document != self.without]

    def same(self, candidates: Sequence[Candidate], asked: Asked) -> list[Candidate]:
        """Return those candidates that have nearly the words asked about, one a document."""
        by_words = sorted(candidates, key=lambda c: -c.words)[:_WORDS_TO_COMPARE]
        likely = {c.passage: c for c in candidates if c.meaning >= _MAY_BE_SAME}
        likely |= {c.passage: c for c in by_words}
        rows = passages.passages_by_id(self.store.db, likely)
        parts = [wording(part) for part in asked.parts]
        same = [
            c
            for c in likely.values()
            if any(same_words(part, wording(rows[c.passage].text)) for part in parts)
        ]
        return rank(same, by_meaning=False)

    def _of(self, found: dict[int, Candidate], passage: int) -> Candidate:
        if passage not in found:
            document = self.kept.document_of[passage]
            found[passage] = Candidate(passage=passage, document=document)
        return found[passage]

    def _by_words(self, asked: Asked) -> list[tuple[int, float]]:
        match = any_of([(word,) for word in asked.telling])
        if not match:
            return []
        rows = (
            row
            for place in self.places
            for row in finding.by_words(self.store.db, match, place, limit=_DEEP)
        )
        return [(p, score) for p, _, score in rows if p in self.kept.document_of]

    def _nearest(self, vector: Vectors) -> list[tuple[int, float]]:
        if self.kept.index is None:
            return []
        among = None if self.among is None else list(self.among)
        return self.kept.index.nearest(vector, limit=_DEEP, among=among)

    def _add_cosines(self, asked: Asked, found: dict[int, Candidate]) -> None:
        if self.kept.index is None:
            return
        unknown = [passage for passage, one in found.items() if not one.meaning]
        for vector in asked.vectors:
            known = self.kept.index.cosines(vector, unknown)
            for passage, cosine in zip(unknown, known, strict=True):
                found[passage].meaning = max(found[passage].meaning, cosine)
