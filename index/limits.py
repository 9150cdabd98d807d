"""What a question lets through besides its filters: one ref, and nothing that it leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.question import Question
from kb.queries import Filters
from kb.store import Store, finding, wordings


@dataclass(frozen=True, slots=True)
class Limits:
    """Which passages and documents may be hits.

    `documents` are the only ones that may (None: all). A passage is left out for its own words, a
    document that stands in a list by itself for a word anywhere in it.
    """

    documents: frozenset[int] | None = None
    without_passages: frozenset[int] = frozenset()
    without_documents: frozenset[int] = frozenset()

    @classmethod
    def of(cls, store: Store, question: Question, filters: Filters) -> "Limits":
        """Return what a question limits a search to. Raises `UnknownFilterValue`."""
        documents, out = None, question.excluded
        if question.ref is not None:
            documents = frozenset(finding.by_ref(store.db, question.ref, filters))
        if not out:
            return cls(documents)
        return cls(
            documents,
            wordings.passages_holding(store.db, out),
            wordings.documents_holding(store.db, out),
        )

    @property
    def none(self) -> bool:
        """Whether everything may be a hit."""
        return self.documents is None and not self.without_passages and not self.without_documents

    def allow(self, passage: int | None, document: int) -> bool:
        """Tell whether a passage, or with None a document by itself, may be a hit."""
        if self.documents is not None and document not in self.documents:
            return False
        if passage is None:
            return document not in self.without_documents
        return passage not in self.without_passages

    def among(self, store: Store, filters: Filters) -> list[int] | None:
        """Return the passages that may be hits; None where all of them may."""
        if self.none and filters.empty:
            return None
        return [p for p, d in finding.allowed(store.db, filters) if self.allow(p, d)]

    def browse(self, store: Store, filters: Filters) -> Iterable[tuple[int | None, int]]:
        """Return what no words at all list: passages of a theme or part, else documents."""
        by_passage = filters.theme is not None or filters.section is not None
        for passage, document in finding.browse(store.db, filters):
            if self.allow(passage if by_passage else None, document):
                yield passage, document
