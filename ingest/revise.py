"""After reading: an editor's corrections, and links between near-identical reports."""

from collections.abc import Callable

from ingest.likeness import near_identical
from ingest.merge import check_correction
from ingest.pipeline import composed, encoded_anew, write_whole
from ingest.tag import CueTagger
from ingest.tagging import with_themes
from kb.documents import Document
from kb.encoder import Encoder
from kb.store import Store, meta, records
from kb.store.documents import concern_texts, read_document
from kb.tagging import Tagger


def correct(
    store: Store,
    correction: records.Correction,
    *,
    encoder: Encoder,
    count: Callable[[str], int],
    tagger: Tagger | None = None,
) -> Document:
    """Keep an editor's correction and compose the document anew; return it as it now stands.

    Raises `NotHeld` for an unknown document, `UsageError` for a field or value that cannot be.
    """
    read_document(store.db, correction.docno)
    check_correction(correction.field, correction.value)
    with store.db.atomic():
        records.write_correction(store.db, correction)
        read = composed(store, correction.docno, (), count)
        (document,) = with_themes([read], tagger or CueTagger())
        encoded = encoded_anew(store, [document], encoder)
        write_whole(store, document, encoder.fingerprint, encoded)
    return document


def link_near_identical(store: Store) -> int:
    """Link reports that say nearly the same, where they have changed; return how many pairs."""
    if meta.get(store.db, "likeness_generation") == meta.generation(store.db):
        return 0
    pairs = list(near_identical(concern_texts(store.db)))
    records.replace_likenesses(store.db, pairs)
    with store.db.atomic():
        meta.put(store.db, "likeness_generation", meta.generation(store.db))
    return len(pairs)
