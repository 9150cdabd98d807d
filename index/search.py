"""The one search path: command line, pages and measures all come through `Searcher.search`."""

import functools
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from index.build import Opened, open_index
from index.commonness import Commonness, Match
from index.facets import facets
from index.failings import FailingModel
from index.fusion import LEAST_MEANING, Ranked, Signals, Weights, fuse
from index.hits import hit_of
from index.known import Known
from index.limits import Limits
from index.postings import MOST_ROWS, Postings
from index.question import Question
from index.spelling import Spelling
from index.vectors import VectorIndex
from index.words import Words
from kb.documents import Kind
from kb.encoder import Encoder, Vectors
from kb.errors import IndexDamaged, ModelUnavailable, PfdError
from kb.queries import FacetValue, Filters, SearchHit, SearchPage, SearchQuery
from kb.refs import normalise_ref
from kb.store import Store, finding, meta, own_themes, passages
from kb.store.facts import DocumentFacts
from kb.store.wordings import Table
from kb.tagging import QuestionReader

_WORDS_DEEP = 400
_MEANING_DEEP = 300
_DETAILS_DEEP = 300
_LEAST_ASKED = 0.05
"""A theme less likely than this is not what the question is about."""
_MOST_CHARACTERS = 10_000


class Near(NamedTuple):
    """The passages nearest to a question, with cosines; its vector and the index looked in."""

    looked_in: VectorIndex
    vector: Vectors
    passages: list[tuple[int, float]]


class Searcher:
    """Answers searches over a library; keeps the index of the library's generation in memory.

    `encoder` may be a function that raises `ModelUnavailable`: search then goes by words alone
    and says so. `reader` tells what a question is about, `failings` how near points of concern come
    to it; None goes without. Safe to share between threads.
    """

    def __init__(
        self,
        encoder: Encoder | ModelUnavailable,
        *,
        reader: QuestionReader | None = None,
        failings: FailingModel | None = None,
        weights: Weights | None = None,
    ) -> None:
        self._encoder = encoder
        self._reader = reader
        self._failings = failings
        self._weights = weights or Weights()
        self._spelling = Spelling()
        self._commonness = Commonness()
        self._known = Known()
        self._postings = Postings()
        self._models = ThreadPoolExecutor(2, thread_name_prefix="model")
        self._opened: Opened | None = None
        self._edition: meta.State = ()
        self._lock = threading.Lock()

    def search(self, store: Store, query: SearchQuery) -> SearchPage:
        """Return the answer to a question; no words at all means browsing, newest first.

        The answer's `query` has the filters that the words of the question ask for, too. Raises
        `UnknownFilterValue` for a filter that names nothing.
        """
        question = Question.of(_asked(query.text))
        words = question.words
        query = replace(query, filters=question.narrowed(query.filters))
        limits = Limits.of(store, question, query.filters)
        notice: str | None = None
        if words.content:
            ranked, notice = self._ranked(store, question, limits, query.filters)
        elif question.text and not question.terms:
            ranked = []
            notice = "The question holds no words to search for. Type a word or two."
        else:
            found = limits.browse(store, query.filters)
            ranked = [Ranked(passage, document, 0.0) for passage, document in found]
        if question.ref and not limits.documents:
            notice = f"None of the documents searched has the reference {question.ref}."
        shown, more = _slice(ranked, query)
        return SearchPage(
            query=query,
            total=len(ranked),
            documents=len({r.document for r in ranked}),
            hits=_hits(store, shown, words, more, query),
            facets=self._facets(store, ranked, query.filters),
            notice=notice,
        )

    def suggestion(self, store: Store, text: str) -> str | None:
        """Return the question with unknown words spelt otherwise; None: there is none to offer."""
        return self._spelling.suggestion(store, _asked(text))

    def _ranked(
        self, store: Store, question: Question, limits: Limits, filters: Filters
    ) -> tuple[list[Ranked], str | None]:
        # A quoted phrase must stand in the words, so meaning alone may not bring a passage in.
        among = [] if question.words.groups else limits.among(store, filters)
        # The models read the question, and FAISS looks for what is near it, while SQLite looks for
        # its words.
        opened = self._index_or_reason(store)
        near = self._models.submit(self._nearest, question.plain, opened, among)
        asked = self._models.submit(self._asked_themes, question.plain)
        failing = self._models.submit(self._asked_failing, question.plain)
        found, details = self._by_words(store, question, limits, filters)
        notice = None
        try:
            self._add_meaning(store, near.result(), found)
        except (ModelUnavailable, IndexDamaged) as error:
            notice = f"Searched by words alone. {error.sentence}"
        candidates = list(found.values())
        _add_named(store, question, filters, candidates)
        candidates = [c for c in candidates if limits.allow(c.passage, c.document)]
        self._add_failing(store, failing.result(), candidates)
        documents = {c.document for c in candidates}
        facts = self._known.documents(store, documents)
        reports = [document for document, one in facts.items() if one.kind == Kind.REPORT]
        themes = _shown_themes(facts, asked.result())
        ranked = fuse(candidates, details, self._weights, themes=themes, reports=reports)
        return ranked, notice

    def _facets(
        self, store: Store, ranked: Sequence[Ranked], filters: Filters
    ) -> dict[str, tuple[FacetValue, ...]]:
        found = [one.passage for one in ranked if one.passage is not None]
        documents = self._known.documents(store, {one.document for one in ranked})
        return facets(
            self._known.passages(store, found).values(),
            documents.values(),
            book=own_themes.book(store.db),
            role=filters.role,
        )

    def _stating(self, store: Store, ids: Sequence[int]) -> dict[int, int]:
        """Return the document of each passage, standard wording left out."""
        found = self._known.passages(store, ids)
        return {passage: one.document for passage, one in found.items() if not one.boilerplate}

    def _by_words(
        self, store: Store, question: Question, limits: Limits, filters: Filters
    ) -> tuple[dict[int, Signals], dict[int, float]]:
        """Return the passages that hold the words, and the BM25 of documents as a whole."""
        # Of one document every passage is looked at, however many of others are better.
        deep = _WORDS_DEEP if limits.documents is None else -1
        match = self._commonness.passages(store, question)
        found = {
            passage: Signals(passage, document, words=score)
            for passage, document, score in self._passages(store, match, filters, limit=deep)
            if limits.allow(passage, document)
        }
        match = self._commonness.details(store, question)
        return found, dict(self._details(store, match, filters))

    def _passages(
        self, store: Store, match: Match, filters: Filters, *, limit: int
    ) -> list[tuple[int, int, float]]:
        """Return (passage, document, BM25) of the best passages that hold the words."""
        if _kept(match, filters) and limit >= 0:
            best = self._postings.best(store, Table.PASSAGES, match.must, match.may, limit=limit)
            of = self._known.passages(store, [passage for passage, _ in best])
            return [(passage, of[passage].document, score) for passage, score in best]
        return finding.by_words(
            store.db,
            match.query,
            filters,
            limit=limit,
            since=match.since,
            stating=functools.partial(self._stating, store),
        )

    def _details(self, store: Store, match: Match, filters: Filters) -> list[tuple[int, float]]:
        """Return (document, BM25) of the best documents by their details and whole sections."""
        if _kept(match, filters):
            return self._postings.best(
                store, Table.DETAILS, match.must, match.may, limit=_DETAILS_DEEP
            )
        return finding.by_details(
            store.db, match.query, filters, limit=_DETAILS_DEEP, since=match.since
        )

    def _vector(self, text: str) -> Vectors:
        if isinstance(self._encoder, ModelUnavailable):
            raise self._encoder
        vector: Vectors = self._encoder.encode([text])[0]
        return vector

    def _asked_themes(self, text: str) -> dict[str, float]:
        """Return the themes that a question is likely about, each 0..1."""
        if self._reader is None:
            return {}
        try:
            likely = self._reader.themes_of(text)
        except ModelUnavailable:
            return {}  # the other signals still answer; ingest says what is wrong
        return {theme: share for theme, share in likely.items() if share >= _LEAST_ASKED}

    def _asked_failing(self, text: str) -> Vectors | None:
        """Return the question as a point of concern; None without the model."""
        if self._failings is None:
            return None
        try:
            vector: Vectors = self._failings.vectors([text])[0]
        except ModelUnavailable:
            return None  # the other signals still answer; ingest says what is wrong
        return vector

    def _add_failing(
        self, store: Store, vector: Vectors | None, candidates: Sequence[Signals]
    ) -> None:
        """Tell how near each candidate's points of concern come to the question."""
        if vector is None or self._failings is None:
            return
        ids = [c.passage for c in candidates if c.passage is not None]
        points = self._known.points(store, ids, self._failings.fingerprint)
        held = {passage: rows for passage, rows in points.items() if len(rows)}
        if not held:
            return
        begins = np.cumsum([0, *map(len, held.values())])[:-1]
        cosines = np.maximum.reduceat(np.concatenate(list(held.values())) @ vector, begins)
        nearest = dict(zip(held, cosines.tolist(), strict=True))
        for one in candidates:
            one.failing = max(0.0, nearest.get(one.passage or 0, 0.0))

    def _nearest(self, text: str, opened: Opened | PfdError, among: list[int] | None) -> Near:
        """Return the passages nearest to a question in meaning, of `among` (None: of all).

        Raises `ModelUnavailable`, `IndexDamaged`.
        """
        vector = self._vector(text)
        if isinstance(opened, PfdError):
            raise opened
        if among is not None and not among:
            return Near(opened.index, vector, [])
        near = opened.index.nearest(vector, limit=_MEANING_DEEP, among=among)
        kept = [(passage, cosine) for passage, cosine in near if cosine >= LEAST_MEANING]
        return Near(opened.index, vector, kept)

    def _add_meaning(self, store: Store, near: Near, found: dict[int, Signals]) -> None:
        """Add the passages nearest in meaning, and the cosines of those found by words."""
        index, vector, passages = near
        fresh = [passage for passage, _ in passages if passage not in found]
        of = self._known.passages(store, fresh)
        for passage, cosine in passages:
            if passage in found:
                found[passage].meaning = cosine
            else:
                found[passage] = Signals(passage, of[passage].document, meaning=cosine)
        unknown = [passage for passage, signals in found.items() if not signals.meaning]
        for passage, cosine in zip(unknown, index.cosines(vector, unknown), strict=True):
            if cosine >= LEAST_MEANING:
                found[passage].meaning = cosine

    def _index_or_reason(self, store: Store) -> Opened | PfdError:
        """Return the index of the library, or why there is none."""
        if isinstance(self._encoder, ModelUnavailable):
            return self._encoder
        try:
            return self._index(store, self._encoder.fingerprint)
        except (ModelUnavailable, IndexDamaged) as error:
            return error

    def _index(self, store: Store, fingerprint: str) -> Opened:
        with self._lock:
            edition = meta.edition(store.db)
            if self._opened is None or self._edition != edition:
                self._opened, self._edition = open_index(store, fingerprint), edition
            return self._opened


def _shown_themes(
    facts: Mapping[int, DocumentFacts], asked: Mapping[str, float]
) -> dict[int, float]:
    """Return how far documents show the themes asked for, 0..1; the others are left out.

    `asked` weighs each theme 0..1. A document counts by the passage that shows one most surely.
    """
    shown = {}
    for document, one in facts.items():
        worth = [asked[key] * score for key, score in one.themes.items() if key in asked]
        if worth:
            shown[document] = max(worth)
    return shown


def _asked(text: str) -> str:
    # Bytes that are no text reach us from a command line as half a surrogate pair.
    text = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode()
    return text.replace("\0", " ").strip()


def _add_named(
    store: Store, question: Question, filters: Filters, candidates: list[Signals]
) -> None:
    """Lift documents whose names hold every word asked for, and the document of an exact ref.

    A document of which only the published details are held can be found in no other way.
    """
    if filters.theme is not None or filters.section is not None:
        return
    named = dict.fromkeys(finding.by_names(store.db, question.words.content, filters), 0.3)
    ref = normalise_ref(question.plain)
    if ref:
        named |= dict.fromkeys(finding.by_ref(store.db, ref, filters), 5.0)
    having = set()
    for signals in candidates:
        if signals.document in named:
            having.add(signals.document)
            signals.named = named[signals.document]
    candidates += [
        Signals(None, document, named=lift)
        for document, lift in named.items()
        if document not in having
    ]


def _slice(ranked: list[Ranked], query: SearchQuery) -> tuple[list[Ranked], dict[int, int]]:
    """Return the hits to show and, for each document, how many of its hits are not shown."""
    if query.per_document is None:
        return ranked[query.offset : query.offset + query.limit], {}
    groups: dict[int, list[Ranked]] = {}
    for one in ranked:
        groups.setdefault(one.document, []).append(one)
    chosen = list(groups.values())[query.offset : query.offset + query.limit]
    more = {g[0].document: max(0, len(g) - query.per_document) for g in chosen}
    return [one for group in chosen for one in group[: query.per_document]], more


def _kept(match: Match, filters: Filters) -> bool:
    """Tell whether what the words add to a score may be kept: only SQLite knows of filters."""
    return filters.empty and bool(match.must) and match.most_rows <= MOST_ROWS


def _hits(
    store: Store,
    ranked: Iterable[Ranked],
    words: Words,
    more: dict[int, int],
    query: SearchQuery,
) -> tuple[SearchHit, ...]:
    ranked = list(ranked)
    documents = passages.documents_of(store.db, {r.document for r in ranked})
    held = passages.passages_by_id(store.db, [r.passage for r in ranked if r.passage is not None])
    hits = []
    for rank, one in enumerate(ranked, start=query.offset + 1):
        passage = held.get(one.passage) if one.passage is not None else None
        document = documents[one.document]
        hidden = more.get(one.document, 0)
        hits.append(hit_of(rank, one.score, one.why, document, passage, words, more=hidden))
    return tuple(hits)
