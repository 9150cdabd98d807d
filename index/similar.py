"""Past concerns like those of a new report, or like a passage held: by meaning, words and themes.

What each signal is worth was chosen on concerns of the public library whose neighbours a language
model read (docs/search.md).
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.alike import shown, with_responses
from index.compared import Compared, Kept
from index.likeness import Asked, rank, telling_words
from kb.encoder import Encoder, Vectors
from kb.errors import IndexDamaged, ModelUnavailable, PfdError
from kb.queries import Filters
from kb.similar import MOST_CONCERNS, ConcernAnswer, PastedConcern, SimilarAnswer
from kb.store import Store, meta, passages
from kb.store import similar as held
from kb.tagging import QuestionReader


class Similar:
    """Finds past concerns; keeps what it needs of the library's generation in memory.

    `encoder` may be the reason why there is none: concerns are then compared by words and themes,
    and the answer says so. `reader` tells the themes of a pasted concern; None goes without. Of
    what is asked nothing is kept. Safe to share between threads.
    """

    def __init__(
        self, encoder: Encoder | ModelUnavailable, *, reader: QuestionReader | None = None
    ) -> None:
        self._encoder = encoder
        self._reader = reader
        self._kept: Kept | None = None
        self._lock = threading.Lock()

    def to_concerns(
        self,
        store: Store,
        concerns: Sequence[PastedConcern],
        *,
        filters: Filters | None = None,
        limit: int = 5,
    ) -> SimilarAnswer:
        """Return the past concerns like each of these, at most `limit` documents a concern.

        `filters` None means every report and plan. A document that holds the very words of one
        concern is told as holding them, and is no answer to the others either: it is most likely
        the report itself. Raises `UnknownFilterValue`.
        """
        filters = filters or Filters()
        some = concerns[:MOST_CONCERNS]
        kept = self._of(store)
        notice = self._notice(kept)
        try:
            asked = self._read(store, some, kept)
        except ModelUnavailable as error:
            asked = self._read(store, some, replace(kept, index=None))
            notice = _by_words_alone(error)
        compared = Compared.of(store, kept, filters)
        return SimilarAnswer(
            concerns=_answers(store, compared, list(zip(some, asked, strict=True)), limit=limit),
            filters=filters,
            left_out=len(concerns) - len(some),
            notice=notice,
        )

    def to_passage(
        self, store: Store, key: str, *, filters: Filters | None = None, limit: int = 10
    ) -> SimilarAnswer:
        """Return the past concerns like a passage held; its own document is left out.

        Nothing is encoded. `filters` as for `to_concerns`. Raises `NotHeld`, `UnknownFilterValue`.
        """
        filters = filters or Filters()
        row = passages.passage(store.db, key)
        kept = self._of(store)
        vector = None
        if kept.index is not None and not isinstance(self._encoder, ModelUnavailable):
            vector = held.vector_of(store.db, row.id, self._encoder.fingerprint)
        one = Asked(
            parts=(row.text,),
            vectors=() if vector is None else (vector,),
            themes={tag.theme: tag.score for tag in row.tags},
            telling=telling_words(store, row.text, passages=held.count(store.db)),
        )
        compared = Compared.of(store, kept, filters, without=row.document_id)
        concern = PastedConcern(label=row.label, text=row.text, parts=one.parts)
        return SimilarAnswer(
            concerns=_answers(store, compared, [(concern, one)], limit=limit),
            filters=filters,
            notice=self._notice(kept),
        )

    def _read(self, store: Store, concerns: Sequence[PastedConcern], kept: Kept) -> list[Asked]:
        """Return the concerns with what they are compared by. Raises `ModelUnavailable`."""
        rows: list[Vectors] = []
        if kept.index is not None and not isinstance(self._encoder, ModelUnavailable):
            rows = list(self._encoder.encode([part for one in concerns for part in one.parts]))
        every = held.count(store.db)
        asked, at = [], 0
        for one in concerns:
            asked.append(
                Asked(
                    parts=one.parts,
                    vectors=rows[at : at + len(one.parts)],
                    themes=self._themes(one.text),
                    telling=telling_words(store, one.text, passages=every),
                )
            )
            at += len(one.parts)
        return asked

    def _themes(self, text: str) -> Mapping[str, float]:
        if self._reader is None:
            return {}
        try:
            return self._reader.themes_of(text)
        except ModelUnavailable:
            return {}  # the other signals still answer; ingest says what is wrong

    def _of(self, store: Store) -> Kept:
        """Return what is kept of the library as it stands, read anew when it has changed."""
        encoder = self._encoder
        with self._lock:
            edition = meta.edition(store.db)
            if self._kept is None or self._kept.edition != edition:
                named = None if isinstance(encoder, ModelUnavailable) else encoder.fingerprint
                self._kept = Kept.of(store, edition, named)
            return self._kept

    def _notice(self, kept: Kept) -> str | None:
        """Return why concerns are compared by words alone; None where they are not."""
        if isinstance(self._encoder, ModelUnavailable):
            return _by_words_alone(self._encoder)
        if kept.index is None and kept.document_of:
            return _by_words_alone(
                IndexDamaged("The library holds no vectors of this model. Run 'pfdkb ingest'.")
            )
        return None


def _by_words_alone(error: PfdError) -> str:
    return f"Compared by words alone. {error.sentence}"


def _answers(
    store: Store,
    compared: Compared,
    every: Sequence[tuple[PastedConcern, Asked]],
    *,
    limit: int,
) -> tuple[ConcernAnswer, ...]:
    pools = [compared.candidates(asked) for _, asked in every]
    same = [compared.same(pool, asked) for pool, (_, asked) in zip(pools, every, strict=True)]
    apart = {one.document for found in same for one in found}
    answers = []
    for (concern, asked), pool, own in zip(every, pools, same, strict=True):
        others = [one for one in pool if one.document not in apart]
        near = rank(others, by_meaning=bool(asked.vectors))
        answers.append(
            ConcernAnswer(
                concern=concern,
                held=shown(store, own, asked, limit=limit),
                alike=shown(store, near, asked, limit=limit),
            )
        )
    return with_responses(store, answers)
