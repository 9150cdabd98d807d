"""The stages put together: sources in, whole documents out, every source ending in the ledger.

Batches of sources are read, composed, judged by the networks and then written, one transaction a
document. Killed at any moment, the library holds only whole documents, and the next run goes on
from there.
"""

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from ingest.ahead import Ahead, Encoded, encoded, new_words
from ingest.intake import RECIPE, Intake, Outcome, Unit
from ingest.mentions import mentions
from ingest.merge import compose
from ingest.organisations import organisation_key
from ingest.own_themes import tag_document
from ingest.sources import find_files
from ingest.tag import CueTagger
from ingest.tagging import begin_tags
from kb.documents import Document, Draft, Origin
from kb.encoder import Encoder, model_facts
from kb.store import Store, ledger, meta, records, vectors
from kb.store.contributions import contributions, withdraw, write_contribution
from kb.store.documents import write_document
from kb.store.ledger import Entry
from kb.tagging import Tagger

Progress = Callable[[int, int, float], None]
"""Told after each batch: sources ended, sources in all, and the share of the work done, 0..1."""

_BATCH = 48
_FILE_COST = 5000
_INTERRUPTED = "Reading was interrupted before it was finished. Run 'pfdkb ingest' again."


@dataclass(frozen=True, slots=True)
class _Means:
    """What reading uses: the encoder, the count of its tokens, and the tagger."""

    encoder: Encoder
    count: Callable[[str], int]
    tagger: Tagger


def ingest(
    store: Store,
    paths: Sequence[Path],
    *,
    encoder: Encoder,
    count: Callable[[str], int],
    tagger: Tagger | None = None,
    progress: Progress = lambda done, total, share: None,
) -> Outcome:
    """Read files, folders and exports into the library; return what was done.

    `count` gives a text's model tokens; `tagger` None means the cues alone. What the library
    already holds is left alone. Raises `UsageError` for a path that is not there, before anything
    is read.
    """
    began = time.monotonic()
    means = _Means(encoder, count, tagger or CueTagger())
    begin_tags(store, means.tagger)
    outcome = Outcome()
    files = find_files(paths)
    exports = [path for path in files if path.suffix.lower() == ".csv"]
    others = [path for path in files if path.suffix.lower() != ".csv"]
    intake = Intake(store, outcome)
    rows = intake.rows(exports)
    units: Iterator[Unit | None] = chain(intake.files(others), rows)
    total, seen = len(others) + len(rows), 0
    work, worked = _FILE_COST * len(others) + sum(map(_cost, rows)), 0
    write = functools.partial(_write_unit, store, intake, encoder.fingerprint)
    with Ahead(store, encoder, means.tagger, write) as ahead:
        while batch := list(islice(units, _BATCH)):
            _read_batch(store, batch, intake, means, ahead)
            seen += len(batch)
            worked += sum(map(_cost, batch))
            # An archive counts as one file before it is opened and may yield many.
            progress(seen, max(total, seen), min(1.0, worked / work))
    outcome.seconds = time.monotonic() - began
    return outcome


def _cost(unit: Unit | None) -> int:
    """Return about how much work a unit is: its characters, since encoding is nearly all of it.

    Most rows of the exports hold no text at all; counted alike they would spoil the estimate of
    the time left. A file that was not read yet, or needs no reading, counts as a usual one.
    """
    if unit is None or unit.key.startswith("file:"):
        return _FILE_COST
    return 100 + max(sum(len(part.text) for part in draft.parts) for draft in unit.drafts)


def _rounds(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Part a batch so that each round tells of every document once.

    A digest and the file it digests may stand in one batch; the second must see the first.
    """
    left = list(units)
    while left:
        first: dict[str, Unit] = {}
        for unit in left:
            first.setdefault(unit.docno, unit)
        yield list(first.values())
        left = [unit for unit in left if first[unit.docno] is not unit]


def _read_batch(
    store: Store, batch: Sequence[Unit | None], intake: Intake, means: _Means, ahead: Ahead
) -> None:
    """Read what is new of a batch, and give it to the networks."""
    read = [unit for unit in batch if unit is not None]
    if ahead.knows(read):
        ahead.end()  # what a document says is told by the library and what comes now, together
    fresh = [unit for unit in read if not intake.unchanged(unit)]
    intake.outcome.unchanged += len(read) - len(fresh)
    for distinct in _rounds(fresh):
        if ahead.knows(distinct):
            ahead.end()
        _mark_begun(store, distinct, intake, means.encoder)
        documents = [composed(store, unit.docno, unit.drafts, means.count) for unit in distinct]
        ahead.add(distinct, documents)


def _mark_begun(store: Store, units: Iterable[Unit], intake: Intake, encoder: Encoder) -> None:
    """Say first that the batch is not finished, so that a killed run leaves a reason behind."""
    with store.db.atomic():
        if (meta.get(store.db, "model") or {}).get("fingerprint") != encoder.fingerprint:
            meta.put(store.db, "model", model_facts(encoder))
        for unit in units:
            entry = Entry(
                key=unit.key,
                source=unit.drafts[0].source,
                docno=intake.earlier_docno(unit.key),
                sha256=None,
                recipe=RECIPE,
                state="failed",
                reason="not_finished",
                detail=_INTERRUPTED,
            )
            ledger.record(store.db, entry)


def composed(
    store: Store, docno: str, drafts: Sequence[Draft], count: Callable[[str], int]
) -> Document:
    """Return a document as its sources, these drafts and its corrections make it.

    Whom its text only names stands among its parties; its passages have no themes yet.
    """
    said = {draft.origin: draft for draft in contributions(store.db, docno)}
    said |= {draft.origin: draft for draft in drafts}
    document = compose(
        [said[origin] for origin in Origin if origin in said],
        count=count,
        corrections={one.field: one.value for one in records.corrections(store.db, docno)},
    )
    named = (*document.parties, *mentions(document))
    return replace(document, parties=named)


def encoded_anew(store: Store, documents: Iterable[Document], encoder: Encoder) -> Encoded:
    """Return the vectors of those passages whose words the library has none for yet."""
    words = new_words(store, documents, encoder.fingerprint)
    return dict(zip(words, encoded(list(words.values()), encoder), strict=True))


def _write_unit(
    store: Store,
    intake: Intake,
    fingerprint: str,
    unit: Unit,
    document: Document,
    found: Encoded,
) -> None:
    """Write everything that one source ends in, in one transaction."""
    earlier = intake.earlier_docno(unit.key)
    with store.db.atomic():
        if earlier is not None and earlier != document.docno:
            withdraw(store.db, earlier, unit.key)
        for draft in unit.drafts:
            write_contribution(store.db, draft)
        write_whole(store, document, fingerprint, found)
        entry = Entry(
            key=unit.key,
            source=unit.drafts[0].source,
            docno=document.docno,
            sha256=unit.sha256,
            recipe=RECIPE,
            state="done",
        )
        ledger.record(store.db, entry)
        intake.written(entry)
    intake.outcome.done += 1
    intake.outcome.passages += len(document.passages)


def write_whole(store: Store, document: Document, fingerprint: str, found: Encoded) -> None:
    wanted = write_document(store.db, document, organisation_key=organisation_key)
    new = [one for one, _ in wanted if one in found]
    vectors.keep(store.db, new, [found[one] for one in new], fingerprint)
    tag_document(store, document.docno)


def complete_vectors(
    store: Store, encoder: Encoder, *, progress: Progress = lambda done, total, share: None
) -> int:
    """Encode passages that have no vector of this model (after a change of model); drop orphans."""
    left = vectors.unencoded(store.db, encoder.fingerprint)
    for at in range(0, len(left), 512):
        some = left[at : at + 512]
        found = encoder.encode([text for _, text in some])
        with store.db.atomic():
            vectors.keep(store.db, [one for one, _ in some], list(found), encoder.fingerprint)
        progress(at + len(some), len(left), (at + len(some)) / len(left))
    with store.db.atomic():
        vectors.drop_orphans(store.db)
    return len(left)
