"""Past concerns as they are shown: one a document, each wording once, with who answered."""

from collections.abc import Sequence
from dataclasses import replace

from index.hits import hit_of
from index.likeness import Asked, Candidate, same_words, wording
from index.words import Words
from kb.similar import Alike, ConcernAnswer
from kb.store import Store, passages
from kb.store import similar as held
from kb.store.answers import LinkedDocument
from kb.store.passages import DocumentRow

_CLOSE = 0.60
"""From here on more than half of the pairs say the same, three of four are related (MiniLM)."""
_SPARE = 3
"""Documents looked at for each one wanted: some say what another one listed says."""


def with_responses(store: Store, found: Sequence[ConcernAnswer]) -> tuple[ConcernAnswer, ...]:
    """Return the answers with those responses held that answer the reports shown."""
    docnos = {one.hit.docno for answer in found for one in (*answer.held, *answer.alike)}
    known = held.answers_to_each(store.db, sorted(docnos))

    def told(every: Sequence[Alike]) -> tuple[Alike, ...]:
        return tuple(replace(one, answers=tuple(known.get(one.hit.docno, ()))) for one in every)

    return tuple(replace(one, held=told(one.held), alike=told(one.alike)) for one in found)


def shown(
    store: Store, ranked: Sequence[Candidate], asked: Asked, *, limit: int
) -> tuple[Alike, ...]:
    """Return the best as shown; of those that say nearly the same words only the first."""
    some = ranked[: limit * _SPARE]
    rows = passages.passages_by_id(store.db, [c.passage for c in some])
    documents = passages.documents_of(store.db, {c.document for c in some})
    groups: list[list[Candidate]] = []
    said = {c.passage: wording(rows[c.passage].text) for c in some}
    for c in some:
        group = next((g for g in groups if same_words(said[g[0].passage], said[c.passage])), None)
        if group is not None:
            group.append(c)
        else:
            groups.append([c])
    groups = groups[:limit]
    words = Words(asked.telling)
    return tuple(
        Alike(
            hit=hit_of(
                at,
                first.score,
                first.why,
                documents[first.document],
                rows[first.passage],
                words,
            ),
            close=first.meaning >= _CLOSE,
            also=tuple(_linked(documents[c.document]) for c in rest),
        )
        for at, (first, *rest) in enumerate(groups, start=1)
    )


def _linked(document: DocumentRow) -> LinkedDocument:
    return LinkedDocument(
        docno=document.docno,
        title=document.title,
        kind=document.kind,
        date=document.date,
        ref=document.ref,
    )
