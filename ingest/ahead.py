"""Reading ahead: while the networks judge a batch of documents, the next one is read.

All that touches the library stays in the thread that reads; the networks' threads see words alone.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from ingest.intake import Unit
from ingest.tagging import with_themes
from kb.documents import Document
from kb.encoder import Encoder, Vectors
from kb.refs import text_hash
from kb.store import Store, vectors
from kb.tagging import Tagger

Encoded = dict[str, Vectors]
"""Vectors by the hash of the words."""
Write = Callable[[Unit, Document, Encoded], None]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A batch that the networks judge: its themes and the vectors of its new words are to come."""

    units: Sequence[Unit]
    documents: Future[list[Document]]
    new: Sequence[str]
    vectors: Future[list[Vectors]]


class Ahead:
    """Judges batches of documents one behind the other, and has each written in its turn.

    `write` is called for one document after the other by the thread that adds or ends. An error of
    a network comes out there, and what was not written by then is left.
    """

    def __init__(self, store: Store, encoder: Encoder, tagger: Tagger, write: Write) -> None:
        self._store = store
        self._encoder, self._tagger = encoder, tagger
        self._write = write
        self._judged: _Judged | None = None
        self._networks = ThreadPoolExecutor(1, thread_name_prefix="network")

    def knows(self, units: Iterable[Unit]) -> bool:
        """Tell whether a batch not yet written tells of one of these units' documents."""
        ahead = {unit.docno for unit in self._judged.units} if self._judged else set()
        return any(unit.docno in ahead for unit in units)

    def add(self, units: Sequence[Unit], documents: Sequence[Document]) -> None:
        """Have documents judged, each of a unit, and write those that were before."""
        before = self._judged
        under_way = before.new if before else ()
        words = new_words(self._store, documents, self._encoder.fingerprint, but=under_way)
        self._judged = _Judged(
            units,
            self._networks.submit(with_themes, documents, self._tagger),
            list(words),
            self._networks.submit(encoded, list(words.values()), self._encoder),
        )
        self._end(before)

    def end(self) -> None:
        """Write all that was added."""
        before, self._judged = self._judged, None
        self._end(before)

    def _end(self, judged: _Judged | None) -> None:
        if judged is None:
            return
        found = dict(zip(judged.new, judged.vectors.result(), strict=True))
        for unit, document in zip(judged.units, judged.documents.result(), strict=True):
            self._write(unit, document, found)

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.end()
        finally:
            self._networks.shutdown(cancel_futures=True)


def new_words(
    store: Store, documents: Iterable[Document], fingerprint: str, *, but: Iterable[str] = ()
) -> dict[str, str]:
    """Return the words, by hash, that the library has no vectors for yet; `but` are left out."""
    words = {
        text_hash(passage.text): passage.text
        for document in documents
        for passage in document.passages
        if not passage.boilerplate
    }
    for known in but:
        words.pop(known, None)
    return {one: words[one] for one in vectors.missing(store.db, words, fingerprint)}


def encoded(texts: Sequence[str], encoder: Encoder) -> list[Vectors]:
    """Return the vectors of texts; where there are none, the encoder is not opened."""
    return list(encoder.encode(texts)) if texts else []
