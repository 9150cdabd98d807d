"""Building the FAISS index from the vectors in the library, and finding a right one to read."""

from dataclasses import dataclass

from index.vectors import VectorIndex
from kb.encoder import Encoder, model_facts
from kb.errors import IndexDamaged
from kb.store import Store, meta, vectors


@dataclass(frozen=True, slots=True)
class Opened:
    """An index that is right for the library as it stands; `notice` says if it had to be made."""

    index: VectorIndex
    generation: int
    notice: str | None = None


def build_index(store: Store, encoder: Encoder) -> int:
    """Write the index file of the library as it stands and record it; return its passages.

    Older files are removed once the new one is recorded.
    """
    ids, found = vectors.for_passages(store.db, encoder.fingerprint)
    index = VectorIndex.build(ids, found)
    store.home.index.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = index.save(store.home.index)
    with store.db.atomic():
        meta.put(store.db, "model", model_facts(encoder))
        meta.put(
            store.db,
            "index",
            {
                "sha256": digest,
                "fingerprint": encoder.fingerprint,
                "passages": len(ids),
                "generation": meta.generation(store.db),
            },
        )
    for file in store.home.index.iterdir():
        if file.name != f"{digest}.faiss":
            file.unlink()
    return len(ids)


def is_current(store: Store, fingerprint: str) -> bool:
    """Tell whether the recorded index is of this generation and model and its file is whole."""
    recorded = meta.get(store.db, "index")
    if not recorded or recorded["fingerprint"] != fingerprint:
        return False
    if recorded["generation"] != meta.generation(store.db):
        return False
    try:
        VectorIndex.load(store.home.index, recorded["sha256"])
    except IndexDamaged:
        return False
    return True


def open_index(store: Store, fingerprint: str) -> Opened:
    """Return an index that matches the library: the file if it is right, else made in memory.

    A missing, damaged or stale file is never trusted: the vectors in the database are. Raises
    `IndexDamaged` where they are all of another model.
    """
    generation = meta.generation(store.db)
    recorded = meta.get(store.db, "index")
    if recorded and recorded["fingerprint"] == fingerprint and recorded["generation"] == generation:
        try:
            return Opened(VectorIndex.load(store.home.index, recorded["sha256"]), generation)
        except IndexDamaged as error:
            notice = f"{error} It was made anew from the library; run 'pfdkb ingest' to mend it."
    else:
        notice = None
    ids, found = vectors.for_passages(store.db, fingerprint)
    read_with = meta.get(store.db, "model")
    if not len(ids) and read_with and read_with["fingerprint"] != fingerprint:
        raise IndexDamaged(
            f"The library was read with another model ({read_with['fingerprint']}). Run 'pfdkb "
            "ingest' with the present one, or name that one with PFDKB_MODEL."
        )
    return Opened(VectorIndex.build(ids, found), generation, notice)
