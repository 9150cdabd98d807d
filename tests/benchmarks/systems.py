"""The systems compared: each answers a question with documents, and is made from a `Place`.

All have the same passages of one library and the same model. The plain recipes rank a document by
its best passage.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote_plus

import numpy as np

from index.evaluate import DEPTH
from kb.settings import DEFAULT_MODEL, Home

Ranking = list[tuple[str, float]]
"""Documents by docno with their scores, the best first."""
DEEP = 1000
"""Passages that a plain recipe looks at: enough for a hundred documents."""
RANK_CONSTANT = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""


class System(Protocol):
    """Answers questions; ready once it is made."""

    def __call__(self, text: str) -> Ranking:
        """Return at most `DEPTH` documents; none where only its time is of interest."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a system finds its things: the library, and what was made ready of it in `scratch`."""

    home: Home
    scratch: Path

    @property
    def passages(self) -> Path:
        """A JSON list of [id, docno, text], boilerplate left out."""
        return self.scratch / "passages.json"

    @property
    def vectors(self) -> Path:
        """The passages' vectors in the same order, as numpy saves them."""
        return self.scratch / "vectors.npy"

    @property
    def txtai(self) -> Path:
        """The index that txtai saved."""
        return self.scratch / "txtai"

    def held(self) -> list[tuple[int, str, str]]:
        """Return (passage id, docno, text) of all passages."""
        return [(row[0], row[1], row[2]) for row in json.loads(self.passages.read_bytes())]


def best_passages(found: Iterable[tuple[int, float]], docnos: dict[int, str]) -> Ranking:
    """Return documents by their best passage, the first that is found; unknown ids are left out."""
    best: dict[str, float] = {}
    for passage, score in found:
        if passage in docnos:
            best.setdefault(docnos[passage], score)
    return list(best.items())[:DEPTH]


def reciprocal_ranks(rankings: Sequence[Ranking]) -> Ranking:
    """Return documents by the sum of 1 / (60 + rank) over the rankings."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, (docno, _) in enumerate(ranking, start=1):
            scores[docno] = scores.get(docno, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda one: -one[1])[:DEPTH]


def words_alone(place: Place) -> System:
    """FTS5 with BM25 over the library's own search table, any word of the question."""
    from index.words import Words
    from kb.store import Store

    store = Store.reading(place.home)
    docnos = {passage: docno for passage, docno, _ in place.held()}

    def answer(text: str) -> Ranking:
        rows = store.db.execute(
            "SELECT rowid, -rank FROM passages_fts WHERE passages_fts MATCH ?"
            " ORDER BY rank LIMIT ?",
            [Words.of(text).match, DEEP],
        )
        return best_passages(rows.fetchall(), docnos)

    return answer


def plain_recipe(place: Place) -> System:
    """sentence-transformers as it comes and an exact FAISS index."""
    import faiss
    from sentence_transformers import SentenceTransformer

    from index.encoder import model_folder

    model = SentenceTransformer(str(model_folder(DEFAULT_MODEL, place.home)), device="cpu")
    index = faiss.IndexFlatIP(int(model.get_embedding_dimension() or 0))
    index.add(np.load(place.vectors))
    docnos = dict(enumerate(docno for _, docno, _ in place.held()))

    def answer(text: str) -> Ranking:
        scores, rows = index.search(model.encode([text]), DEEP)
        return best_passages(zip(rows[0].tolist(), scores[0].tolist(), strict=True), docnos)

    return answer


def fused(place: Place) -> System:
    """Reciprocal rank fusion of the two before."""
    parts = [words_alone(place), plain_recipe(place)]
    return lambda text: reciprocal_ranks([part(text) for part in parts])


def txtai_hybrid(place: Place) -> System:
    """txtai's own hybrid search: its BM25 and its FAISS index, half and half."""
    from tests.benchmarks import txtai_index

    search = txtai_index.opened(place.txtai, place.home)
    docnos = {passage: docno for passage, docno, _ in place.held()}
    return lambda text: best_passages(search(text, DEEP), docnos)


def ours(place: Place) -> System:
    """The search of this project, with filters, facets and highlights."""
    from index.search import Searcher
    from kb.cli.base import encoder, failings_or_none, question_reader
    from kb.queries import SearchQuery
    from kb.store import Store

    searcher = Searcher(
        encoder(place.home),
        reader=question_reader(place.home),
        failings=failings_or_none(place.home),
    )
    store = Store.reading(place.home)

    def answer(text: str) -> Ranking:
        page = searcher.search(store, SearchQuery(text=text, limit=DEPTH, per_document=1))
        return [(hit.docno, hit.score) for hit in page.hits]

    return answer


def page(place: Place) -> System:
    """The search page of this project, from the request to the whole HTML; time only."""
    from kb.cli.base import encoder, failings_or_none, question_reader
    from webui import create_app

    app = create_app(
        place.home,
        encoder=encoder(place.home),
        reader=question_reader(place.home),
        failings=failings_or_none(place.home),
    )
    client = app.test_client()

    def answer(text: str) -> Ranking:
        reply = client.get(f"/search?q={quote_plus(text)}")
        if reply.status_code != 200 or b"</html>" not in reply.data:
            raise RuntimeError(f"The search page answered {reply.status}.")
        return []

    return answer


PLAIN = "plain recipe (sentence-transformers, FAISS)"
TXTAI = "txtai hybrid"
OURS = "pfd-kb"
PAGE = "pfd-kb, the web page"
SYSTEMS: dict[str, Callable[[Place], System]] = {
    "words alone (FTS5, BM25)": words_alone,
    PLAIN: plain_recipe,
    "reciprocal rank fusion of the two": fused,
    TXTAI: txtai_hybrid,
    OURS: ours,
    PAGE: page,
}
